#include "traitsync/delivery/batch_body.hpp"

namespace traitsync::delivery {

std::string batch_body(std::span<std::string_view const> messages, wall_time sent_at) {
    // The foot up to its time, which it carries as a sample of the right length.
    static constexpr auto before_time = batch_foot.substr(0, batch_foot.rfind(":\"") + 2);
    std::size_t bytes = 0;
    for (auto const m : messages) bytes += m.size();
    std::string body;
    body.reserve(batch_body_size(messages.size(), bytes));
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
