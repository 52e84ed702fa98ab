#pragma once
// What stands between a flow and a request to Moesif: the operator's pause, free disk and the budget before it, and
// after a failure the back-off or the block. Tells the state of pulling to the outside. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <functional>

#include "context.hpp"
#include "traitsync/engine/backoff.hpp"
#include "traitsync/moesif/budget.hpp"

namespace traitsync::engine {

class pull_gate {
public:
    pull_gate(context& c, moesif::budget& budget, std::function<double()> random);

    // Waits while paused, low on disk or out of budget, and takes a request from the budget unless it is `paid`
    // already; what was paid before a pause counts no more.
    enum class admission : std::uint8_t { stop, at_once, after_a_pause };
    boost::asio::awaitable<admission> pass(bool paid);
    // Whether nothing speaks against one more request now; it is taken from the budget.
    boost::asio::awaitable<bool> may_ask_ahead();
    boost::asio::awaitable<void> wait_after(error const& e);
    boost::asio::awaitable<void> rest(steady_time until);
    void new_token() { c_.moesif_not_before = {}; }  // what the old one was told to wait for
    void answered();                                 // a page came and was taken
    void end_block();  // Moesif judges what is asked again: whatever it says of that, it takes the token
    void set_state(service_state s);
    bool leave() const { return c_.stopping; }

    // `run --once`: what keeps the pass from its end, where something does.
    void fail(error e) { failure_ = std::move(e); }
    std::optional<error> const& failure() const { return failure_; }

private:
    bool disk_is_low();

    context& c_;
    moesif::budget& budget_;
    backoff backoff_;
    std::optional<error> failure_;
    int blocked_status_ = 0;  // of the latest answer that blocked
};

}  // namespace traitsync::engine
