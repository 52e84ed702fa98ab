#include "traitsync/ops/escape.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "traitsync/core/text.hpp"

namespace traitsync::ops {
namespace {

struct character {
    std::string_view bytes;
    char32_t code = 0;
    bool valid = true;  // else `bytes` is one byte that is not UTF-8
};

// The first character of a text that is not empty.
character first_of(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return {text.substr(0, 1), lead};
    auto const [length, valid] = utf8_at(text, 0);
    if (!valid) return {text.substr(0, 1), lead, false};
    char32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    return {text.substr(0, length), code};
}

// Whether a terminal or a reader of lines could take it for more than a letter.
bool steers(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c || c == 0xfeff;
}

void append_escaped(std::string& out, std::string_view text, bool quoted) {
    while (!text.empty()) {
        auto const c = first_of(text);
        text.remove_prefix(c.bytes.size());
        if (!c.valid) {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(c.code));
        } else if (c.code == '\n') {
            out += "\\n";
        } else if (c.code == '\r') {
            out += "\\r";
        } else if (c.code == '\t') {
            out += "\\t";
        } else if (c.code == '\\') {
            out += "\\\\";
        } else if (c.code == '"' && quoted) {
            out += "\\\"";
        } else if (steers(c.code)) {
            auto const code = static_cast<std::uint32_t>(c.code);
            if (code < 0x80) {
                fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
            } else {
                fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", code);
            }
        } else {
            out += c.bytes;
        }
    }
}

}  // namespace

void append_plain(std::string& out, std::string_view text) { append_escaped(out, text, false); }

void append_in_quotes(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text, true);
    out += '"';
}

void append_json(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        auto const c = first_of(text);
        text.remove_prefix(c.bytes.size());
        if (!c.valid) {
            out += "\xef\xbf\xbd";
        } else if (c.code == '"' || c.code == '\\') {
            out += '\\';
            out += c.bytes;
        } else if (c.code == '\n') {
            out += "\\n";
        } else if (steers(c.code)) {  // all of them lie below U+10000
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(c.code));
        } else {
            out += c.bytes;
        }
    }
    out += '"';
}

std::string plain(std::string_view text) {
    std::string out;
    append_plain(out, text);
    return out;
}

}  // namespace traitsync::ops
