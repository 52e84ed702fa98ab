#pragma once
// An HTTP exchange in our own words: no Beast types, so that what includes this stays cheap to build.

#include <chrono>
#include <functional>
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
    std::string host;               // without brackets, lower case
    std::string port;               // decimal, 1 to 65535; "443" or "80" when the text had none
    std::string path;               // "" or "/prefix", percent-encoded as given, without a trailing slash
    std::string origin() const;     // https://host:port
    std::string authority() const;  // Host header: host, with brackets for IPv6 and the port unless default
    bool is_loopback() const;       // a loopback address or localhost
};

// A base address: scheme, host, port, path. User information, query and fragment are refused in words that do not
// repeat them.
result<url> parse_url(std::string_view text);

// As above, and plain http only to this machine unless `allow_insecure`. `who` names the setting's section in the
// words ("moesif", "segment").
result<url> checked_url(std::string_view text, bool allow_insecure, std::string_view who);

struct request {
    std::string method = "GET";
    std::string target;                                        // path and query, already percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;  // Host, Content-Length and Connection are ours
    std::shared_ptr<std::string const> body;                   // shared: a retry repeats the same bytes
    std::string room = {};  // memory for the answer's body, whatever it holds: of an answer that was done with
    // Asked before the request is repeated because an idle connection was closed at its sight; empty: it may be.
    std::function<bool()> may_repeat = {};
};

// The two waits are never negative and at most ten million seconds, so that adding them to a time is safe.
struct reply {
    int status = 0;    // 200 to 599
    std::string body;  // decoded (gzip, deflate); of a failure at most 64 KB, cut or left out rather than refused
    std::optional<std::chrono::seconds> retry_after;       // Retry-After as seconds or HTTP date, not clamped further
    std::optional<std::chrono::seconds> rate_limit_reset;  // X-RateLimit-Reset, where it is a number
    std::string location;
    std::string content_type;
};

// What a service asks to wait for is obeyed up to here.
inline constexpr std::chrono::seconds longest_retry_after{300};

// 2xx gives nothing; any other status its fault with the words for it. For what reads: delivery goes on after most of
// them, and judges them by delivery/verdict. `who` names the service ("Moesif"). The words hold the start of the body:
// redact it before. Whether 410 passes, or says like 404 that nothing is there, depends on what was asked.
enum class gone : std::uint8_t { passes, for_good };
std::optional<error> fault_of(reply const& r, std::string_view who, gone means = gone::passes);

// Percent-encodes one path segment (RFC 3986: everything but unreserved characters).
std::string encode_segment(std::string_view text);

// %41 becomes A; what is no such triple stays.
std::string percent_decoded(std::string_view text);

// Replaces each occurrence of `hidden` by ***, and its beginning where the text ends within it. A service that repeats
// our request must not bring a secret into words.
void redact(std::string& text, std::string_view hidden);

}  // namespace traitsync::net
