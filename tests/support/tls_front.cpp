#include "support/tls_front.hpp"

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <future>
#include <thread>

#include "support/pump.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

using net::token;

std::shared_ptr<asio::ssl::context> context_of(certificate const& shown) {
    auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    made->use_certificate_chain(asio::buffer(shown.pem));
    made->use_private_key(asio::buffer(shown.key), asio::ssl::context::pem);
    return made;
}

struct tls_relay {
    tls_relay(tcp::socket socket, std::shared_ptr<asio::ssl::context> c)
        : context{std::move(c)}, outer{std::move(socket), *context}, inner{outer.get_executor()} {}
    std::shared_ptr<asio::ssl::context> context;
    asio::ssl::stream<tcp::socket> outer;
    tcp::socket inner;
    void close() {
        error_code ignored;
        outer.next_layer().close(ignored);
        inner.close(ignored);
    }
};

}  // namespace

struct tls_front::parts {
    parts(std::uint16_t port, certificate const& shown) : behind{port}, context{context_of(shown)} {}

    std::uint16_t behind;
    asio::io_context loop{1};
    std::shared_ptr<asio::ssl::context> context;  // the thread's
    tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
    std::uint16_t const port = acceptor.local_endpoint().port();
    std::atomic<std::size_t> accepted = 0;
    std::atomic<std::size_t> shaken = 0;
    std::thread thread;

    asio::awaitable<void> accept() {
        for (;;) {
            auto [failed, socket] = co_await acceptor.async_accept(token);
            if (failed) co_return;
            ++accepted;
            asio::co_spawn(loop, serve(std::make_shared<tls_relay>(std::move(socket), context)), asio::detached);
        }
    }
    asio::awaitable<void> serve(std::shared_ptr<tls_relay> r) {
        auto const [refused] = co_await r->outer.async_handshake(asio::ssl::stream_base::server, token);
        if (refused) co_return;
        ++shaken;
        tcp::endpoint const service{asio::ip::address_v4::loopback(), behind};
        auto const [failed] = co_await r->inner.async_connect(service, token);
        if (failed) co_return;
        error_code ignored;
        r->inner.set_option(tcp::no_delay{true}, ignored);
        r->outer.next_layer().set_option(tcp::no_delay{true}, ignored);
        asio::co_spawn(loop, pump(r, r->outer, r->inner), asio::detached);
        asio::co_spawn(loop, pump(r, r->inner, r->outer), asio::detached);
    }
};

tls_front::tls_front(std::uint16_t behind, certificate const& shown) : parts_{std::make_unique<parts>(behind, shown)} {
    asio::co_spawn(parts_->loop, parts_->accept(), asio::detached);
    parts_->thread = std::thread{[p = parts_.get()] { p->loop.run(); }};
}

tls_front::~tls_front() {
    parts_->loop.stop();
    parts_->thread.join();
}

std::string tls_front::url(std::string_view path) const {
    return fmt::format("https://127.0.0.1:{}{}", parts_->port, path);
}

void tls_front::show(certificate const& other) {
    std::promise<void> done;
    asio::post(parts_->loop, [&] {
        parts_->context = context_of(other);
        done.set_value();
    });
    done.get_future().wait();
}

std::size_t tls_front::accepted() const { return parts_->accepted; }
std::size_t tls_front::shaken() const { return parts_->shaken; }

}  // namespace traitsync::test
