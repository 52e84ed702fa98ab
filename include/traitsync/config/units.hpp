#pragma once
// How durations and sizes are written: in the configuration, the environment and on the command line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace traitsync::config {

// One or more whole numbers with a unit of d, h, m, s, ms, largest unit first: 60s, 1h30m, 500ms; or 0.
// Nothing for anything else and for more than 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// A whole number of bytes, or with KiB, MiB, GiB, TiB (1,024) or kB, MB, GB, TB (1,000), or B.
std::optional<std::int64_t> parse_size(std::string_view text);

// Short and exact, in the largest unit of which there are two or more: 24h, 60s, 1500ms; 0.
std::string format_duration(std::chrono::milliseconds value);

// 1GiB, 256MiB, 1000 (bytes): the largest binary unit that is exact.
std::string format_size(std::int64_t bytes);

}  // namespace traitsync::config
