#include "support/connect_proxy.hpp"

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <mutex>
#include <thread>

#include "support/pump.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

using net::token;

struct tunnel {
    explicit tunnel(tcp::socket s) : outer{std::move(s)}, inner{outer.get_executor()} {}
    tcp::socket outer, inner;
    void close() {
        error_code ignored;
        outer.close(ignored);
        inner.close(ignored);
    }
};

}  // namespace

struct connect_proxy::parts {
    explicit parts(proxy_options o) : options{std::move(o)} {}

    proxy_options options;
    mutable std::mutex lock;  // over what follows and options
    std::vector<std::string> heads;
    std::size_t tunnels = 0;
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
    std::uint16_t const port = acceptor.local_endpoint().port();
    std::thread thread;

    asio::awaitable<void> accept() {
        for (;;) {
            auto [failed, socket] = co_await acceptor.async_accept(token);
            if (failed) co_return;
            asio::co_spawn(loop, serve(std::make_shared<tunnel>(std::move(socket))), asio::detached);
        }
    }

    // The answer, and where a tunnel leads; 0: none.
    std::pair<std::string, std::uint16_t> decide(std::string const& head) {
        std::lock_guard const guard{lock};
        heads.push_back(head);
        if (!options.raw.empty()) return {options.raw, 0};
        if (!options.credentials.empty() &&
            head.find("Proxy-Authorization: Basic " + base64(options.credentials) + "\r\n") == std::string::npos) {
            return {"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", 0};
        }
        auto const target = head.substr(8, head.find(' ', 8) - 8);
        std::uint16_t to = 0;
        if (auto const route = options.routes.find(target); route != options.routes.end()) {
            to = route->second;
        } else if (target.starts_with("127.0.0.1:")) {
            to = static_cast<std::uint16_t>(std::stoi(target.substr(10)));
        }
        if (!head.starts_with("CONNECT ") || to == 0) return {"HTTP/1.1 502 Bad Gateway\r\n\r\n", 0};
        ++tunnels;
        return {"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n", to};
    }

    asio::awaitable<void> serve(std::shared_ptr<tunnel> t) {
        std::string head;
        auto const [unread, size] =
            co_await asio::async_read_until(t->outer, asio::dynamic_buffer(head), "\r\n\r\n", token);
        static_cast<void>(size);
        if (unread) co_return;
        auto const [answer, to] = decide(head);
        if (to != 0) {
            tcp::endpoint const service{asio::ip::address_v4::loopback(), to};
            auto const [failed] = co_await t->inner.async_connect(service, token);
            if (failed) co_return;
        }
        auto const [unsent, sent] = co_await asio::async_write(t->outer, asio::buffer(answer), token);
        static_cast<void>(sent);
        if (unsent || to == 0) co_return;
        asio::co_spawn(loop, pump(t, t->outer, t->inner), asio::detached);
        asio::co_spawn(loop, pump(t, t->inner, t->outer), asio::detached);
    }
};

connect_proxy::connect_proxy(proxy_options options) : parts_{std::make_unique<parts>(std::move(options))} {
    asio::co_spawn(parts_->loop, parts_->accept(), asio::detached);
    parts_->thread = std::thread{[p = parts_.get()] { p->loop.run(); }};
}

connect_proxy::~connect_proxy() {
    parts_->loop.stop();
    parts_->thread.join();
}

std::uint16_t connect_proxy::port() const { return parts_->port; }

std::string connect_proxy::url(std::string const& credentials) const {
    return fmt::format("http://{}{}127.0.0.1:{}", credentials, credentials.empty() ? "" : "@", parts_->port);
}

std::vector<std::string> connect_proxy::heads() const {
    std::lock_guard const guard{parts_->lock};
    return parts_->heads;
}

std::size_t connect_proxy::tunnels() const {
    std::lock_guard const guard{parts_->lock};
    return parts_->tunnels;
}

void connect_proxy::demand(std::string credentials) {
    std::lock_guard const guard{parts_->lock};
    parts_->options.credentials = std::move(credentials);
}

}  // namespace traitsync::test
