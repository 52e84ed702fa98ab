#pragma once
// Counts of durations by size, for metrics. A plain value; not shared between threads.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace traitsync::ops {

class histogram {
public:
    // Upper bounds in seconds; one more counter takes what is longer.
    static constexpr std::array<double, 12> bounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    void add(std::chrono::steady_clock::duration took) {
        auto const seconds = std::chrono::duration<double>(took).count();
        std::size_t i = 0;
        while (i < bounds.size() && seconds > bounds[i]) ++i;
        ++counts_[i];
        sum_ += seconds;
    }

    std::int64_t count_of(std::size_t bucket) const { return counts_[bucket]; }  // bucket bounds.size(): longer
    double sum() const { return sum_; }

private:
    std::array<std::int64_t, bounds.size() + 1> counts_{};
    double sum_ = 0;
};

}  // namespace traitsync::ops
