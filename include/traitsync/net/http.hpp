#pragma once
// One HTTP exchange in our own words: no Beast types, so that what includes this stays cheap to build.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traitsync/core/error.hpp"

namespace traitsync::net {

struct url {
    bool tls = true;
    std::string host;      // without brackets
    std::string port;      // "443" or "80" when the text had none
    std::string path;      // "" or "/prefix", without a trailing slash
    std::string origin() const;   // https://host:port
    std::string authority() const;  // Host header: host, with brackets for IPv6 and the port unless default
    bool is_loopback() const;     // a loopback address or localhost
};
result<url> parse_url(std::string_view text);

struct request {
    std::string method = "GET";
    std::string target;                                        // path and query, already percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;  // Host, Content-Length and Connection are ours
    std::shared_ptr<std::string const> body;                   // shared: a retry repeats the same bytes
};

struct reply {
    int status = 0;
    std::string body;                                    // decoded (gzip, deflate)
    std::optional<std::chrono::seconds> retry_after;     // Retry-After as seconds or HTTP date, not clamped
    std::optional<std::chrono::seconds> rate_limit_reset;  // X-RateLimit-Reset
    std::string location;
    std::string content_type;
};

// 2xx gives nothing; any other status its fault with the words for it. The one place where a status becomes
// a fault. `who` names the service ("Moesif", "Segment").
std::optional<error> fault_of(reply const& r, std::string_view who);

// Percent-encodes one path segment (RFC 3986: everything but unreserved characters).
std::string encode_segment(std::string_view text);

}  // namespace traitsync::net
