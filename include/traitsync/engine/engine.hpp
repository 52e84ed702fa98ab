#pragma once
// The running service: pulls, delivers, keeps house, and stops in order. Made on one io_context; everything
// here happens on its thread except jobs on the store.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "traitsync/config/config.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/engine/status.hpp"
#include "traitsync/ops/log.hpp"
#include "traitsync/store/store_thread.hpp"

namespace traitsync::engine {

enum class destination_choice : std::uint8_t { ask, resend, keep };

struct engine_options {
    bool once = false;                                             // a full pass, deliver all, then end
    std::chrono::milliseconds max_wait = std::chrono::minutes{5};  // once: without an acknowledgement
    destination_choice destination = destination_choice::ask;
    std::string ca_file;  // extra trust anchors for both services
};

// Why the engine ended, and what is left.
struct ending {
    bool finished = false;         // once: the pass is whole and everything was delivered
    bool stopped = false;          // by stop()
    bool damaged = false;          // the store was found so: nothing may be written to it any more
    std::optional<error> failure;  // once: what kept it from finishing
    store::session::numbers numbers;
    std::int64_t newly_dead = 0;
    bool has_unsent = false;  // beside what waits for somebody who is gone to come back
};

class operations;

class engine {
public:
    engine(boost::asio::io_context& loop, config::settings const& settings, store::store_thread& store, ops::log& log,
           clock const& time, engine_options options);
    ~engine();

    // Runs until stop(), or with `once` until there is nothing left to do. A broken invariant is thrown.
    boost::asio::awaitable<ending> run();

    // Begins the orderly end: no new work, requests in flight finish or are abandoned within stop_timeout.
    void stop();

    // Secrets that were replaced while it runs; empty: unchanged. Another write key goes by the rule of another
    // destination: requests in flight end under the old one, then nothing goes until the operator has decided.
    void renew(secret const& token, secret const& write_key);
    // The settings name another receiver of alerts, or another key of theirs.
    void renew_alerts();

    operations& operate();  // valid while the engine lives; ask only while run() runs
    status const& state() const;
    // Of this minute's budget for Moesif, now; it grows as time goes by. A million without a budget.
    int requests_left() const;
    // Called after every change of the state, at most some times a second.
    void on_change(std::function<void()> listener);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::engine
