#pragma once
// A way through a proxy: CONNECT (RFC 9110, section 9.3.6). Loop thread only. Private to net/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>

#include "interrupt.hpp"
#include "traitsync/net/http.hpp"
#include "traitsync/net/proxy.hpp"

namespace traitsync::net {

// On a socket that is connected to the proxy: asks for a tunnel to the origin. Afterwards the socket speaks with the
// origin. Ends when `ending` fires. Errors: misdirected with the status 407 (the proxy wants credentials, or
// others), else unavailable; their words name the proxy and never its credentials.
boost::asio::awaitable<std::optional<error>> open_tunnel(boost::asio::ip::tcp::socket& socket, proxy const& through,
                                                         url const& origin, std::shared_ptr<interrupt> ending);

}  // namespace traitsync::net
