#pragma once
// Requests to one origin over a pool of keep-alive connections, with a deadline on every exchange and with
// certificate and host name checks. HTTP/1.1. Loop thread only; coroutines of one io_context may share a client. A
// client may be destroyed while exchanges run: they end with `cancelled`. It must be destroyed before its io_context.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "traitsync/net/http.hpp"

namespace traitsync::net {

struct client_options {
    url origin;
    std::chrono::milliseconds connect_timeout = std::chrono::seconds{10};  // look-up, connection and TLS together
    std::chrono::milliseconds timeout = std::chrono::seconds{30};          // the whole exchange, connect included
    std::size_t max_reply_bytes = std::size_t{64} << 20;                   // decoded; more is fault::too_large
    std::size_t max_idle = 32;                                             // idle connections kept
    std::chrono::seconds max_connection_age = std::chrono::hours{1};       // Segment's addresses move: look up again
    std::string ca_file;         // extra trust anchors (PEM), for private CAs and tests
    bool one_of_ours = false;    // its first is the server's very own: accepted for whatever name it is made
    bool proxies = true;         // https goes through the proxy that the environment names (proxy.hpp)
    std::string unix_path = {};  // connect to this socket instead of the origin's host
    std::string user_agent;      // set by the constructor's caller, e.g. traitsync/0.1.0
};

class https_client {
public:
    https_client(boost::asio::io_context& loop, client_options options);
    ~https_client();
    https_client(https_client const&) = delete;
    https_client& operator=(https_client const&) = delete;

    // Any complete HTTP answer is a reply, whatever its status; redirects are not followed. Errors:
    // unavailable (look-up, connect, TLS, time-out, broken or malformed answer, with words that say which),
    // too_large, cancelled, invalid (a request that is none, an unreadable ca_file, an unusable proxy), misdirected
    // with the status 407 (the proxy wants credentials). An error that came after a whole head (too_large, an
    // undecodable body) has its http_status. A request is sent once: on a reused connection that the other side had
    // closed before any byte of an answer it is repeated once on a new connection (same bytes, so harmless for both
    // services). After a 5xx and after a failure no connection is used again: the next request looks the host up anew.
    boost::asio::awaitable<result<reply>> exchange(request r);

    // Ends every exchange in flight with `cancelled`, closes all connections and refuses what comes later.
    void stop();

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace traitsync::net
