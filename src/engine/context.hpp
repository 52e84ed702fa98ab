#pragma once
// What the engine's flows share. Owned by the engine, outlives them all. Private to engine/.

#include <fmt/core.h>
#include <atomic>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "traitsync/config/config.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/engine/ingest.hpp"
#include "traitsync/engine/status.hpp"
#include "traitsync/engine/wake.hpp"
#include "traitsync/ops/log.hpp"
#include "traitsync/store/store_thread.hpp"

namespace traitsync::engine {

struct context {
    boost::asio::io_context& loop;
    config::settings const& settings;
    store::store_thread& store;
    ops::log& log;
    clock const& time;
    engine_options options;
    status state;
    ingest rules;  // its functions run in store jobs only
    // One sleeper each.
    wake pull_wake, check_wake, push_wake, house_wake, end_wake, replay_wake, operator_wake, renew_wake;
    secret write_key;                   // of the settings, or the one that replaced it
    bool renewing_key = false;          // another one is being put in place
    bool settling_destination = false;  // what the operator decided about it is being carried out
    bool stopping = false;
    std::uint64_t progress = 0;  // pages read and batches acknowledged: `run --once` gives up when it stands still
    bool new_messages = false;
    bool replaying = false;                          // acknowledgements make room for more of a replay
    std::atomic<std::uint64_t> texts_taken_out = 0;  // people forgotten, policies applied: counted where it is stored
    std::vector<std::int64_t> forgotten_rows;        // messages of forgotten people, for delivery to drop
    steady_time moesif_not_before{};                 // as it asked: no request of any kind goes before
    int failing_jobs = 0;                            // that insist() repeats
    bool damaged = false;                            // the store: nothing may be written to it any more
    std::optional<steady_time> insists_until;        // `once`, at its start: not longer than for anything else
    bool gave_up = false;                            // the store was waited for in vain until then
    std::function<void()> changed = [] {};

    context(boost::asio::io_context& io, config::settings const& s, store::store_thread& st, ops::log& l,
            clock const& t, engine_options o)
        : loop{io},
          settings{s},
          store{st},
          log{l},
          time{t},
          options{std::move(o)},
          rules{s.traits},
          pull_wake{io},
          check_wake{io},
          push_wake{io},
          house_wake{io},
          end_wake{io},
          replay_wake{io},
          operator_wake{io},
          renew_wake{io},
          write_key{s.segment.write_key} {}

    // The store may have messages that delivery has not seen.
    void queue_grew() {
        new_messages = true;
        push_wake.notify();
    }

    bool pull_paused() const { return state.pull.paused.has_value(); }
    bool deliver_paused() const { return state.push.paused.has_value(); }
    // Whether what is in the queue goes, or nothing is in it.
    bool delivers() const {
        return !deliver_paused() && !state.store_fault && !state.destination && !state.applies_rules &&
               (state.push.state == service_state::idle || state.push.state == service_state::working);
    }
    // Since when, or nothing to go on.
    void pause_pull(std::optional<wall_time> since) {
        state.pull.paused.reset();
        if (since) state.pull.paused = reason{"pull_paused", "pulling is paused by the operator", *since};
    }
    void pause_deliver(std::optional<wall_time> since) {
        state.push.paused.reset();
        if (since) state.push.paused = reason{"deliver_paused", "delivering is paused by the operator", *since};
    }

    // New numbers, and the reasons that follow from them.
    void take(store::session::numbers const& n) {
        state.numbers = n;
        follow(state.held, n.held, n.held_since, "held",
               "messages are held by the brake: look at them, then release or discard them");
        follow(state.dead_letters, n.dead, n.dead_since, "dead_letters",
               "messages are dead letters: look at the reasons, then retry or discard them");
    }

    // A job on the store, unless it is damaged: then it is named and not touched.
    template <class Job>
    boost::asio::awaitable<std::invoke_result_t<Job&, store::session&>> run(Job job) {
        if (damaged)
            co_return error{fault::storage, state.store_fault ? state.store_fault->detail : "the store is damaged"};
        auto outcome = co_await store.run(std::move(job));
        co_return outcome;
    }

    std::int64_t now() const { return to_millis(time.wall()); }

    // `since`: of the oldest, where the store has its row.
    void follow(std::optional<reason>& r, std::int64_t count, std::optional<std::int64_t> since, char const* code,
                char const* words) const {
        auto const until_now = r ? r->since : time.wall();
        r.reset();
        if (count > 0) r = reason{code, fmt::format("{} {}", count, words), since ? from_millis(*since) : until_now};
    }

    // A storage fault stops taking and offering until a job succeeds again. One line a change.
    void store_failed(error const& e) {
        if (state.store_fault) return;
        state.store_fault = reason{"store_fault", e.what, time.wall()};
        log.error("store_fault", "The store failed; pulling and delivering wait until it works again",
                  {{"detail", e.what}});
        changed();
    }
    // A write succeeded. While a job that failed is still being repeated the fault stays.
    void store_works() {
        if (!state.store_fault || damaged || failing_jobs > 0) return;
        state.store_fault.reset();
        log.info("store_recovered", "The store works again");
        queue_grew();  // delivery waits for this
        changed();
    }
};

// A job of its own: what the store holds, for context::take.
inline result<store::session::numbers> read_numbers(store::session& s) { return s.read_numbers(); }

// How long to wait before a failed job on the store is tried again.
inline constexpr std::chrono::seconds store_retry{2};

// One job that failed, for as long as it is repeated.
class failing_job {
public:
    explicit failing_job(context& c) : c_{c} {}
    ~failing_job() { succeeded(); }
    failing_job(failing_job const&) = delete;
    failing_job& operator=(failing_job const&) = delete;
    void failed() {
        if (!counted_) ++c_.failing_jobs;
        counted_ = true;
    }
    bool counted() const { return counted_; }
    // True when it had failed before.
    bool succeeded() {
        if (counted_) --c_.failing_jobs;
        return std::exchange(counted_, false);
    }

private:
    context& c_;
    bool counted_ = false;
};

// Runs a job on the store until it succeeds (on a full disk it may need no more than the log's own room: what stands in
// the log is moved into the file before each further attempt), a fault other than storage comes, or the engine stops.
// The job must be one transaction, so that repeating it is harmless. Only a job that failed and then succeeds shows
// that the store works again: another one may have had nothing to write.
template <class Job>
boost::asio::awaitable<std::invoke_result_t<Job&, store::session&>> insist(context& c, wake& sleeper, Job job) {
    failing_job failing{c};
    for (;;) {
        auto attempt = [job, again = failing.counted()](store::session& s) mutable {
            if (again) s.file().checkpoint();
            return job(s);
        };
        auto outcome = co_await c.run(std::move(attempt));
        if (outcome) {
            if (failing.succeeded()) c.store_works();
            co_return outcome;
        }
        if (outcome.error().kind != fault::storage) co_return outcome;
        failing.failed();
        c.store_failed(outcome.error());
        c.gave_up = c.insists_until && c.time.steady() >= *c.insists_until;
        if (c.stopping || c.gave_up) co_return outcome;
        co_await sleeper.until(c.time.steady() + store_retry);
    }
}

}  // namespace traitsync::engine
