#include "url_text.hpp"

#include <charconv>

#include "traitsync/core/text.hpp"

namespace traitsync::admin {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

constexpr char separator = '.';

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            if (i + 2 >= text.size()) return std::nullopt;
            auto const high = hex_value(text[i + 1]);
            auto const low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::vector<std::string_view> path_segments(std::string_view path) {
    std::vector<std::string_view> list;
    if (path.empty() || path == "/") return list;
    path.remove_prefix(1);
    for (;;) {
        auto const slash = path.find('/');
        list.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return list;
        path.remove_prefix(slash + 1);
    }
}

std::optional<target> parse_target(std::string_view text) {
    if (text.empty() || text.front() != '/') return std::nullopt;
    target out;
    auto const mark = text.find('?');
    out.path = text.substr(0, mark);
    if (mark == std::string_view::npos) return out;
    auto rest = text.substr(mark + 1);
    while (!rest.empty()) {
        auto const amp = rest.find('&');
        auto const pair = rest.substr(0, amp);
        rest = amp == std::string_view::npos ? std::string_view{} : rest.substr(amp + 1);
        if (pair.empty()) continue;
        auto const equals = pair.find('=');
        auto name = percent_decoded(pair.substr(0, equals), true);
        auto value =
            percent_decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value || out.query.contains(*name)) return std::nullopt;
        out.query.emplace(std::move(*name), std::move(*value));
    }
    return out;
}

// Hex needs no escaping anywhere, and a separator cannot be mistaken for a text's own.
std::string cursor_of(std::vector<std::string> const& parts) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += separator;
        for (char const c : parts[i]) {
            auto const byte = static_cast<unsigned char>(c);
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::optional<std::vector<std::string>> parse_cursor(std::string_view text, std::size_t parts) {
    std::vector<std::string> list(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == separator) {
            list.emplace_back();
            continue;
        }
        auto const high = hex_value(text[i]);
        auto const low = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
        if (high < 0 || low < 0) return std::nullopt;
        list.back() += static_cast<char>(high * 16 + low);
        ++i;
    }
    if (list.size() != parts) return std::nullopt;
    return list;
}

std::string cursor_of(numbered list, std::int64_t number) {
    return cursor_of({std::string(1, static_cast<char>(list)), std::to_string(number)});
}

std::optional<std::int64_t> place_in(numbered list, std::string_view cursor) {
    if (cursor.empty()) return 0;
    auto const parts = parse_cursor(cursor, 2);
    if (!parts || parts->front() != std::string(1, static_cast<char>(list))) return std::nullopt;
    auto const& digits = parts->back();
    std::int64_t n = 0;
    auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (failed != std::errc{} || end != digits.data() + digits.size() || n <= 0) return std::nullopt;
    return n;
}

}  // namespace traitsync::admin
