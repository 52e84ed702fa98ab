// What a child uses, as the kernel counts it.
#include <time.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "support/process.hpp"

namespace traitsync::test {
namespace {

std::uint64_t status_kilobytes(pid_t pid, std::string_view name) {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size(), nullptr, 10);
    }
    return 0;
}

}  // namespace

std::uint64_t process::resident_bytes() const { return ended_ ? 0 : status_kilobytes(pid_, "VmRSS:") * 1024; }

std::uint64_t process::peak_resident_bytes() const { return ended_ ? 0 : status_kilobytes(pid_, "VmHWM:") * 1024; }

void process::forget_peak() const {
    std::ofstream file{"/proc/" + std::to_string(pid_) + "/clear_refs"};
    file << "5" << std::flush;  // the high-water mark alone
    if (!file) throw std::system_error{errno, std::generic_category(), "clear_refs"};
}

// Not from /proc/PID/stat, which counts in ticks of 10 ms.
std::chrono::nanoseconds process::cpu_time() const {
    if (ended_) return std::chrono::nanoseconds{0};
    clockid_t clock{};
    if (auto const wrong = ::clock_getcpuclockid(pid_, &clock); wrong != 0)
        throw std::system_error{wrong, std::generic_category(), "clock_getcpuclockid"};
    timespec used{};
    if (::clock_gettime(clock, &used) != 0) throw std::system_error{errno, std::generic_category(), "clock_gettime"};
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace traitsync::test
