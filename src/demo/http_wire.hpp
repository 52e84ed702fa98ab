#pragma once
// How a reply goes over a socket, misbehaviour included. The socket belongs to the calling coroutine, which waits
// for the one that it calls.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

#include "http_listener.hpp"

namespace traitsync::demo {

void reset(boost::asio::ip::tcp::socket& socket);  // RST
void close(boost::asio::ip::tcp::socket& socket);  // FIN

boost::asio::awaitable<void> pause_for(boost::asio::any_io_executor loop, std::chrono::milliseconds time);

// True when the connection can take another request.
boost::asio::awaitable<bool> send(boost::asio::ip::tcp::socket& socket, http_reply reply, bool keep_alive);

// Answers a request that was not read to its end and takes the rest of it in: closing over unread bytes would
// reset the connection and could destroy the answer on its way.
boost::asio::awaitable<void> refuse(boost::asio::ip::tcp::socket& socket, http_reply reply);

}  // namespace traitsync::demo
