#pragma once
// Strings and keys into JSON text with one append where nothing needs an escape, which is nearly always: this is
// the largest part of mapping a document. Private to profile/.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "traitsync/core/json.hpp"

namespace traitsync::profile {

// True when no byte needs an escape; so none is U+0000 either.
inline bool is_plain_text(std::string_view s) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    auto const clean = [](std::uint64_t w) {
        auto const quote = w ^ (ones * '"');
        auto const slash = w ^ (ones * '\\');
        return ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & highs) == 0;
    };
    auto const* at = s.data();
    auto left = s.size();
    std::uint64_t word = 0;
    for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        std::memcpy(&word, at, sizeof word);
        if (!clean(word)) return false;
    }
    word = ones * ' ';
    if (left > 0) std::memcpy(&word, at, left);
    return clean(word);
}

// `s`, which is plain text, with quotes; `before` in front and `after` behind where they are not 0.
inline void append_plain_text(std::string& out, std::string_view s, char before = 0, char after = 0) {
    auto const start = out.size();
    out.resize(start + s.size() + 2 + (before != 0 ? 1 : 0) + (after != 0 ? 1 : 0));
    auto* to = out.data() + start;
    if (before != 0) *to++ = before;
    *to++ = '"';
    if (!s.empty()) std::memcpy(to, s.data(), s.size());
    to += s.size();
    *to++ = '"';
    if (after != 0) *to = after;
}

inline void append_quoted(std::string& out, std::string_view s) {
    if (is_plain_text(s)) {
        append_plain_text(out, s);
    } else {
        json::append_quoted(out, s);
    }
}

// "key": with a comma in front unless it is the first.
inline void append_key(std::string& out, std::string_view key, bool first) {
    if (is_plain_text(key)) return append_plain_text(out, key, first ? '\0' : ',', ':');
    if (!first) out.push_back(',');
    json::append_quoted(out, key);
    out.push_back(':');
}

}  // namespace traitsync::profile
