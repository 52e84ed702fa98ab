#include "connection.hpp"

#include <sys/socket.h>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cerrno>
#include <utility>
#include <variant>

#include "tls.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

}  // namespace

struct connection::streams {
    using tls_stream = asio::ssl::stream<tcp::socket>;
    std::shared_ptr<asio::ssl::context> context;  // outlives the stream made with it
    std::variant<tcp::socket, tls_stream> stream;

    explicit streams(tcp::socket s) : stream{std::move(s)} {}
    streams(tcp::socket s, std::shared_ptr<asio::ssl::context> c)
        : context{std::move(c)}, stream{std::in_place_type<tls_stream>, std::move(s), *context} {}

    tcp::socket& socket() {
        if (auto* const plain = std::get_if<tcp::socket>(&stream)) return *plain;
        return std::get<tls_stream>(stream).next_layer();
    }
};

connection::connection(tcp::socket socket, std::shared_ptr<asio::ssl::context> context, std::string where)
    : streams_{context ? std::make_unique<streams>(std::move(socket), std::move(context))
                       : std::make_unique<streams>(std::move(socket))},
      where_{std::move(where)} {}

connection::~connection() = default;

asio::awaitable<std::optional<error>> connection::secure(std::string host, std::shared_ptr<interrupt> ending) {
    std::optional<error> failure;
    auto* const tls = std::get_if<streams::tls_stream>(&streams_->stream);
    if (tls == nullptr) co_return failure;
    if (auto const expected = expect_host(tls->native_handle(), host); !expected) {
        failure = expected.error();
        co_return failure;
    }
    ending->aim([this] { close(); });
    auto const [failed] = co_await tls->async_handshake(asio::ssl::stream_base::client, token);
    if (ending->fired()) {
        failure = error{fault::unavailable, where_ + " did not finish the TLS handshake in time"};
    } else if (failed) {
        failure = error{fault::unavailable, handshake_words(tls->native_handle(), failed, where_)};
    }
    co_return failure;
}

asio::awaitable<outcome> connection::exchange(question& q, std::shared_ptr<interrupt> ending) {
    ending->aim([this] { close(); });
    outcome out;
    if (auto* const plain = std::get_if<tcp::socket>(&streams_->stream)) {
        out = co_await converse(*plain, q, where_, *ending);
    } else {
        auto& tls = std::get<streams::tls_stream>(streams_->stream);
        out = co_await converse(tls, q, where_, *ending);
    }
    co_return out;
}

bool connection::is_quiet() {
    auto& socket = streams_->socket();
    if (!socket.is_open()) return false;
    // What TLS has read of the socket and nobody asked it for: the next answer would begin with it.
    if (auto* const tls = std::get_if<streams::tls_stream>(&streams_->stream)) {
        auto* const handle = tls->native_handle();
        if (SSL_has_pending(handle) == 1 || BIO_ctrl_pending(SSL_get_rbio(handle)) > 0) return false;
    }
    char byte = 0;
    auto const got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void connection::close() {
    error_code ignored;
    streams_->socket().close(ignored);
}

}  // namespace traitsync::net
