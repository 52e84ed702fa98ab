#pragma once
// Cuts text where a reader does not see half a character. Pure; any thread.

#include <cstddef>
#include <string_view>

namespace traitsync {

// The start of a UTF-8 text: at most so many bytes, whole characters (RFC 3629: their later bytes are 10xxxxxx).
inline std::string_view text_start(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
    return text.substr(0, most);
}

}  // namespace traitsync
