#pragma once
// Rules about text that many stations need. Letters are those of ASCII, whatever the locale. Pure; any thread.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace traitsync {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string ascii_lowered(std::string_view text) {
    std::string out{text};
    for (auto& c : out) c = ascii_lower(c);
    return out;
}

// Equal but for upper and lower case.
inline bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

// Without the blanks and tabs at both ends.
inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    auto const begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

struct utf8_character {
    std::size_t length;  // of the character, or of the maximal subpart that a replacement character stands for
    bool valid;
};

// What begins at `pos`, which is within the text. Unicode 15, table 3-7: which second bytes a leading byte allows; so
// there are no overlong forms, no surrogates and nothing beyond U+10FFFF.
inline utf8_character utf8_at(std::string_view text, std::size_t pos) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char const lead = byte(pos);
    std::size_t const length = lead >= 0xc2 && lead <= 0xdf   ? 2
                               : (lead & 0xf0) == 0xe0        ? 3
                               : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                              : 0;
    if (length == 0) return {1, lead < 0x80};
    unsigned char const low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char const high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (std::size_t i = 1; i < length; ++i) {
        if (pos + i >= text.size()) return {i, false};
        unsigned char const next = byte(pos + i);
        if (i == 1 ? next < low || next > high : (next & 0xc0) != 0x80) return {i, false};
    }
    return {length, true};
}

inline bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        auto const c = utf8_at(text, at);
        if (!c.valid) return false;
        at += c.length;
    }
    return true;
}

}  // namespace traitsync
