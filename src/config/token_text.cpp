#include "traitsync/config/token_text.hpp"

namespace traitsync::config {

// Line breaks and blanks come from copying.
std::optional<std::string_view> unusable_token(std::string_view text) {
    for (char c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '\n' || c == '\r') return "holds a line break";
        if (c == ' ' || c == '\t') return "holds a blank";
        if (code < 0x20 || code >= 0x7f) return "holds a character that no token has";
    }
    return std::nullopt;
}

}  // namespace traitsync::config
