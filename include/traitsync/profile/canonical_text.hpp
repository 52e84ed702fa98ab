#pragma once
// One text for each meaning: members in byte order of their keys, strings with only the escapes that JSON
// demands, whole numbers of up to 64 digits plain (1e2 is 100), other numbers in their shortest form (0.50 is 0.5).
// What the policy `hash` makes digests of: whoever holds the values can make the same ones, by RFC 8785 (which differs
// for whole numbers beyond 2^53 and for the order of keys beyond U+FFFF).

#include <string>

#include "traitsync/core/json.hpp"

namespace traitsync::profile {

// Of the value as it is sent: U+0000 removed, numbers beyond double range left out (null inside an array).
// Empty when nothing is left. The text of a canonical text is itself.
std::string canonical_text(json::value const& v);

}  // namespace traitsync::profile
