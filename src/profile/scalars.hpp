#pragma once
// Ids, dates, whole numbers and addresses out of JSON values. Private to profile/.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/core/json.hpp"

namespace traitsync::profile {

// Replaces `out` by a whole number as decimal digits without exponent: 1.0 and 10e-1 are 1, -0 is 0. False,
// and `out` unspecified, when it is not whole or has more than 64 digits.
bool to_whole(std::string& out, std::string_view number);

// Replaces `out` by an id's text: a string that is not blank (U+0000 removed), or a whole number. False when
// it is none.
bool to_id(std::string& out, json::value const& v);

bool is_blank(std::string_view s);

// A date as Moesif writes it, in milliseconds since 1970; nothing when it is none.
std::optional<std::int64_t> to_millis(json::value const& v);

// An IPv4 or IPv6 address in its usual spelling.
bool is_address(std::string_view s);

}  // namespace traitsync::profile
