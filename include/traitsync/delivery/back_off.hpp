#pragma once
// How long delivery waits before the next attempt: `from` at first, and never less. Pure.

#include "traitsync/core/back_off.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {

inline std::chrono::milliseconds back_off(int failures, std::chrono::milliseconds from, random_source const& random) {
    return traitsync::back_off(failures, {.least = from, .first = from, .most = limits::max_back_off}, random);
}

}  // namespace traitsync::delivery
