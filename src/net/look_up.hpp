#pragma once
// From a host name to its addresses. A name is looked up in a thread of its own, because nothing can end a
// getaddrinfo() that waits for a name server (Asio's resolver has one thread a loop, which all names share, and which
// the loop's end waits for): a name that hangs holds up no other one, and no end of a client, loop or process waits for
// it. Loop thread only. Private to net/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <vector>

#include "interrupt.hpp"
#include "traitsync/net/http.hpp"

namespace traitsync::net {

// The host's addresses with the origin's port, in the resolver's order, at least one. A host in numbers is its own
// address. Who asks for a name that somebody waits for already waits with him. Ends when `ending` fires; the look-up
// then goes on by itself until getaddrinfo() gives up. The errors are unavailable; their words are for the operator.
boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>> look_up(boost::asio::io_context& loop,
                                                                                    url origin,
                                                                                    std::shared_ptr<interrupt> ending);

}  // namespace traitsync::net
