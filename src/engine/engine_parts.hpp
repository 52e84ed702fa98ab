#pragma once
// The flows that a running engine is made of, what they share, and how they begin and end. Private to engine/.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

#include "alert_loop.hpp"
#include "context.hpp"
#include "housekeeping.hpp"
#include "pull_cycle.hpp"
#include "push_loop.hpp"
#include "remembered.hpp"
#include "replay_loop.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/engine/operations.hpp"

namespace traitsync::engine {

struct engine::parts {
    parts(boost::asio::io_context& loop, config::settings const& settings, store::store_thread& store, ops::log& log,
          clock const& time, engine_options options);

    context c;
    pull_cycle pull;
    push_loop push;
    housekeeping house;
    replay_loop replay;
    alert_loop alerts;
    operations ask;
    int flows = 0;
    bool stop_asked = false;
    std::exception_ptr bug;  // the first

    // What must be known before the flows begin. False when the engine was stopped meanwhile, or gave the store up.
    boost::asio::awaitable<bool> start();
    void show(remembered const& r);
    void spawn(boost::asio::awaitable<void> flow);
    void begin_stop();
    // After begin_stop(): what takes longer than it may is abandoned.
    boost::asio::awaitable<void> until_flows_ended();

    std::optional<secret> next_key;  // to be put in place
    bool flowing = false;
    void renew_key();
    boost::asio::awaitable<void> put_key_in_place();

    // run_once.cpp
    // Waits for the end of the pass and of the queue, or for the reason why it will not come.
    boost::asio::awaitable<void> until_done(ending& end);
    boost::asio::awaitable<result<bool>> has_work();
    error why_it_stands() const;
    boost::asio::awaitable<void> finish_alerts();
};

}  // namespace traitsync::engine
