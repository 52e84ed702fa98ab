#pragma once
// A wait with an end: a coroutine sleeps until a time or until somebody calls notify(). Loop thread only;
// the owner outlives the sleeper.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

#include "traitsync/net/completion.hpp"

namespace traitsync::engine {

class wake {
public:
    explicit wake(boost::asio::io_context& loop) : timer_{loop} {}

    // A notify() that came since the last wait ends this one at once.
    boost::asio::awaitable<void> until(std::chrono::steady_clock::time_point when) {
        if (notified_) {
            notified_ = false;
            co_return;
        }
        timer_.expires_at(when);
        auto const ended = co_await timer_.async_wait(net::token);
        static_cast<void>(ended);
        notified_ = false;
    }
    void notify() {
        notified_ = true;
        timer_.cancel();
    }

private:
    boost::asio::steady_timer timer_;
    bool notified_ = false;
};

}  // namespace traitsync::engine
