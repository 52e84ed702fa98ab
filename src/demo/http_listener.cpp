#include "http_listener.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

#include "http_wire.hpp"
#include "traitsync/net/completion.hpp"

// At -O2 g++ 12 inlines only one of the two operators that Asio gives its coroutine frames, and then takes them for a
// mismatched pair.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace traitsync::demo {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

// A head beyond this is answered with 431, as the services' front ends do.
constexpr std::uint32_t max_head_bytes = 16 * 1024;
constexpr std::uint16_t ports_to_try = 100;
// Beast reads no more at once than the buffer has room for, and a fresh one grows only to the size of a head.
constexpr std::size_t read_bytes = 256 * 1024;

http_head head_of(http::request<http::string_body> const& message) {
    http_head head;
    head.method = std::string{message.method_string()};
    head.target = std::string{message.target()};
    for (auto const& field : message) {
        std::string name{field.name_string()};
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        head.headers.emplace_back(std::move(name), std::string{field.value()});
    }
    return head;
}

http_reply protocol_error(boost::system::error_code failure) {
    http_reply reply;
    reply.status = failure == http::error::header_limit ? 431 : failure == http::error::body_limit ? 413 : 400;
    reply.content_type = "text/plain";
    reply.body = failure.message();
    return reply;
}

}  // namespace

std::string_view http_head::header(std::string_view name) const {
    auto const found = std::find_if(headers.begin(), headers.end(), [&](auto const& h) { return h.first == name; });
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

struct http_listener::parts {
    parts(http_handler& h, std::size_t limit) : handler{h}, max_body{limit} {}

    http_handler& handler;
    std::size_t max_body;
    std::set<tcp::socket*> sockets;  // before the loop: the coroutines' frames die with it and deregister here
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop};
    // Bound while it is down: connections are refused, and nobody else is given the port meanwhile.
    tcp::acceptor place{loop};
    tcp::endpoint endpoint;
    std::thread thread;

    void bind(std::uint16_t port);
    void go_down();
    bool come_up();
    bool try_bind(std::uint16_t port);
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(tcp::socket socket);
    asio::awaitable<bool> serve_one(tcp::socket& socket, boost::beast::flat_buffer& buffer);
};

namespace {

// Keeps the socket in the listener's set while its coroutine lives.
class registration {
public:
    registration(std::set<tcp::socket*>& set, tcp::socket& socket) : set_{set}, socket_{socket} {
        set_.insert(&socket_);
    }
    ~registration() { set_.erase(&socket_); }
    registration(registration const&) = delete;
    registration& operator=(registration const&) = delete;

private:
    std::set<tcp::socket*>& set_;
    tcp::socket& socket_;
};

}  // namespace

