#pragma once
// How long to wait before the next attempt: exponential with full jitter. The wait is drawn evenly between
// `from` and min(60 s, from × 2^(failures − 1)), so the first is `from` itself and none is shorter. Pure.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>

#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {

// Evenly in [0, 1); injected, so that tests decide.
using random_source = std::function<double()>;

inline std::chrono::milliseconds back_off(int failures, std::chrono::milliseconds from, random_source const& random) {
    auto ceiling = from;
    for (int i = 1; i < failures && ceiling < limits::max_back_off; ++i) ceiling *= 2;
    ceiling = std::max(from, std::min<std::chrono::milliseconds>(ceiling, limits::max_back_off));
    auto const drawn = static_cast<double>((ceiling - from).count()) * std::clamp(random(), 0.0, 1.0);
    return from + std::chrono::milliseconds{static_cast<std::int64_t>(drawn)};
}

}  // namespace traitsync::delivery
