#include "traitsync/net/proxy.hpp"

#include <fmt/core.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "traitsync/core/sha256.hpp"
#include "traitsync/core/text.hpp"

namespace traitsync::net {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> address_of(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    boost::system::error_code failed;
    auto const address = ip::make_address(std::string{text}, failed);
    if (failed) return std::nullopt;
    return address;
}

bool is_port(std::string_view text) {
    unsigned number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size() && number > 0 && number <= 65535;
}

// "address/bits": whether the address is one of the network.
bool in_network(std::string_view network, ip::address const& host) {
    boost::system::error_code failed;
    if (host.is_v4()) {
        auto const net = ip::make_network_v4(std::string{network}, failed);
        if (failed) return false;
        return ip::network_v4{host.to_v4(), net.prefix_length()}.canonical() == net.canonical();
    }
    auto const net = ip::make_network_v6(std::string{network}, failed);
    if (failed) return false;
    return ip::network_v6{host.to_v6(), net.prefix_length()}.canonical() == net.canonical();
}

// One entry of the list, lower case and not empty.
bool matches(std::string_view entry, std::string_view host, std::optional<ip::address> const& address,
             std::string_view port) {
    if (entry == "*") return true;
    if (auto const slash = entry.find('/'); slash != std::string_view::npos) {
        auto const colon = entry.find(':', slash);
        if (colon != std::string_view::npos && entry.substr(colon + 1) != port) return false;
        return address && in_network(entry.substr(0, colon), *address);
    }
    // A port behind a name, an IPv4 address or brackets; a bare IPv6 address has none.
    auto const colon = entry.rfind(':');
    auto const bare_six = !entry.starts_with('[') && std::ranges::count(entry, ':') > 1;
    if (colon != std::string_view::npos && !bare_six && !entry.ends_with(']')) {
        if (entry.substr(colon + 1) != port) return false;
        entry = entry.substr(0, colon);
    }
    if (address) return address_of(entry) == address;
    if (entry.starts_with("*.")) entry.remove_prefix(1);
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry.ends_with('.')) entry.remove_suffix(1);
    if (entry.empty() || !host.ends_with(entry)) return false;
    return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

error unusable(std::string_view name, std::string_view why) {
    return {fault::invalid, fmt::format("{} is not usable: {}; expected http://[user:password@]host:port", name, why)};
}

result<std::optional<proxy>> parsed(std::string_view text, std::string_view name) {
    if (auto const at = text.find("://"); at != std::string_view::npos) {
        auto const scheme = ascii_lowered(text.substr(0, at));
        if (scheme != "http") {
            return unusable(name, "only proxies spoken to by http are known, which carry https inside a tunnel");
        }
        text.remove_prefix(at + 3);
    }
    auto const end = text.find_first_of("/?#");
    if (end != std::string_view::npos && text.find('@', end) != std::string_view::npos) {
        // What follows would be cut off, and the beginning of a password be taken for a port and told.
        return unusable(name, "a /, ? or # in a user or password is written as %2F, %3F or %23");
    }
    text = text.substr(0, end);
    proxy p;
    if (auto const at = text.rfind('@'); at != std::string_view::npos) {
        auto const user = text.substr(0, at);
        auto const colon = user.find(':');
        auto const password = colon == std::string_view::npos ? std::string_view{} : user.substr(colon + 1);
        p.credentials = base64(percent_decoded(user.substr(0, colon)) + ":" + percent_decoded(password));
        text.remove_prefix(at + 1);
    }
    p.port = "80";
    auto const colon = text.rfind(':');
    if (colon != std::string_view::npos && !text.ends_with(']')) {
        p.port = std::string{text.substr(colon + 1)};
        text = text.substr(0, colon);
    }
    if (!is_port(p.port)) return unusable(name, "the port is none");
    bool const bracketed = text.starts_with('[') && text.ends_with(']');
    if (bracketed) text = text.substr(1, text.size() - 2);
    p.host = ascii_lowered(text);
    auto const fits = [](char c) {
        return ascii_lower(c) != c || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_';
    };
    if (bracketed ? !address_of(p.host) : p.host.empty() || !std::ranges::all_of(p.host, fits)) {
        return unusable(name, "the host is missing or not valid");
    }
    return std::optional{std::move(p)};
}

}  // namespace

std::string proxy::authority() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

std::string process_environment(char const* name) {
    auto const* const value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

bool in_no_proxy(std::string_view list, std::string_view host, std::string_view port) {
    auto name = ascii_lowered(host);
    if (name.ends_with('.')) name.pop_back();
    auto const address = address_of(name);
    auto const all = ascii_lowered(list);
    std::string_view rest{all};
    constexpr std::string_view gaps = ", \t";
    for (;;) {
        rest.remove_prefix(std::min(rest.find_first_not_of(gaps), rest.size()));
        if (rest.empty()) return false;
        auto const entry = rest.substr(0, rest.find_first_of(gaps));
        if (matches(entry, name, address, port)) return true;
        rest.remove_prefix(entry.size());
    }
}

result<std::optional<proxy>> proxy_for(url const& origin, environment const& value_of) {
    if (!origin.tls) return std::optional<proxy>{};
    auto no_proxy = value_of("no_proxy");
    if (no_proxy.empty()) no_proxy = value_of("NO_PROXY");
    if (in_no_proxy(no_proxy, origin.host, origin.port)) return std::optional<proxy>{};
    // The lower-case name counts first, as for other programs.
    for (auto const* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        auto const text = value_of(name);
        if (!text.empty()) return parsed(text, name);
    }
    return std::optional<proxy>{};
}

}  // namespace traitsync::net
