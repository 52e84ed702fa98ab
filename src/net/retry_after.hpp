#pragma once
// How long an answer asks to wait. Private to net/.

#include <chrono>
#include <optional>
#include <string_view>

#include "traitsync/core/clock.hpp"

namespace traitsync::net {

// An HTTP date in its three forms (RFC 9110, section 5.6.7): Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94
// 08:49:37 GMT; Sun Nov  6 08:49:37 1994. The name of the day is not checked. `now` places years of two digits.
std::optional<wall_time> parse_http_date(std::string_view text, wall_time now);

// Whole seconds (a fraction is rounded up), or an HTTP date as seconds from `now`; a date gone by is 0. Nothing for
// anything else; at most ten million seconds.
std::optional<std::chrono::seconds> retry_after_of(std::string_view text, wall_time now);

}  // namespace traitsync::net
