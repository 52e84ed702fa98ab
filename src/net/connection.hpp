#pragma once
// One connection, plain or TLS, and one exchange on it. The heavy unit behind https_client: Beast and the TLS stream
// are known in connection.cpp alone. Loop thread only. Private to net/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "interrupt.hpp"
#include "traitsync/net/http.hpp"

namespace boost::asio::ssl {
class context;
}

namespace traitsync::net {

// What an exchange on one connection came to: an answer, or the reason why there is none.
struct outcome {
    std::optional<error> failed;
    reply answer;
    // No byte of an answer came and the other side had closed: a dropped idle connection looks so.
    bool unanswered = false;
    bool reusable = false;
};

// What is asked: what goes first and what after it, and how the answer is to be read.
struct question {
    std::string head;
    std::shared_ptr<std::string const> body = {};  // may be null
    bool is_head = false;                          // HEAD: an answer without a body
    std::size_t max_reply_bytes = 0;
    std::string room = {};  // for the body: taken by the first exchange that comes so far
};

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
