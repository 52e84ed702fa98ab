#include "replay_feed.hpp"

namespace traitsync::engine {
namespace {

// Taken back in one transaction: some ten milliseconds.
constexpr int claims_a_step = 500;

}  // namespace

bool claims_too_many(store::session& s, std::int64_t replay, std::int64_t most_held) {
    if (s.accounts.counts()[diff::message_state::held] < most_held) return false;
    auto const claims = s.replays.count_claims(replay);
    return claims.open - claims.parked - claims.moving >= most_held;
}

bool drop_stale_claims(store::session& s, diff::diff_rules const& rules, std::int64_t now) {
    auto const stale = s.replays.stale_claims(claims_a_step);
    for (auto const& claim : stale) s.outbox.unmark(claim.user_no, claim.replay_no, rules, now);
    return static_cast<int>(stale.size()) == claims_a_step;
}

store::outbox::offered take_for_delivery(store::session& s, std::size_t messages, std::size_t bytes,
                                         store::message_writer& writer, store::outbox::offer_rules const& rules,
                                         std::int64_t now, std::optional<double> place, std::int64_t most_held) {
    if (drop_stale_claims(s, rules.diff, now)) return {.messages = {}, .more = true};
    if (auto const row = place ? s.outbox.row_before(*place) : std::nullopt)
        return s.outbox.offer_behind(*row, messages, bytes, writer, rules, now);
    auto const replay = s.replays.feeding();
    if (!replay || claims_too_many(s, replay->no, most_held))
        return s.outbox.offer(messages, bytes, writer, rules, now);
    store::outbox::replay_feed feed{
        .replay = replay->no,
        .traits = replay->traits,
        .users = s.replays.next_users(replay->no, replay->after_user_no, messages),
    };
    auto taken = s.outbox.offer(messages, bytes, writer, rules, now, &feed);
    if (feed.done > 0) s.replays.advance(replay->no, feed.users[feed.done - 1]);
    // Some had nothing to send, perhaps.
    taken.more = taken.more || (!feed.users.empty() && feed.users.size() == messages);
    return taken;
}

}  // namespace traitsync::engine
