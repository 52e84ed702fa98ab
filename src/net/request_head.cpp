#include "request_head.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "traitsync/core/text.hpp"

namespace traitsync::net {
namespace {

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    auto const fits = [&](char c) {
        return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, fits);
}

// A header's value: no line end and no other control character.
bool is_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

bool is_target(std::string_view text) {
    return text.starts_with('/') && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool ours(std::string_view name) {
    return same_word(name, "Host") || same_word(name, "Content-Length") || same_word(name, "Connection");
}

}  // namespace

result<std::string> request_head(request const& r, url const& origin, std::string const& user_agent) {
    if (!is_token(r.method)) return error{fault::invalid, "the request has no valid method"};
    // "/" and what the origin's path already holds is the caller's business; an empty target is the root.
    auto const target = r.target.empty() ? std::string_view{"/"} : std::string_view{r.target};
    if (!is_target(target)) return error{fault::invalid, "the request has no valid path"};
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", r.method, target, origin.authority());
    bool names_agent = user_agent.empty(), names_encoding = false;
    for (auto const& [name, value] : r.headers) {
        if (!is_token(name) || !is_value(value)) {
            return error{fault::invalid, fmt::format("the header {} cannot be sent: it holds a control character",
                                                     is_token(name) ? std::string_view{name} : "without a valid name")};
        }
        if (ours(name)) continue;
        names_agent = names_agent || same_word(name, "User-Agent");
        names_encoding = names_encoding || same_word(name, "Accept-Encoding");
        text += fmt::format("{}: {}\r\n", name, value);
    }
    if (!names_agent) text += fmt::format("User-Agent: {}\r\n", user_agent);
    if (!names_encoding) text += "Accept-Encoding: gzip, deflate\r\n";
    auto const usually_has_one = r.method == "POST" || r.method == "PUT" || r.method == "PATCH";
    auto const size = r.body ? r.body->size() : 0;
    if (r.body || usually_has_one) text += fmt::format("Content-Length: {}\r\n", size);
    text += "\r\n";
    return text;
}

}  // namespace traitsync::net
