#pragma once
// Which proxy leads to an https origin, as the environment says: https_proxy or HTTPS_PROXY, else all_proxy or
// ALL_PROXY; none for the hosts in no_proxy or NO_PROXY. Plain http goes to no proxy: it is for this machine alone.
// Pure but for process_environment(). No text made here holds a proxy's user or password.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/net/http.hpp"

namespace traitsync::net {

struct proxy {
    std::string host;         // without brackets
    std::string port;         // decimal
    std::string credentials;  // user:password as base64; empty: none are sent
    std::string authority() const;
};

// A variable's value; empty where it is not set.
using environment = std::function<std::string(char const* name)>;
std::string process_environment(char const* name);

// Nothing: the origin is reached directly. An unusable address of the proxy is fault::invalid and names the variable.
result<std::optional<proxy>> proxy_for(url const& origin, environment const& value_of);

// Whether a host is in a NO_PROXY list: names with all their subdomains (with or without a leading dot or "*."),
// addresses, networks as address/bits, each with an optional :port; "*" is every host. Commas or blanks between.
bool in_no_proxy(std::string_view list, std::string_view host, std::string_view port);

}  // namespace traitsync::net
