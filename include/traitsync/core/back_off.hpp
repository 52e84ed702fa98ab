#pragma once
// How long to wait before the next attempt: exponential with jitter. Pure; the random source is passed in.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>

namespace traitsync {

// Evenly in [0, 1); injected, so that tests decide.
using random_source = std::function<double()>;

// The wait is drawn evenly between `least` and a ceiling: `first` at the first failure, doubled at each further one,
// and never above `most`.
struct back_off_bounds {
    std::chrono::milliseconds least, first, most;
};

inline std::chrono::milliseconds back_off(int failures, back_off_bounds const& b, random_source const& random) {
    auto ceiling = b.first;
    for (int i = 1; i < failures && ceiling < b.most; ++i) ceiling *= 2;
    ceiling = std::max(b.first, std::min(ceiling, b.most));
    auto const drawn = static_cast<double>((ceiling - b.least).count()) * std::clamp(random(), 0.0, 1.0);
    return b.least + std::chrono::milliseconds{static_cast<std::int64_t>(drawn)};
}

}  // namespace traitsync
