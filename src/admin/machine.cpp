#include "machine.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "traitsync/store/database.hpp"

namespace traitsync::admin {
namespace {

std::int64_t page_bytes() { return ::sysconf(_SC_PAGESIZE); }

std::int64_t file_bytes(std::string const& path) {
    std::error_code absent;
    auto const size = std::filesystem::file_size(path, absent);
    return absent ? 0 : static_cast<std::int64_t>(size);
}

double start_time() {
    // Field 22 of /proc/self/stat, in clock ticks since the machine's start (proc(5)).
    std::ifstream stat{"/proc/self/stat"};
    std::string line;
    std::getline(stat, line);
    auto const after_name = line.rfind(')');
    if (after_name == std::string::npos) return 0;
    std::istringstream fields{line.substr(after_name + 1)};
    std::string field;
    for (int i = 3; i <= 22 && fields >> field; ++i) {
    }
    // Not /proc/uptime: a hardened service may see only its own folder of /proc.
    timespec boot{};
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    auto const uptime = static_cast<double>(boot.tv_sec) + static_cast<double>(boot.tv_nsec) / 1e9;
    auto const since = std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    auto const now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return now - uptime + since;
}

}  // namespace

std::int64_t resident_bytes() {
    std::int64_t size = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> size >> resident;
    return resident * page_bytes();
}

process_facts read_process_facts() {
    process_facts f;
    std::int64_t size = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> size >> resident;
    f.virtual_bytes = size * page_bytes();
    f.resident_bytes = resident * page_bytes();
    struct rusage used {};
    if (::getrusage(RUSAGE_SELF, &used) == 0) {
        auto const seconds = [](timeval const& t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
        };
        f.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    }
    std::error_code failed;
    for (auto const& entry : std::filesystem::directory_iterator{"/proc/self/fd", failed}) {
        static_cast<void>(entry);
        ++f.open_descriptors;
    }
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) f.most_descriptors = static_cast<std::int64_t>(limit.rlim_cur);
    static double const started = start_time();
    f.started = started;
    return f;
}

disk_facts read_disk_facts(std::string const& store_path) {
    disk_facts f;
    auto const file = store::real_path(store_path);
    f.store_bytes = file_bytes(file) + file_bytes(file + "-wal");
    f.free_bytes = store::free_bytes_beside(store_path).value_or(0);
    return f;
}

}  // namespace traitsync::admin
