#include "support/script.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace traitsync::test {
namespace {

bool same(std::string_view a, std::string_view b) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string chunked(std::string_view body) {
    constexpr std::size_t chunk = 1000;
    std::string out;
    while (!body.empty()) {
        auto const piece = body.substr(0, chunk);
        out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
        body.remove_prefix(piece.size());
    }
    return out + "0\r\n\r\n";
}

}  // namespace

std::string wire_text(scripted_answer const& a) {
    if (a.mute) return {};
    if (a.raw) return *a.raw;
    auto body = encoded(a.body, a.encoding);
    auto text = fmt::format("{}HTTP/1.1 {} Scripted\r\n", a.in_front, a.status);
    for (auto const& [name, value] : a.headers) text += fmt::format("{}: {}\r\n", name, value);
    if (a.encoding != encoding::none) {
        text += fmt::format("Content-Encoding: {}\r\n", a.encoding == encoding::gzip ? "gzip" : "deflate");
    }
    switch (a.framing) {
        case framing::length:
            if (a.status != 204 && a.status != 304) text += fmt::format("Content-Length: {}\r\n", body.size());
            break;
        case framing::chunked:
            text += "Transfer-Encoding: chunked\r\n";
            body = chunked(body);
            break;
        case framing::until_close:
            text += "Connection: close\r\n";
            break;
    }
    return text + "\r\n" + body.substr(0, a.body_bytes.value_or(body.size()));
}

std::string seen_request::header(std::string_view name) const {
    auto const found = std::ranges::find_if(headers, [&](auto const& h) { return same(h.first, name); });
    return found == headers.end() ? std::string{} : found->second;
}

bool seen_request::has_header(std::string_view name) const {
    return std::ranges::any_of(headers, [&](auto const& h) { return same(h.first, name); });
}

}  // namespace traitsync::test
