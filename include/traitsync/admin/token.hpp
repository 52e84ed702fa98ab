#pragma once
// The admin token and the key of alerts: the configured ones, else those that the first start made beside the store.

#include <string>
#include <vector>

#include "traitsync/config/config.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::admin {

// The file that holds a made token: `admin.token` in the folder of store.path.
std::string token_file(config::settings const& s);

struct settled_secret {
    secret value;
    std::vector<std::string> doubts;  // about the file that holds it, in words
};

// The token that is there already. Errors: storage; invalid: the file holds what cannot be a token, or the viewer's.
result<secret> find_token(config::settings const& s);

// The token, made and written (mode 0600) where there is none yet; a file that others may read is mended. Errors as
// above.
result<settled_secret> settle_token(config::settings const& s);

// The key that signs alerts: the configured one, else the one in the file `alerts.secret` beside the store, made and
// written where there is none yet. As settle_token.
result<settled_secret> settle_alert_secret(config::settings const& s);

}  // namespace traitsync::admin
