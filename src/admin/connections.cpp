#include "connections.hpp"

namespace traitsync::admin {

void connections::sweep(time_point now) {
    for (auto& e : entries_) {
        if (now < e.deadline) continue;
        if (e.late) {
            e.deadline = time_point::max();
            e.close();
        } else {
            e.late = true;
            // Time to say that it took too long.
            e.deadline = now + std::chrono::seconds{1};
            e.interrupt();
        }
    }
}

void connections::make_room() {
    entry* oldest = nullptr;
    for (auto& e : entries_) {
        if (e.headless && (oldest == nullptr || e.headless_since < oldest->headless_since)) oldest = &e;
    }
    if (oldest == nullptr) {
        // All are being answered: those who read slowest stand first, because they came first.
        for (auto& e : entries_) {
            if (!e.stream) {
                oldest = &e;
                break;
            }
        }
    }
    if (oldest == nullptr) oldest = &entries_.front();
    oldest->headless = false;
    oldest->late = true;
    oldest->deadline = time_point::max();
    oldest->close();
}

}  // namespace traitsync::admin
