#include "traitsync/delivery/batch_body.hpp"

#include <algorithm>
#include <utility>

namespace traitsync::delivery {

std::string batch_body(std::span<std::string_view const> messages, wall_time sent_at, std::string room) {
    // The foot up to its time, which it carries as a sample of the right length.
    static constexpr auto before_time = batch_foot.substr(0, batch_foot.rfind(":\"") + 2);
    std::size_t bytes = 0;
    for (auto const m : messages) bytes += m.size();
    auto body = std::move(room);
    body.clear();
    if (auto const size = batch_body_size(messages.size(), bytes); body.capacity() < size) {
        // Batches differ by little: the next one is to fit as well. What is not written takes no memory.
        body = {};
        body.reserve(std::max(size, limits::max_batch_bytes));
    }
    body += batch_head;
    bool first = true;
    for (auto const m : messages) {
        if (!first) body += ',';
        first = false;
        body += m;
    }
    body += before_time;
    body += to_rfc3339(sent_at);
    body += "\"}";
    return body;
}

}  // namespace traitsync::delivery
