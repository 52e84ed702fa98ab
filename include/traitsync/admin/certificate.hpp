#pragma once
// The certificate with which the admin API is served (admin.tls_cert, admin.tls_key).

#include "traitsync/config/config.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::admin {

// Whether it can be served with. Errors: invalid, for files that are no certificate with its key; the words name the
// setting and the file.
result<void> check_certificate(config::admin_settings const& admin);

}  // namespace traitsync::admin
