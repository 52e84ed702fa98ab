#pragma once
// How our coroutines wait for Asio: an operation that fails gives its error code back as a value, nothing is thrown.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace traitsync::net {

inline constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace traitsync::net
