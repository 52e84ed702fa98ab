#pragma once
// A number of bytes as people read it: "73.3 GiB".

#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace traitsync {

inline std::string bytes_text(std::int64_t n) {
    constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    auto size = static_cast<double>(n);
    std::size_t unit = 0;
    while (size >= 1024 && unit + 1 < units.size()) {
        size /= 1024;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", n) : fmt::format("{:.1f} {}", size, units[unit]);
}

}  // namespace traitsync
