#pragma once
// Bytes from one stream to another until either ends. Private to tests/support.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>

namespace traitsync::test {

// `r` holds both streams and closes them: close().
template <class Relay, class From, class To>
boost::asio::awaitable<void> pump(std::shared_ptr<Relay> r, From& from, To& to) {
    constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
    std::array<char, 16 * 1024> chunk;
    for (;;) {
        auto const [read_failed, size] = co_await from.async_read_some(boost::asio::buffer(chunk), token);
        if (read_failed) break;
        auto const [write_failed, written] =
            co_await boost::asio::async_write(to, boost::asio::buffer(chunk, size), token);
        static_cast<void>(written);
        if (write_failed) break;
    }
    r->close();
}

}  // namespace traitsync::test