bool http_listener::parts::try_bind(std::uint16_t port) {
    boost::system::error_code failure;
    tcp::endpoint const wanted{asio::ip::address_v4::loopback(), port};
    acceptor.open(wanted.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(wanted, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (!failure) {
        endpoint = acceptor.local_endpoint();
        return true;
    }
    acceptor.close(failure);
    return false;
}

void http_listener::parts::go_down() {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    for (auto* socket : sockets) reset(*socket);
    place.open(endpoint.protocol(), ignored);
    place.set_option(tcp::acceptor::reuse_address(true), ignored);
    place.bind(endpoint, ignored);
}

bool http_listener::parts::come_up() {
    if (acceptor.is_open()) return false;
    boost::system::error_code failure;
    place.listen(asio::socket_base::max_listen_connections, failure);
    if (failure) return try_bind(endpoint.port());
    acceptor = std::move(place);
    return true;
}

void http_listener::parts::bind(std::uint16_t port) {
    if (port == 0) {
        if (try_bind(0)) return;
    } else {
        for (std::uint32_t p = port; p < std::uint32_t{port} + ports_to_try && p <= 65535; ++p) {
            if (try_bind(static_cast<std::uint16_t>(p))) return;
        }
    }
    throw std::runtime_error{fmt::format("no free loopback port from {} on", port)};
}

asio::awaitable<void> http_listener::parts::accept() {
    while (acceptor.is_open()) {
        tcp::socket socket{loop};
        auto const [failure] = co_await acceptor.async_accept(socket, net::token);
        if (failure == asio::error::operation_aborted) co_return;
        if (failure) {
            // Out of descriptors, most likely: leave those who are served the time to finish.
            auto waiting = pause_for(loop.get_executor(), std::chrono::milliseconds{10});
            co_await std::move(waiting);
            continue;
        }
        auto session = serve(std::move(socket));
        asio::co_spawn(loop, std::move(session), asio::detached);
    }
}

asio::awaitable<bool> http_listener::parts::serve_one(tcp::socket& socket, boost::beast::flat_buffer& buffer) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(max_head_bytes);
    parser.body_limit(max_body);
    auto const [head_failure, head_bytes] = co_await http::async_read_header(socket, buffer, parser, net::token);
    if (head_failure) {
        bool const malformed = head_failure.category() == http::make_error_code(http::error::bad_method).category() &&
                               head_failure != http::error::end_of_stream &&
                               head_failure != http::error::partial_message;
        if (malformed) {
            auto refusal = protocol_error(head_failure);
            co_await refuse(socket, std::move(refusal));
        }
        co_return false;
    }
    http_request request;
    request.head = head_of(parser.get());
    if (!handler.admits(request.head)) {
        reset(socket);
        co_return false;
    }
    auto const [body_failure, body_bytes] = co_await http::async_read(socket, buffer, parser, net::token);
    if (body_failure) {
        if (body_failure == http::error::body_limit) {
            auto refusal = protocol_error(body_failure);
            co_await refuse(socket, std::move(refusal));
        }
        co_return false;
    }
    bool const keep_alive = parser.get().keep_alive();
    request.body = std::move(parser.get().body());
    auto reply = handler.answer(std::move(request));
    bool const again = co_await send(socket, std::move(reply), keep_alive);
    co_return again;
}

asio::awaitable<void> http_listener::parts::serve(tcp::socket socket) {
    registration const here{sockets, socket};
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    boost::beast::flat_buffer buffer;
    buffer.reserve(read_bytes);
    bool again = true;
    while (again) {
        auto exchange = serve_one(socket, buffer);
        again = co_await std::move(exchange);
    }
    close(socket);
}

http_listener::http_listener(http_handler& handler, std::uint16_t port, std::size_t max_body_bytes)
    : parts_{std::make_unique<parts>(handler, max_body_bytes)} {
    parts_->bind(port);
    auto accepting = parts_->accept();
    asio::co_spawn(parts_->loop, std::move(accepting), asio::detached);
    parts_->thread = std::thread{[p = parts_.get()] {
        auto const guard = asio::make_work_guard(p->loop);
        p->loop.run();
    }};
}

http_listener::~http_listener() { stop(); }

std::uint16_t http_listener::port() const { return parts_->endpoint.port(); }

void http_listener::listen(bool on) {
    if (!parts_->thread.joinable()) return;
    std::promise<void> done;
    asio::post(parts_->loop, [&] {
        auto& p = *parts_;
        if (!on) {
            p.go_down();
        } else if (p.come_up()) {
            asio::co_spawn(p.loop, p.accept(), asio::detached);
        }
        done.set_value();
    });
    done.get_future().wait();
}

void http_listener::stop() {
    if (!parts_->thread.joinable()) return;
    parts_->loop.stop();
    parts_->thread.join();
    boost::system::error_code ignored;
    parts_->acceptor.close(ignored);
    parts_->place.close(ignored);
    for (auto* socket : parts_->sockets) {
        // Closed now and not when the frames die with the loop: the other side must see the end of the service.
        socket->close(ignored);
    }
}

}  // namespace traitsync::demo
