#include "tunnel.hpp"

#include <fmt/core.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>

#include "traitsync/net/completion.hpp"

namespace traitsync::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A proxy's answer is a line and some headers; a page for people may follow a refusal and is not read.
constexpr std::size_t max_answer_head = 16 * 1024;

std::string authority_with_port(url const& origin) {
    auto const six = origin.host.find(':') != std::string::npos;
    return (six ? "[" + origin.host + "]" : origin.host) + ":" + origin.port;
}

// HTTP/1.x NNN …; 0: something else.
int status_of(std::string_view head) {
    if (!head.starts_with("HTTP/1.") || head.size() < 12 || head[8] != ' ') return 0;
    int status = 0;
    auto const [end, failed] = std::from_chars(head.data() + 9, head.data() + 12, status);
    return failed == std::errc{} && end == head.data() + 12 ? status : 0;
}

std::optional<error> refusal(int status, proxy const& through, std::string const& target) {
    if (status >= 200 && status < 300) return std::nullopt;
    if (status == 0) {
        return error{fault::unavailable,
                     fmt::format("the proxy {} answers, but not as an HTTP proxy", through.authority())};
    }
    if (status == 407) {
        auto const* const what =
            through.credentials.empty() ? "wants a user and password" : "does not accept the user and password";
        error e{fault::misdirected, fmt::format("the proxy {} {} (407): set HTTPS_PROXY to "
                                                "http://user:password@host:port and start again",
                                                through.authority(), what)};
        e.http_status = status;
        return e;
    }
    return error{fault::unavailable, fmt::format("the proxy {} did not connect to {}: it answered {}",
                                                 through.authority(), target, status)};
}

}  // namespace

asio::awaitable<std::optional<error>> open_tunnel(tcp::socket& socket, proxy const& through, url const& origin,
                                                  std::shared_ptr<interrupt> ending) {
    auto const where = "the proxy " + through.authority();
    auto const target = authority_with_port(origin);
    auto text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target);
    if (!through.credentials.empty()) text += "Proxy-Authorization: Basic " + through.credentials + "\r\n";
    text += "\r\n";
    ending->aim([&socket] {
        boost::system::error_code ignored;
        socket.close(ignored);
    });
    std::optional<error> failure;
    auto const [unsent, sent] = co_await asio::async_write(socket, asio::buffer(text), token);
    static_cast<void>(sent);
    std::string head;
    std::array<char, 1024> piece{};
    boost::system::error_code failed = unsent;
    while (!failed && head.find("\r\n\r\n") == std::string::npos && head.size() < max_answer_head) {
        auto const [unread, size] = co_await socket.async_read_some(asio::buffer(piece), token);
        failed = unread;
        head.append(piece.data(), size);
    }
    auto const end = head.find("\r\n\r\n");
    if (ending->fired()) {
        failure = error{fault::unavailable, where + " did not open a way to " + target + " in time"};
    } else if (end != std::string::npos) {
        failure = refusal(status_of(head), through, target);
        // The other side of the tunnel speaks only after us.
        if (!failure && head.size() > end + 4) {
            failure = error{fault::unavailable, where + " answers, but not as an HTTP proxy"};
        }
    } else if (!failed) {
        failure = error{fault::unavailable, where + " answers, but not as an HTTP proxy"};
    } else if (head.empty()) {
        failure = error{fault::unavailable, where + " closed the connection without an answer"};
    } else {
        failure = error{fault::unavailable, where + " closed the connection within its answer"};
    }
    ending->aim(nullptr);
    co_return failure;
}

}  // namespace traitsync::net
