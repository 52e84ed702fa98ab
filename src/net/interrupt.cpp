#include "interrupt.hpp"

#include <utility>

namespace traitsync::net {

void interrupt::arm(steady_time until) {
    timer_.expires_at(until);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code const& cancelled) {
        auto const self = weak.lock();
        // A wait that had ended before it could be replaced comes too, without an error.
        if (!self || cancelled || std::chrono::steady_clock::now() < self->timer_.expiry()) return;
        self->fire(cause::late);
    });
}

void interrupt::aim(std::function<void()> act) {
    act_ = fired() ? nullptr : act;
    if (fired() && act) act();
}

void interrupt::fire(cause why) {
    if (fired()) return;
    why_ = why;
    if (auto const act = std::exchange(act_, nullptr)) act();
}

void interrupt::disarm() {
    act_ = nullptr;
    timer_.cancel();
}

}  // namespace traitsync::net
