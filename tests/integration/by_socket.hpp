#pragma once
// A service whose clients write what they like: sockets of their own instead of a client of the API.

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>

#include <string>

#include "operator.hpp"

namespace traitsync::test {

struct by_socket : operated {
    boost::asio::io_context loop;

    boost::asio::ip::tcp::socket connected() {
        boost::asio::ip::tcp::socket s{loop};
        s.connect({boost::asio::ip::address_v4::loopback(), api->port()});
        return s;
    }
    // All that comes until the other side closes.
    static std::string rest_of(boost::asio::ip::tcp::socket& s) {
        boost::asio::streambuf buffer;
        boost::system::error_code failed;
        boost::asio::read(s, buffer, failed);
        return {boost::asio::buffers_begin(buffer.data()), boost::asio::buffers_end(buffer.data())};
    }
};

}  // namespace traitsync::test
