#pragma once
// The receiver of alerts: one signed POST at a time. Loop thread only. No text made here holds anything of the address
// but its host and port: paths and queries of such addresses are often secret themselves.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <string>
#include <string_view>

#include "traitsync/alert/book.hpp"
#include "traitsync/config/secret.hpp"
#include "traitsync/net/https_client.hpp"

namespace traitsync::alert {

// An address with what net::url has no place for.
struct webhook_target {
    net::url origin;
    std::string target;         // path and query
    std::string authorization;  // Basic …; empty: none
};

// https, or http to this machine. The words name alerts.webhook_url and nothing of its value.
result<webhook_target> parse_webhook(std::string_view text);

// Traitsync-Signature of a body sent at that time: sha256=<hex of HMAC-SHA256(secret, "<seconds>.<body>")>.
std::string signature_of(secret const& key, std::int64_t seconds, std::string_view body);

class webhook {
public:
    // `address`: one that parse_webhook takes. `ca_file`: further trust anchors, or empty.
    webhook(boost::asio::io_context& loop, webhook_target address, secret key, std::string ca_file);

    // Nothing when the receiver answered with 2xx. Errors: unavailable, with words; cancelled.
    boost::asio::awaitable<result<void>> post(announcement a, wall_time now);
    void stop();

private:
    webhook_target address_;
    secret key_;
    net::https_client http_;
};

}  // namespace traitsync::alert
