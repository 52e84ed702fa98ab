#pragma once
// What a token may look like, wherever it comes from.

#include <cstddef>
#include <optional>
#include <string_view>

namespace traitsync::config {

// Why no header of HTTP could carry it, to stand behind its name ("holds a blank"); nothing where one can.
std::optional<std::string_view> unusable_token(std::string_view text);

// One with fewer characters can be guessed.
inline constexpr std::size_t short_token = 16;

}  // namespace traitsync::config
