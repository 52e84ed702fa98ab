#include "support/six_front.hpp"

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <thread>

#include "support/pump.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

using net::token;

struct relay {
    explicit relay(tcp::socket s) : outer{std::move(s)}, inner{outer.get_executor()} {}
    tcp::socket outer, inner;
    void close() {
        boost::system::error_code ignored;
        outer.close(ignored);
        inner.close(ignored);
    }
};

}  // namespace

struct six_front::parts {
    explicit parts(std::uint16_t port) : behind{port} {}

    std::uint16_t behind;
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, {asio::ip::address_v6::loopback(), 0}};
    std::uint16_t const port = acceptor.local_endpoint().port();
    std::thread thread;

    asio::awaitable<void> accept() {
        for (;;) {
            auto [failed, socket] = co_await acceptor.async_accept(token);
            if (failed) co_return;
            asio::co_spawn(loop, serve(std::make_shared<relay>(std::move(socket))), asio::detached);
        }
    }
    asio::awaitable<void> serve(std::shared_ptr<relay> r) {
        tcp::endpoint const service{asio::ip::address_v4::loopback(), behind};
        auto const [failed] = co_await r->inner.async_connect(service, token);
        if (failed) co_return;
        asio::co_spawn(loop, pump(r, r->outer, r->inner), asio::detached);
        asio::co_spawn(loop, pump(r, r->inner, r->outer), asio::detached);
    }
};

six_front::six_front(std::uint16_t behind) : parts_{std::make_unique<parts>(behind)} {
    asio::co_spawn(parts_->loop, parts_->accept(), asio::detached);
    parts_->thread = std::thread{[p = parts_.get()] { p->loop.run(); }};
}

six_front::~six_front() {
    parts_->loop.stop();
    parts_->thread.join();
}

std::string six_front::url(std::string_view path) const { return fmt::format("http://[::1]:{}{}", parts_->port, path); }

}  // namespace traitsync::test
