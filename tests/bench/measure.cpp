#include "measure.hpp"

namespace traitsync::bench {
namespace {

using seconds = std::chrono::duration<double>;

}  // namespace

stopwatch::stopwatch(test::process const& of) : of_{of} {
    of_.forget_peak();
    cpu_before_ = of_.cpu_time();
    begun_ = std::chrono::steady_clock::now();
}

measured stopwatch::until_now(std::size_t items) const {
    measured m;
    m.cpu = seconds{of_.cpu_time() - cpu_before_}.count();
    m.wall = seconds{std::chrono::steady_clock::now() - begun_}.count();
    m.items = static_cast<double>(items);
    m.peak_kib = static_cast<long>(of_.peak_resident_bytes() / 1024);
    return m;
}

}  // namespace traitsync::bench
