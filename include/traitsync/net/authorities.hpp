#pragma once
// Whom this machine trusts, as the environment says: SSL_CERT_FILE in the place of the system's file, SSL_CERT_DIR in
// that of its folder.

#include "traitsync/core/error.hpp"
#include "traitsync/net/proxy.hpp"

namespace traitsync::net {

// OpenSSL passes over what it cannot read, and later trusts nobody. fault::invalid here, with the variable's name.
result<void> check_authorities(environment const& value_of);

}  // namespace traitsync::net
