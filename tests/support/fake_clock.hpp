#pragma once
// A clock that goes when the test says so. Any thread.

#include <atomic>
#include <chrono>

#include "traitsync/core/clock.hpp"

namespace traitsync::test {

class fake_clock final : public clock {
public:
    // 2026-05-01T00:00:00Z, and some hours after the machine's start.
    static constexpr std::int64_t first_wall = 1'777'593'600'000;
    explicit fake_clock(wall_time wall = from_millis(first_wall)) : wall_{to_millis(wall)} {}

    wall_time wall() const override { return from_millis(wall_); }
    steady_time steady() const override {
        return steady_time{} + std::chrono::hours{5} + std::chrono::milliseconds{steady_};
    }

    // Time goes by: both clocks.
    void advance(std::chrono::milliseconds by) {
        wall_ += by.count();
        steady_ += by.count();
    }
    // Somebody sets the wall clock, forwards or back; steady time does not notice.
    void set_wall(wall_time t) { wall_ = to_millis(t); }

private:
    std::atomic<std::int64_t> wall_;
    std::atomic<std::int64_t> steady_ = 0;
};

}  // namespace traitsync::test
