#include <fmt/core.h>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>

#include "traitsync/core/text.hpp"
#include "traitsync/net/http.hpp"

namespace traitsync::net {
namespace {

std::string with_brackets(std::string const& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// 00080 is 80; nothing outside 1 to 65535.
std::optional<std::string> port_of(std::string_view text) {
    unsigned number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number == 0 || number > 65535) return std::nullopt;
    return std::to_string(number);
}

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    auto const l = ascii_lower(c);
    if (l >= 'a' && l <= 'f') return l - 'a' + 10;
    return std::nullopt;
}

// The address is not repeated: a password may stand anywhere in a text that could not be read.
error unusable(std::string_view why) {
    return {fault::invalid, fmt::format("the address is not usable: {}; expected https://host[:port][/path]", why)};
}

}  // namespace

std::string url::authority() const {
    auto const name = with_brackets(host);
    return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

std::string url::origin() const { return fmt::format("{}://{}:{}", tls ? "https" : "http", with_brackets(host), port); }

bool url::is_loopback() const {
    if (host == "localhost") return true;
    boost::system::error_code failed;
    auto const address = boost::asio::ip::make_address(host, failed);
    return !failed && address.is_loopback();
}

result<url> parse_url(std::string_view text) {
    // Boost.URL 1.81 reads 127.0.0.1.example as the host 127.0.0.1 with the path .example: a host that begins with a
    // digit gets a letter in front until it is read.
    std::string lettered{text};
    auto const host_at = text.find("://") == std::string_view::npos ? text.size() : text.find("://") + 3;
    bool const digit_first = host_at < text.size() && text[host_at] >= '0' && text[host_at] <= '9';
    if (digit_first) lettered.insert(host_at, 1, 'x');

    auto const parsed = boost::urls::parse_uri(boost::core::string_view{lettered.data(), lettered.size()});
    if (!parsed) return unusable("it is no URL");
    auto const& view = *parsed;
    auto const scheme = view.scheme_id();
    if (scheme != boost::urls::scheme::https && scheme != boost::urls::scheme::http) {
        return unusable("only https and http are known");
    }
    if (view.has_userinfo()) return unusable("it must not hold a user name or password");
    if (view.has_query() || view.has_fragment()) return unusable("it must end with its path, without ? and #");
    if (view.host_type() == boost::urls::host_type::ipvfuture) return unusable("the form of the host is not known");
    url u;
    u.tls = scheme == boost::urls::scheme::https;
    u.host = std::string{view.encoded_host_address()}.substr(digit_first ? 1 : 0);
    u.host = ascii_lowered(u.host);
    if (u.host.empty()) return unusable("the host is missing");
    if (u.host.find('%') != std::string::npos) return unusable("the host holds a percent sign");
    u.port = u.tls ? "443" : "80";
    if (view.has_port()) {
        auto const port = port_of(std::string_view{view.port().data(), view.port().size()});
        if (!port) return unusable("the port is none");
        u.port = *port;
    }
    u.path = std::string{view.encoded_path()};
    while (!u.path.empty() && u.path.back() == '/') u.path.pop_back();
    return u;
}

result<url> checked_url(std::string_view text, bool allow_insecure, std::string_view who) {
    auto parsed = parse_url(text);
    if (!parsed) {
        return error{fault::invalid, fmt::format("{}.url: {}", who, parsed.error().what)};
    }
    if (!parsed->tls && !parsed->is_loopback() && !allow_insecure) {
        return error{fault::invalid,
                     fmt::format("{}.url is plain http to another machine, readable on the way: use https, or "
                                 "set {}.allow_insecure = true",
                                 who, who)};
    }
    return parsed;
}

std::string encode_segment(std::string_view text) {
    constexpr char const* digits = "0123456789ABCDEF";
    bool const dots = text == "." || text == "..";  // as they stand they would name another folder
    std::string out;
    out.reserve(text.size());
    for (auto const c : text) {
        auto const u = static_cast<unsigned char>(c);
        auto const plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '-' ||
                           (u == '.' && !dots) || u == '_' || u == '~';
        if (plain) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[u >> 4]);
            out.push_back(digits[u & 15]);
        }
    }
    return out;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        auto const low = high ? hex_digit(text[i + 2]) : std::nullopt;
        if (!low) {
            out.push_back(text[i]);
            continue;
        }
        out.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
    }
    return out;
}

}  // namespace traitsync::net
