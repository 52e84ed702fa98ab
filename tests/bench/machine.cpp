#include <fmt/core.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include <fstream>
#include <thread>

#include "report.hpp"

namespace traitsync::bench {
namespace {

// What stands behind the colon of the first line that begins so.
std::string line_of(char const* file, std::string const& name) {
    std::ifstream lines{file};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(name)) continue;
        auto const at = line.find_first_not_of(" \t", line.find(':') + 1);
        return at == std::string::npos ? std::string{} : line.substr(at);
    }
    return "unknown";
}

std::string file_system(std::string const& folder) {
    struct statfs fs {};
    if (::statfs(folder.c_str(), &fs) != 0) return "an unknown file system";
    switch (fs.f_type) {
        case 0xEF53:
            return "ext4";
        case 0x58465342:
            return "xfs";
        case 0x9123683E:
            return "btrfs";
        case 0x01021994:
            return "memory (tmpfs)";
        case 0x794c7630:
            return "overlayfs";
        default:
            return fmt::format("file system {:#x}", static_cast<unsigned long>(fs.f_type));
    }
}

}  // namespace

std::string machine(std::string const& folder) {
    utsname system{};
    ::uname(&system);
    auto const kib = std::stoull("0" + line_of("/proc/meminfo", "MemTotal"));
    std::string release = system.release;
    return fmt::format(
        "{}, {} processors, {} GiB of memory, {}{}, Linux {}", line_of("/proc/cpuinfo", "model name"),
        std::thread::hardware_concurrency(), (kib + 524288) >> 20, file_system(folder),
        line_of("/proc/cpuinfo", "flags").find(" hypervisor") == std::string::npos ? "" : " on a virtual disk",
        release.substr(0, release.find('-')));
}

}  // namespace traitsync::bench
