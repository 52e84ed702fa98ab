#include <algorithm>

#include "traitsync/delivery/lane.hpp"

namespace traitsync::delivery {

void lane::forget(std::vector<std::int64_t> const& rows) { forgotten_.insert(rows.begin(), rows.end()); }

bool lane::may_repeat(batch_number number) const {
    auto const found = in_flight_.find(number);
    return found != in_flight_.end() && std::ranges::none_of(found->second.messages, [this](item const& it) {
               return forgotten_.contains(it.message.row);
           });
}

void lane::clear() {
    if (!in_flight_.empty() || fetching_) throw broken_invariant{"lane: cleared while requests run"};
    pool_.clear();
    pool_bytes_ = 0;
    waiting_.clear();
    suspects_.clear();
    // What the old destination answered says nothing about the new one.
    outage_.over();
    trying_since_.reset();
    failing_since_.reset();
    if (blocked_) blocked_->next_try = {};  // until something is accepted, but not for a minute more
    throttle_until_ = {};
    throttles_ = refused_in_a_row_ = 0;
    sounding_ = sounding::none;
    may_have_more_ = true;
    topped_up_ = false;
}

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
    if (!is_failing()) failing_since_.reset();
}

}  // namespace traitsync::delivery
