#include "scalars.hpp"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "traitsync/core/canonical_number.hpp"
#include "traitsync/core/clock.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {
namespace {

// More digits than any id or count has; keeps 1e999999999 from becoming a gigabyte.
constexpr std::size_t most_digits = 64;

}  // namespace

bool to_whole(std::string& out, std::string_view number) {
    out.clear();
    return append_plain_integer(out, number) && out.size() <= most_digits + (out.starts_with('-') ? 1 : 0);
}

bool is_blank(std::string_view s) {
    return s.find_first_not_of(std::string_view{" \t\n\v\f\r\0", 7}) == std::string_view::npos;
}

bool to_id(std::string& out, json::value const& v) {
    if (v.is_number()) return to_whole(out, v.text);
    if (!v.is_string() || is_blank(v.text)) return false;
    std::string buffer;
    out.assign(without_nul(v.text, buffer));
    return true;
}

std::optional<std::int64_t> to_millis(json::value const& v) {
    std::optional<wall_time> t;
    if (v.is_number()) {
        std::string digits;
        if (!to_whole(digits, v.text)) return std::nullopt;
        t = parse_time(digits);
    } else {
        t = parse_time(v.text);
    }
    if (!t) return std::nullopt;
    return traitsync::to_millis(*t);
}

bool is_address(std::string_view s) {
    std::array<char, INET6_ADDRSTRLEN + 1> text{};
    if (s.empty() || s.size() >= text.size() || std::memchr(s.data(), 0, s.size()) != nullptr) return false;
    std::memcpy(text.data(), s.data(), s.size());
    in6_addr parsed{};
    return inet_pton(s.find(':') == std::string_view::npos ? AF_INET : AF_INET6, text.data(), &parsed) == 1;
}

}  // namespace traitsync::profile
