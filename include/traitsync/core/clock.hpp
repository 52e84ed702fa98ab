#pragma once
// Wall time and steady time as an interface, so that tests drive both. Wall time may jump either way:
// use it for what others see; use steady time for every wait.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace traitsync {

// Milliseconds since 1970-01-01T00:00:00Z: the resolution of everything we store and send.
using wall_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using steady_time = std::chrono::steady_clock::time_point;

class clock {
public:
    virtual ~clock() = default;
    virtual wall_time wall() const = 0;
    virtual steady_time steady() const = 0;
};

// The machine's own clocks.
clock const& system_clock();

// Years of four digits: what RFC 3339 can say.
inline constexpr std::int64_t first_millis = -62'167'219'200'000;  // 0000-01-01T00:00:00.000Z
inline constexpr std::int64_t last_millis = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

inline std::int64_t to_millis(wall_time t) { return t.time_since_epoch().count(); }
inline wall_time from_millis(std::int64_t ms) { return wall_time{std::chrono::milliseconds{ms}}; }

// 2026-05-02T10:00:00.000Z: RFC 3339, UTC, always three fraction digits.
std::string to_rfc3339(wall_time t);

// What Moesif and operators write: date-time with 0 to 9 fraction digits (extra digits truncated, not
// rounded), `T` or space, zone `Z`, ±hh:mm, ±hhmm, ±hh or none (none is UTC), a date alone, a leap second
// (:60 becomes :59.999), epoch seconds (below 10^11) or milliseconds as digits. Nothing for anything else.
std::optional<wall_time> parse_time(std::string_view text);

}  // namespace traitsync
