#pragma once
// "Did you mean": the known name that is closest to a misspelt one.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace traitsync::config {

// Upper and lower case, `_` and `-` count as no difference. Nothing when more than a third of the name (and
// more than one letter) would have to change. The first of equally near names.
std::optional<std::string> nearest(std::string_view name, std::span<std::string const> known);

// "; did you mean x?" or nothing.
std::string suggestion(std::string_view name, std::span<std::string const> known);

}  // namespace traitsync::config
