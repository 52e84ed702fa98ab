#pragma once
// What ends an exchange from outside: its deadline, or the client's stop. Loop thread only. Private to net/.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>

#include "traitsync/core/clock.hpp"

namespace traitsync::net {

class interrupt : public std::enable_shared_from_this<interrupt> {
public:
    enum class cause : std::uint8_t { none, late, stopped };

    explicit interrupt(boost::asio::io_context& loop) : timer_{loop} {}

    // The time at which it fires with `late`; replaces an earlier one.
    void arm(steady_time until);

    // What firing does: it makes the wait that is under way return, whose owner then looks at why(). Replaces
    // an earlier one; done at once where it has fired already. Whatever it holds is let go by disarm().
    void aim(std::function<void()> act);

    // Fires once; later causes are ignored.
    void fire(cause why);
    cause why() const { return why_; }
    bool fired() const { return why_ != cause::none; }

    void disarm();

private:
    boost::asio::steady_timer timer_;
    std::function<void()> act_;
    cause why_ = cause::none;
};

}  // namespace traitsync::net
