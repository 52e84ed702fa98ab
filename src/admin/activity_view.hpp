#pragma once
// What was done over the last hour or day, in steps. Private to admin/.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/store/reader.hpp"

namespace traitsync::admin {

std::vector<std::string> activity_spans();

// `over`: one of the above.
std::string activity_json(store::reader& r, std::string_view over, std::int64_t now_millis);

}  // namespace traitsync::admin
