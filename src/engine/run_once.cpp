// `run --once`: when there is nothing left to do, or why what is left will not be done.
#include <algorithm>

#include "engine_parts.hpp"
#include "replay_feed.hpp"

namespace traitsync::engine {

// Asked for after each batch: nothing is counted.
boost::asio::awaitable<result<bool>> engine::parts::has_work() {
    auto job = [most_held = most_held_claims(c.settings.segment.batch_size)](store::session& s) -> result<bool> {
        if (s.outbox.has_unsent() || s.passes.count_missing() > 0) return true;
        auto const replay = s.replays.feeding();
        return replay && !claims_too_many(s, replay->no, most_held);
    };
    auto found = co_await c.store.run(std::move(job));
    co_return found;
}

// Nothing moved for --max-wait.
error engine::parts::why_it_stands() const {
    if (auto const& failed = c.state.store_fault) return {fault::storage, failed->detail};
    auto const pulled = c.state.pull.first_pass_done;
    if (auto const& paused = pulled ? c.state.push.paused : c.state.pull.paused)
        return {fault::conflict, paused->detail + ": \"traitsync resume\" lets it go on"};
    if (auto const& low = c.state.low_disk; low && !pulled) return {fault::storage, "reading waits: " + low->detail};
    if (auto const& failed = pulled ? c.state.push.last_error : c.state.pull.last_error) return *failed;
    if (auto const& failed = c.state.pull.missing_error; failed && pulled) {
        auto why = *failed;
        why.what = "profiles that the pass did not show could not be read by id: " + why.what;
        return why;
    }
    return {fault::unavailable, "nothing was acknowledged for --max-wait"};
}

boost::asio::awaitable<void> engine::parts::until_done(ending& end) {
    auto last_progress = c.progress;
    auto moved = c.time.steady();
    while (!c.stopping && !bug) {
        auto const work = co_await has_work();
        if (work) {
            auto const pulled = c.state.pull.first_pass_done;
            if (pulled && !*work) {
                end.finished = true;
                break;
            }
            if (pull.failure()) {
                end.failure = pull.failure();
                break;
            }
            if ((c.state.destination && !c.renewing_key) || (pulled && c.state.push.blocked)) {
                end.failure = error{fault::conflict,
                                    c.state.destination ? c.state.destination->detail : c.state.push.blocked->detail};
                break;
            }
        }
        if (c.damaged) {
            end.failure = why_it_stands();
            break;
        }
        auto const steady = c.time.steady();
        if (c.progress != last_progress) {
            last_progress = c.progress;
            moved = steady;
        }
        if (steady - moved > c.options.max_wait) {
            end.failure = why_it_stands();
            break;
        }
        co_await c.end_wake.until(std::min(moved + c.options.max_wait, steady + std::chrono::seconds{1}) +
                                  std::chrono::milliseconds{10});
    }
}

boost::asio::awaitable<void> engine::parts::finish_alerts() {
    if (c.stopping || bug) co_return;
    auto found = co_await c.store.run(read_numbers);
    if (found) c.take(*found);
    co_await alerts.finish();
}

}  // namespace traitsync::engine
