#pragma once
// The outer members of an object that nobody parses whole. Pure; any thread.

#include <functional>
#include <string_view>

namespace traitsync::json {

// In their order: key (decoded, valid within the call) and bytes of the value. Ends early where the text is no JSON;
// what is no object has none. Only the structure of values is looked at, so any depth.
void each_member(std::string_view object,
                 std::function<void(std::string_view key, std::string_view value)> const& visit);

}  // namespace traitsync::json
