#pragma once
// From a host name to a connected socket. Loop thread only. Private to net/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

#include "interrupt.hpp"
#include "traitsync/net/http.hpp"

namespace traitsync::net {

// Looks the host up (each time: addresses move) and tries all its addresses, IPv6 and IPv4 in turn: a further one
// joins the race after 250 ms, or as soon as one fails; the first that connects wins (RFC 8305). Ends when `ending`
// fires. The errors are unavailable; their words are for the operator.
boost::asio::awaitable<result<boost::asio::ip::tcp::socket>> dial(boost::asio::io_context& loop, url origin,
                                                                  std::shared_ptr<interrupt> ending);

// A socket of this machine. Connecting to one does not wait.
result<boost::asio::ip::tcp::socket> dial_unix(boost::asio::io_context& loop, std::string const& path);

}  // namespace traitsync::net
