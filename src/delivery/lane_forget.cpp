#include <algorithm>

#include "traitsync/delivery/lane.hpp"

namespace traitsync::delivery {

void lane::forget(std::vector<std::int64_t> const& rows) { forgotten_.insert(rows.begin(), rows.end()); }

// Rows may still come back from a request in flight or from an answer of the store that was on its way, so they are
// remembered until the process ends. A look at the lane costs less than one request.
void lane::sweep() {
    auto const is_forgotten = [this](item const& it) { return forgotten_.contains(it.message.row); };
    std::erase_if(pool_, [&](item const& it) {
        if (!is_forgotten(it)) return false;
        pool_bytes_ -= it.message.body.size() + 1;
        return true;
    });
    std::erase_if(waiting_, [&](batch& b) {
        std::erase_if(b.messages, is_forgotten);
        return b.messages.empty();
    });
    std::erase_if(suspects_, is_forgotten);
}

}  // namespace traitsync::delivery
