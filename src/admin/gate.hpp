#pragma once
// Who may ask: the names under which we may be addressed (no DNS rebinding), the pages that may send requests,
// and the tokens. Private to admin/.

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "exchange.hpp"
#include "traitsync/config/config.hpp"

namespace traitsync::admin {

enum class role : std::uint8_t { nobody, viewer, admin };

class gate {
public:
    // `port`: the one that is listened on; empty for a unix socket, where every Host is fine.
    gate(config::admin_settings const& s, std::string const& listen_host, std::string const& port);

    // Tokens that replace the present ones.
    void use_tokens(config::admin_settings const& s);

    // Host and Origin; nothing when they are fine.
    std::optional<problem> check_names(request_head const& head) const;
    // In constant time for tokens of any content.
    role role_of(std::string_view authorization) const;

private:
    using digest = std::array<unsigned char, 32>;
    bool is_local(std::string const& name, std::string_view local_address) const;

    std::set<std::string> hosts_;         // of this machine; lower case, with their port
    std::set<std::string> public_hosts_;  // of admin.public_url
    std::set<std::string> origins_;       // of admin.public_url
    std::string scheme_;
    std::string port_;
    digest admin_{};
    std::optional<digest> viewer_;
};

}  // namespace traitsync::admin
