#pragma once
// base64 of Basic authentication.

#include <optional>
#include <string>
#include <string_view>

namespace traitsync::demo {

// Strict: the standard alphabet, padded, nothing else. Nothing for other text.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace traitsync::demo
