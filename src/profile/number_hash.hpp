#pragma once
// Numbers hash by their value, however they are written; value_hash.hpp says what a change needs. Private to profile/.

#include <cstdint>
#include <string_view>

namespace traitsync::profile {

// Hash of a number by its value: 1, 1.0 and 1e0 are the same.
std::uint64_t hash_number(std::string_view source);

}  // namespace traitsync::profile
