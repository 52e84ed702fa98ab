#pragma once
// A token bucket in time: messages leave at `rate` a second, at most `burst` at once, so in any window of w
// seconds at most burst + rate × w messages are sent. Pure: the time is passed in.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "traitsync/core/clock.hpp"

namespace traitsync::delivery {

class rate_gate {
public:
    // A rate of 0 lets everything pass. The bucket is full at the start.
    rate_gate(int rate, int burst)
        : cost_{rate == 0 ? 0 : (1'000'000'000 + rate - 1) / rate}, depth_{cost_ * std::max(burst, 1)} {}

    // When `messages` may be sent; `now` or before when they may go at once. More than the burst go when it is full.
    steady_time open_at(std::size_t messages) const {
        return spent_until_ + std::min(cost_ * static_cast<std::int64_t>(messages), depth_) - depth_;
    }

    void take(std::size_t messages, steady_time now) {
        spent_until_ = std::max(spent_until_, now) + cost_ * static_cast<std::int64_t>(messages);
    }

private:
    std::chrono::nanoseconds cost_;  // of one message, rounded up so that the rate is never exceeded
    std::chrono::nanoseconds depth_;
    steady_time spent_until_{};  // when the bucket is full again
};

}  // namespace traitsync::delivery
