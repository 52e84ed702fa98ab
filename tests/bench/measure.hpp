#pragma once
// A running process between two points, as the kernel counted it.

#include <chrono>

#include "support/process.hpp"

namespace traitsync::bench {

struct measured {
    double items = 0;
    double wall = 0;  // seconds
    double cpu = 0;   // seconds of all threads, user and system
    long peak_kib = 0;
};

class stopwatch {
public:
    // From now on; the peak of memory too, which begins with what is in use now.
    explicit stopwatch(test::process const& of);
    // From the start of a process that is as old as this.
    stopwatch(test::process const& of, std::chrono::steady_clock::time_point started) : of_{of}, begun_{started} {}

    measured until_now(std::size_t items) const;

private:
    test::process const& of_;
    std::chrono::steady_clock::time_point begun_;
    std::chrono::nanoseconds cpu_before_{0};
};

}  // namespace traitsync::bench
