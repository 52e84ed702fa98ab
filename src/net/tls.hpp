#pragma once
// Whom we trust, and how a failed handshake reads. Private to net/.

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

#include "traitsync/core/error.hpp"

namespace traitsync::net {

// A client's context: TLS 1.2 at least, certificates verified against the system's store and the anchors in
// `ca_file` (PEM; empty: none). An unreadable file is an error, not a smaller trust. With `one_of_ours` the first
// certificate in that file is the server's very own: it is accepted whatever name it is for.
result<std::shared_ptr<boost::asio::ssl::context>> trust(std::string const& ca_file, bool one_of_ours = false);

// Before the handshake: asks for `host` (SNI) and for HTTP/1.1, and demands a certificate for that name or address.
// The name check is OpenSSL's own, which, unlike a callback, leaves the reason of a failure.
result<void> expect_host(SSL* connection, std::string const& host);

// One line: an expired, untrusted or foreign certificate, or what else went wrong, with OpenSSL's reason.
std::string handshake_words(SSL* connection, boost::system::error_code const& failed, std::string const& where);

}  // namespace traitsync::net
