#include "replay_loop.hpp"

#include <algorithm>

#include "replay_feed.hpp"

namespace traitsync::engine {
namespace {

// Messages of a replay in the queue at a time, in batches, while others wait or nothing can be delivered.
constexpr std::int64_t batches_ahead = 2;
constexpr int users_a_feed = 1000;
constexpr std::chrono::seconds poll{1};       // while a replay runs; acknowledgements wake earlier
constexpr std::chrono::hours idle_replay{1};  // a new replay wakes

}  // namespace

// One transaction: the marks and how far the replay has come commit together.
result<replay_loop::step> replay_loop::take(store::session& s, bool delivers, std::int64_t now) {
    step done;
    store::session::transaction tx{s};
    done.more = drop_stale_claims(s, c_.rules.diff_rules(), now);
    auto const running = s.replays.running();
    done.active = !running.empty();
    auto const feeding = s.replays.feeding();
    for (auto const& replay : running) {
        if (feeding && replay.no == feeding->no) break;
        end_if_done(s, replay.no, now, done);
    }
    if (feeding) feed(s, *feeding, delivers, now, done);
    tx.commit();
    return done;
}

// All its users were reached: it is done when none of its messages can go any more.
void replay_loop::end_if_done(store::session& s, std::int64_t replay, std::int64_t now, step& done) {
    auto const claims = s.replays.count_claims(replay);
    if (claims.open != claims.parked) return;
    s.replays.end(replay, store::replay_state::done, now, claims.parked);
    done.ended.push_back(replay);
    done.more = true;
}

void replay_loop::feed(store::session& s, store::replays::progress const& replay, bool delivers, std::int64_t now,
                       step& done) {
    std::int64_t const batch = c_.settings.segment.batch_size;
    auto const ahead = !delivers || s.replays.may_join();
    if (!ahead) {
        // Delivery takes the next users itself.
        done.fed = !claims_too_many(s, replay.no, most_held_claims(batch));
        return;
    }
    auto const claims = s.replays.count_claims(replay.no);
    auto const held = claims.open - claims.parked - claims.moving;
    auto const room = std::min(batches_ahead * batch - claims.moving, most_held_claims(batch) - held);
    auto const wanted = static_cast<std::size_t>(std::clamp<std::int64_t>(room, 0, users_a_feed));
    auto users = s.replays.next_users(replay.no, replay.after_user_no, wanted + 1);
    auto const at_end = users.size() <= wanted;
    if (!at_end) users.pop_back();
    store::accounts::together rows{s.accounts};
    for (auto const no : users) {
        done.fed = s.outbox.mark(no, replay.no, replay.traits, c_.rules.diff_rules(), now) || done.fed;
    }
    rows.end();
    if (!users.empty()) s.replays.advance(replay.no, users.back());
    done.more = done.more || at_end || room > users_a_feed;
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
        for (auto const replay : done->ended) c_.log.info("replay_done", "A replay is done", {{"replay", replay}});
        if (!done->ended.empty()) c_.changed();
        if (done->more) continue;
        auto wait = c_.time.steady() + idle_replay;
        if (done->active) wait = c_.time.steady() + poll;
        co_await c_.replay_wake.until(wait);
    }
}

}  // namespace traitsync::engine
