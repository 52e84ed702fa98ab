// What others see of the lane.
#include <algorithm>

#include "traitsync/delivery/lane.hpp"

namespace traitsync::delivery {

// Beside the suspects.
bool lane::has_other_work() const { return !pool_.empty() || !waiting_.empty() || !in_flight_.empty(); }

bool lane::is_failing() const {
    auto const fails = [](batch const& b) { return b.failures > 0; };
    return ((throttles_ > 0 || outage_.active()) && has_other_work()) || std::ranges::any_of(waiting_, fails) ||
           std::ranges::any_of(in_flight_, [&](auto const& entry) { return fails(entry.second); });
}

lane_status lane::status() const {
    lane_status s{.last_error = last_error_, .last_accepted = last_accepted_, .suspects = suspects_.size()};
    auto const waits = in_flight_.empty();
    if (blocked_) {
        s.state = lane_state::blocked;
        s.blocked = blocked_->reason;
        s.detail = blocked_->detail;
        s.since = blocked_->since;
        // At once is no time, and while it is paused nothing is tried.
        if (waits && !paused_ && blocked_->next_try != steady_time{})
            s.retry_at = std::max(blocked_->next_try, throttle_until_);
    } else if (paused_) {
        s.state = lane_state::paused;
    } else if (is_failing()) {
        s.state = lane_state::retrying;
        s.since = failing_since_;
        auto const due = std::ranges::min_element(waiting_, {}, &batch::due);
        if (outage_.active()) {
            if (waits) s.retry_at = std::max(outage_.until(), throttle_until_);
        } else if (due != waiting_.end()) {
            s.retry_at = std::max(due->due, throttle_until_);
        }
    } else if (has_other_work() || !suspects_.empty()) {
        s.state = lane_state::delivering;
    }
    return s;
}

}  // namespace traitsync::delivery
