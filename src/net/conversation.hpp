#pragma once
// One exchange on a connection: the request goes out, its answer is read and judged. The heavy unit behind
// https_client: Beast is known in conversation.cpp alone. Loop thread only. Private to net/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "interrupt.hpp"
#include "traitsync/net/http.hpp"

namespace boost::asio::ssl {
template <class Stream>
class stream;
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

// All of them must live until it has ended. Firing `ending` is to close the stream: then it ends at once, as too late.
// `where` names the other side in words.
boost::asio::awaitable<outcome> converse(boost::asio::ip::tcp::socket& stream, question& q, std::string const& where,
                                         interrupt const& ending);
boost::asio::awaitable<outcome> converse(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream, question& q,
                                         std::string const& where, interrupt const& ending);

}  // namespace traitsync::net
