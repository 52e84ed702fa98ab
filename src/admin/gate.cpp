#include "gate.hpp"

#include <openssl/crypto.h>

#include "traitsync/core/sha256.hpp"
#include "traitsync/core/text.hpp"

namespace traitsync::admin {
namespace {

bool has_port(std::string_view host) {
    auto const colon = host.rfind(':');
    if (colon == std::string_view::npos) return false;
    auto const bracket = host.rfind(']');
    return bracket == std::string_view::npos || colon > bracket;
}

}  // namespace

gate::gate(config::admin_settings const& s, std::string const& listen_host, std::string const& port)
    : scheme_{s.over_tls() ? "https" : "http"}, port_{port} {
    use_tokens(s);
    if (!port.empty()) {
        for (auto const& host :
             {std::string{"localhost"}, std::string{"127.0.0.1"}, std::string{"[::1]"}, ascii_lowered(listen_host)}) {
            hosts_.insert(host + ":" + port);
        }
    }
    if (s.public_url.empty()) return;
    // scheme://authority/path, checked by config/load.
    auto const url = ascii_lowered(s.public_url);
    auto const begin = url.find("://") + 3;
    auto const authority = url.substr(begin, url.find('/', begin) - begin);
    auto const scheme = url.substr(0, begin - 3);
    std::string const default_port = scheme == "https" ? ":443" : ":80";
    public_hosts_.insert(has_port(authority) ? authority : authority + default_port);
    origins_.insert(scheme + "://" + authority);
    if (authority.ends_with(default_port)) {
        origins_.insert(scheme + "://" + authority.substr(0, authority.size() - default_port.size()));
    }
}

void gate::use_tokens(config::admin_settings const& s) {
    admin_ = sha256(s.token.reveal());
    viewer_.reset();
    if (!s.viewer_token.empty()) viewer_ = sha256(s.viewer_token.reveal());
}

// A name with its port that leads to this machine and nowhere else.
bool gate::is_local(std::string const& name, std::string_view local_address) const {
    if (hosts_.contains(name)) return true;
    // The very address that was connected to: no name that somebody could point elsewhere.
    if (local_address.empty()) return false;
    auto const is_six = local_address.find(':') != std::string_view::npos;
    auto const own =
        is_six ? "[" + std::string{local_address} + "]:" + port_ : std::string{local_address} + ":" + port_;
    return name == own;
}

std::optional<problem> gate::check_names(request_head const& head) const {
    if (!head.host) return bad_request("the request has no Host");
    auto const own_default = std::string{scheme_ == "https" ? ":443" : ":80"};
    auto const host = ascii_lowered(*head.host);
    // A proxy in front may pass the public name on without its port.
    auto const is_public =
        public_hosts_.contains(host) || public_hosts_.contains(host + ":443") || public_hosts_.contains(host + ":80");
    if (!port_.empty() && !is_public && !is_local(has_port(host) ? host : host + own_default, head.local_address)) {
        return problem{
            421, "misdirected", "Not addressed to this service",
            "the Host of the request is not one of this service; set admin.public_url to the address that it is "
            "reached under"};
    }
    if (!head.origin) return std::nullopt;
    auto const origin = ascii_lowered(*head.origin);
    if (origins_.contains(origin)) return std::nullopt;
    auto const prefix = scheme_ + "://";
    if (origin.starts_with(prefix) && !port_.empty()) {
        auto const name = origin.substr(prefix.size());
        if (is_local(has_port(name) ? name : name + own_default, head.local_address)) return std::nullopt;
    }
    return problem{403, "forbidden", "Not allowed", "requests of other web pages are not accepted"};
}

role gate::role_of(std::string_view authorization) const {
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() <= scheme.size() || ascii_lowered(authorization.substr(0, scheme.size())) != scheme)
        return role::nobody;
    auto token = authorization.substr(scheme.size());
    while (token.starts_with(' ')) token.remove_prefix(1);
    auto const given = sha256(token);
    auto const is_admin = CRYPTO_memcmp(given.data(), admin_.data(), given.size()) == 0;
    auto const is_viewer = viewer_ && CRYPTO_memcmp(given.data(), viewer_->data(), given.size()) == 0;
    return is_admin ? role::admin : is_viewer ? role::viewer : role::nobody;
}

}  // namespace traitsync::admin
