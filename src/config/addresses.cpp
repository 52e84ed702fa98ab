#include "addresses.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "traitsync/core/text.hpp"

namespace traitsync::config {
namespace {

constexpr std::size_t largest_pem_file = 1 << 20;
constexpr std::size_t longest_socket_path = 107;  // sockaddr_un::sun_path without its zero byte

struct address {
    bool tls = false;
    std::string host;
    std::string path;
};

bool is_ipv4(std::string const& host) {
    in_addr a{};
    return ::inet_pton(AF_INET, host.c_str(), &a) == 1;
}

bool is_ipv6(std::string const& host) {
    in6_addr a{};
    return ::inet_pton(AF_INET6, host.c_str(), &a) == 1;
}

bool is_loopback(std::string const& host) {
    in6_addr a{};
    bool const six = ::inet_pton(AF_INET6, host.c_str(), &a) == 1 && IN6_IS_ADDR_LOOPBACK(&a);
    return host == "localhost" || six || (is_ipv4(host) && host.starts_with("127."));
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// RFC 3986: what a path may hold, percent-encoded where it is anything else.
bool is_path(std::string_view text) {
    constexpr std::string_view marks = "-._~!$&'()*+,;=:@/";
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) continue;
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && marks.find(c) == std::string_view::npos) return false;
    }
    return true;
}

bool is_host_name(std::string const& host) {
    auto const letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    };
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, letter) && host.front() != '.' &&
           host.find("..") == std::string::npos;
}

std::optional<int> port_of(std::string_view text) {
    int value = 0;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size() || value < 0 || value > 65535)
        return std::nullopt;
    return value;
}

struct host_port {
    std::string host;
    std::optional<std::string> port;
};

// host, host:port, [v6], [v6]:port; nothing when the brackets or the host are wrong.
std::optional<host_port> split(std::string_view text) {
    host_port out;
    if (text.starts_with('[')) {
        auto const close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        out.host = text.substr(1, close - 1);
        text.remove_prefix(close + 1);
        if (!is_ipv6(out.host)) return std::nullopt;
        if (!text.empty() && text.front() != ':') return std::nullopt;
        if (!text.empty()) out.port = text.substr(1);
        return out;
    }
    auto const colon = text.find(':');
    out.host = text.substr(0, colon);
    if (colon != std::string_view::npos) out.port = text.substr(colon + 1);
    if (!is_host_name(out.host) || (out.port && out.port->find(':') != std::string::npos)) return std::nullopt;
    return out;
}

using parsed = std::variant<address, std::string>;  // or words

parsed parse(std::string_view text) {
    address out;
    if (text.starts_with("https://")) {
        out.tls = true;
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
    } else {
        return std::string{"must begin with https:// or http://"};
    }
    if (text.find_first_of("?#") != std::string_view::npos) return std::string{"must end with its path: no ? and no #"};
    auto const slash = text.find('/');
    if (slash != std::string_view::npos && !is_path(text.substr(slash))) {
        return std::string{"holds a character that must be percent-encoded"};
    }
    auto const authority = text.substr(0, slash);
    if (authority.find('@') != std::string_view::npos) return std::string{"must not hold a user or password"};
    auto const both = split(authority);
    if (!both) return std::string{"has no valid host name"};
    if (both->port && port_of(*both->port).value_or(0) == 0) return std::string{"has no valid port"};
    out.host = ascii_lowered(both->host);
    if (slash != std::string_view::npos) out.path = text.substr(slash);
    return out;
}

class checker {
public:
    checker(loaded& config, places const& where, findings& found)
        : config_{config}, places_{where}, found_{found}, s_{config.values} {}

    void moesif() {
        drop_slashes(s_.moesif.url);
        auto const a = service("moesif", s_.moesif.url, s_.moesif.allow_insecure);
        if (a && a->host == "api.moesif.net") {
            warn("moesif.url",
                 "moesif.url is the address that collects events; profiles are read from https://api.moesif.com/v1");
        }
        path("moesif.users_path", s_.moesif.users_path);
        path("moesif.companies_path", s_.moesif.companies_path);
    }

    void segment() {
        auto& url = s_.segment.url;
        bool const eu = s_.segment.region == "eu";
        if (url.empty()) {
            url = eu ? "https://events.eu1.segmentapis.com" : "https://api.segment.io";
            return;
        }
        drop_slashes(url);
        if (url.ends_with("/v1")) url.resize(url.size() - 3);
        drop_slashes(url);
        auto const a = service("segment", url, s_.segment.allow_insecure);
        if (a && ((eu && a->host == "api.segment.io") || (!eu && a->host == "events.eu1.segmentapis.com"))) {
            warn("segment.url", "segment.url belongs to the other region than segment.region = \"" + s_.segment.region +
                                    "\"; the url counts");
        }
    }

    void admin() {
        auto& a = s_.admin;
        if (a.tls_cert.empty() != a.tls_key.empty()) {
            auto const missing = a.tls_cert.empty() ? "admin.tls_cert" : "admin.tls_key";
            auto const present = a.tls_cert.empty() ? "admin.tls_key" : "admin.tls_cert";
            wrong(present, std::string{present} + " needs " + missing + " too");
        }
        listen(a.listen, !a.tls_cert.empty() && !a.tls_key.empty());
        if (a.public_url.empty()) return;
        drop_slashes(a.public_url);
        auto const url = parse(a.public_url);
        if (auto const* words = std::get_if<std::string>(&url)) wrong("admin.public_url", "admin.public_url " + *words);
    }

