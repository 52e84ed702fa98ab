#include "http_wire.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/status.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>
#include "traitsync/net/completion.hpp"

// At -O2 g++ 12 inlines only one of the two operators that Asio gives its coroutine frames, and then takes them for a
// mismatched pair.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace traitsync::demo {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::size_t slow_pieces = 10;
constexpr std::size_t max_drained_bytes = std::size_t{64} << 20;

std::string head_text(http_reply const& reply, bool keep_alive) {
    auto const reason = http::obsolete_reason(static_cast<http::status>(reply.status));
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, std::string_view{reason.data(), reason.size()});
    if (!reply.content_type.empty()) head += fmt::format("Content-Type: {}\r\n", reply.content_type);
    for (auto const& [name, value] : reply.headers) head += fmt::format("{}: {}\r\n", name, value);
    if (reply.chunked) {
        head += "Transfer-Encoding: chunked\r\n";
    } else {
        head += fmt::format("Content-Length: {}\r\n", reply.body.size());
    }
    head += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
    return head;
}

asio::awaitable<bool> write_text(tcp::socket& socket, std::string text) {
    auto const [failure, written] = co_await asio::async_write(socket, asio::buffer(text), net::token);
    co_return !failure;
}

asio::awaitable<bool> write_body_slowly(tcp::socket& socket, std::string body, bool chunked,
                                        std::chrono::milliseconds pause) {
    std::size_t const piece = std::max<std::size_t>(1, pause.count() > 0 ? body.size() / slow_pieces : body.size());
    for (std::size_t at = 0; at < body.size(); at += piece) {
        std::string part = body.substr(at, piece);
        if (chunked) part = fmt::format("{:x}\r\n{}\r\n", part.size(), part);
        if (pause.count() > 0) {
            auto waiting = pause_for(socket.get_executor(), pause);
            co_await std::move(waiting);
        }
        bool const sent = co_await write_text(socket, std::move(part));
        if (!sent) co_return false;
    }
    if (!chunked) co_return true;
    std::string last = "0\r\n\r\n";
    bool const ended = co_await write_text(socket, std::move(last));
    co_return ended;
}

}  // namespace

void reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

void close(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
}

asio::awaitable<void> pause_for(asio::any_io_executor loop, std::chrono::milliseconds time) {
    asio::steady_timer timer{loop};
    timer.expires_after(time);
    co_await timer.async_wait(net::token);
}

asio::awaitable<bool> send(tcp::socket& socket, http_reply reply, bool keep_alive) {
    if (reply.wait.count() > 0) {
        auto waiting = pause_for(socket.get_executor(), reply.wait);
        co_await std::move(waiting);
    }
    if (reply.end == ending::reset) {
        reset(socket);
        co_return false;
    }
    if (reply.end == ending::cut_before) {
        close(socket);
        co_return false;
    }
    std::string const head = head_text(reply, keep_alive);
    if (reply.end == ending::cut_in_body) {
        std::string half = head;
        if (reply.chunked) half += fmt::format("{:x}\r\n", reply.body.size());
        half.append(reply.body, 0, reply.body.size() / 2);
        co_await write_text(socket, std::move(half));
        close(socket);
        co_return false;
    }
    if (reply.chunked || reply.pause.count() > 0) {
        std::string first = head;
        bool const begun = co_await write_text(socket, std::move(first));
        if (!begun) co_return false;
        bool const sent = co_await write_body_slowly(socket, std::move(reply.body), reply.chunked, reply.pause);
        bool const again = sent && keep_alive;
        co_return again;
    }
    std::array<asio::const_buffer, 2> const whole{asio::buffer(head), asio::buffer(reply.body)};
    auto const [failure, written] = co_await asio::async_write(socket, whole, net::token);
    co_return !failure && keep_alive;
}

asio::awaitable<void> refuse(tcp::socket& socket, http_reply reply) {
    co_await send(socket, std::move(reply), false);
    boost::system::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    std::vector<char> rest(64 * 1024);
    for (std::size_t left = max_drained_bytes; left > rest.size();) {
        auto const [failure, count] = co_await socket.async_read_some(asio::buffer(rest), net::token);
        if (failure) break;
        left -= count;
    }
}

}  // namespace traitsync::demo
