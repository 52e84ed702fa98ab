#include "replay_feed.hpp"

namespace traitsync::engine {

store::outbox::offered take_for_delivery(store::session& s, std::size_t messages, std::size_t bytes,
                                         store::message_writer& writer, store::outbox::offer_rules const& rules,
                                         std::int64_t now) {
    auto const replay = s.replays.feeding();
    if (!replay) return s.outbox.offer(messages, bytes, writer, rules, now);
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