    // Unlike a service's address it may hold a user, a password and a query.
    void alerts() {
        constexpr auto key = "alerts.webhook_url";
        std::string_view text = s_.alerts.webhook_url.reveal();
        if (text.empty()) return;
        if (text.find('#') != std::string_view::npos) {
            wrong(key, std::string{key} + " must not hold a #");
            return;
        }
        text = text.substr(0, text.find('?'));
        std::string bare{text};
        auto const begin = bare.find("://");
        auto const slash = begin == std::string::npos ? begin : std::min(bare.find('/', begin + 3), bare.size());
        auto const at = slash == std::string::npos ? slash : bare.rfind('@', slash);
        if (at != std::string::npos && at > begin) bare.erase(begin + 3, at - begin - 2);
        auto const a = parse(bare);
        if (auto const* words = std::get_if<std::string>(&a)) {
            wrong(key, std::string{key} + " " + *words);
        } else if (!std::get<address>(a).tls && !is_loopback(std::get<address>(a).host)) {
            wrong(key, std::string{key} + " is plain http to another machine, readable on the way: use https");
        }
    }

    // Only the service itself reads them.
    void tls_files() {
        if (s_.admin.by_socket()) return;  // nobody reads them
        for (auto const& [name, file] :
             {std::pair{"admin.tls_cert", &s_.admin.tls_cert}, std::pair{"admin.tls_key", &s_.admin.tls_key}}) {
            if (file->empty()) continue;
            auto const text = read_text_file(*file, largest_pem_file);
            if (!text) wrong(name, std::string{name} + ": the file " + *file + " " + text.error().what);
        }
    }

    void rest() {
        auto const& path = s_.store.path;
        if (path.empty()) wrong("store.path", "store.path must name a file");
        if (path.ends_with('/')) wrong("store.path", "store.path must name a file, not a folder");
        // To SQLite these are no names of files: memory, where nothing outlives the process, and an address whose
        // options may turn off locks, or the disk.
        if (path == ":memory:") wrong("store.path", "store.path must name a file: in memory nothing would be kept");
        if (path.starts_with("file:")) wrong("store.path", "store.path must be a path without file: before it");
    }

private:
    static void drop_slashes(std::string& url) {
        while (url.ends_with('/') && !url.ends_with("://")) url.pop_back();
    }

    std::optional<address> service(std::string const& section, std::string const& url, bool allow_insecure) {
        auto const name = section + ".url";
        auto const a = parse(url);
        if (auto const* words = std::get_if<std::string>(&a)) {
            wrong(name, name + " " + *words);
            return std::nullopt;
        }
        auto const& found = std::get<address>(a);
        if (!found.tls && !is_loopback(found.host) && !allow_insecure) {
            wrong(name, name + " is plain http to another machine, readable on the way: use https, or set " + section +
                            ".allow_insecure = true");
        }
        return found;
    }

    void path(std::string const& name, std::string const& text) {
        if (!text.starts_with('/') || !is_path(text))
            wrong(name, name + " must be a path: it begins with / and holds no blank, ? or #");
    }

    void listen(std::string const& text, bool tls) {
        if (text.starts_with("unix:")) {
            auto const socket = text.substr(5);
            if (!socket.starts_with('/') || socket.ends_with('/')) {
                wrong("admin.listen", "admin.listen must give a unix socket as unix:/path/of/socket");
            } else if (socket.size() > longest_socket_path) {
                wrong("admin.listen", "admin.listen: a unix socket's path has at most 107 bytes");
            }
            return;
        }
        auto const both = split(text);
        if (!both || !both->port || !port_of(*both->port)) {
            std::string hint;
            if (text.starts_with("::")) hint = "; an IPv6 address stands in brackets";
            if (text.starts_with(':') && port_of(text.substr(1)))
                hint = "; 0.0.0.0" + text + " listens on all addresses";
            wrong("admin.listen", "admin.listen must be host:port, [IPv6]:port or unix:/path" + hint);
            return;
        }
        if (!is_loopback(both->host) && !tls && !s_.admin.allow_insecure) {
            wrong("admin.listen",
                  "admin.listen is reachable from other machines: set admin.tls_cert and admin.tls_key, or "
                  "admin.allow_insecure = true behind a proxy that encrypts");
        }
    }

    void wrong(std::string const& key, std::string text) { found_.problems.push_back(at(key, std::move(text))); }
    void warn(std::string const& key, std::string text) { found_.warnings.push_back(at(key, std::move(text))); }

    problem at(std::string const& key, std::string text) const {
        auto const found = places_.find(key);
        if (found == places_.end()) return {config_.file.value_or(""), 0, 0, std::move(text)};
        return found->second.wrong(std::move(text));
    }

    loaded& config_;
    places const& places_;
    findings& found_;
    settings& s_;
};

}  // namespace

void check_addresses(loaded& config, places const& where, findings& found) {
    checker c{config, where, found};
    c.moesif();
    c.segment();
    c.admin();
    c.alerts();
    c.rest();
}

void check_tls_files(loaded& config, places const& where, findings& found) {
    checker{config, where, found}.tls_files();
}

}  // namespace traitsync::config
