#pragma once
// The admin API's certificate as a TLS context. Private to admin/.

#include <boost/asio/ssl/context.hpp>

#include <optional>

#include "traitsync/admin/certificate.hpp"

namespace traitsync::admin {

// Nothing where none is configured. Errors as of check_certificate.
result<std::optional<boost::asio::ssl::context>> load_certificate(config::admin_settings const& admin);

}  // namespace traitsync::admin
