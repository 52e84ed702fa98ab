#pragma once
// One connection, plain or TLS: its handshake, its end, and whether it may be used again. Loop thread only. Private to
// net/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>

#include "conversation.hpp"
#include "interrupt.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/core/error.hpp"

namespace boost::asio::ssl {
class context;
}

namespace traitsync::net {

class connection {
public:
    // `where` names the other side in words. With `context` TLS is spoken, after secure().
    connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context,
               std::string where);
    ~connection();

    // The TLS handshake; nothing to do without a context. Ends when `ending` fires.
    boost::asio::awaitable<std::optional<error>> secure(std::string host, std::shared_ptr<interrupt> ending);

    // The question must live until the answer. Ends when `ending` fires.
    boost::asio::awaitable<outcome> exchange(question& q, std::shared_ptr<interrupt> ending);

    // Open and silent: no end and no byte that nobody asked for has arrived since the last answer.
    bool is_quiet();
    void close();
    steady_time made() const { return made_; }

private:
    struct streams;
    std::unique_ptr<streams> streams_;
    std::string where_;
    steady_time made_ = std::chrono::steady_clock::now();
};

}  // namespace traitsync::net
