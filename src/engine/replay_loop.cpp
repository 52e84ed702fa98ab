#include "replay_loop.hpp"

#include <algorithm>

namespace traitsync::engine {
namespace {

// Messages of a replay in the queue at a time, in batches, while others wait or nothing can be delivered.
constexpr std::int64_t batches_ahead = 2;
constexpr int users_a_step = 1000;
constexpr int stale_a_step = 250;
constexpr std::chrono::seconds poll{1};  // while a replay runs; acknowledgements wake earlier
constexpr std::chrono::hours idle{1};    // a new replay wakes

}  // namespace

// One transaction: the marks and how far the replay has come commit together.
result<replay_loop::step> replay_loop::take(store::session& s, bool delivers, std::int64_t now) {
    step done;
    store::session::transaction tx{s};
    auto const stale = s.replays.stale_claims(stale_a_step);
    for (auto const& claim : stale) s.outbox.unmark(claim.user_no, claim.replay_no, c_.rules.diff_rules(), now);
    done.more = !stale.empty();
    auto const replay = s.replays.oldest_running();
    if (!replay) {
        tx.commit();
        return done;
    }
    done.active = true;
    auto const ahead = !delivers || s.replays.may_join();
    auto const room =
        ahead ? batches_ahead * c_.settings.segment.batch_size - s.replays.count_claims(replay->no).moving : 0;
    auto const wanted = static_cast<std::size_t>(std::clamp<std::int64_t>(room, 0, users_a_step));
    auto users = s.replays.next_users(replay->no, replay->after_user_no, wanted + 1);
    auto const at_end = users.size() <= wanted;
    if (!at_end) users.pop_back();
    // Delivery takes the next users itself.
    done.fed = !ahead && !at_end;
    store::accounts::together rows{s.accounts};
    for (auto const no : users) {
        done.fed = s.outbox.mark(no, replay->no, replay->traits, c_.rules.diff_rules(), now) || done.fed;
    }
    rows.end();
    if (!users.empty()) s.replays.advance(replay->no, users.back());
    done.more = done.more || (!at_end && room > users_a_step);
    if (at_end && !done.fed) {
        auto const claims = s.replays.count_claims(replay->no);
        if (claims.open == claims.parked) {
            s.replays.end(replay->no, store::replay_state::done, now);
            done.ended = replay->no;
            done.more = true;
        }
    }
    tx.commit();
    return done;
}

boost::asio::awaitable<void> replay_loop::run() {
    while (!c_.stopping) {
        auto const now = c_.now();
        auto const delivers = c_.delivers();
        auto job = [this, delivers, now](store::session& s) { return take(s, delivers, now); };
        auto done = co_await insist(c_, c_.replay_wake, std::move(job));
        if (!done || c_.stopping) continue;
        c_.replaying = done->active;
        if (done->fed) c_.queue_grew();
        if (done->ended != 0) {
            c_.log.info("replay_done", "A replay is done", {{"replay", done->ended}});
            c_.changed();
        }
        if (done->more) continue;
        auto wait = c_.time.steady() + idle;
        if (done->active) wait = c_.time.steady() + poll;
        co_await c_.replay_wake.until(wait);
    }
}

}  // namespace traitsync::engine
