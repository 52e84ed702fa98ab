#pragma once
// What delivery takes out of the store: what waits, and then what a running replay asks for. A replay's messages are
// made as they are offered, so they are composed once, hold up no ordinary change, and the values in them are the
// newest. Private to engine/.

#include <cstdint>
#include <limits>
#include <optional>

#include "traitsync/store/session.hpp"

namespace traitsync::engine {

// Messages that the brake holds do not move, and whom it does not hold need not wait for them: a replay goes past so
// many. Each step counts its claims and a cancel takes them back, so not past any number of them.
constexpr std::int64_t most_held_claims(std::int64_t batch_size) { return 40 * batch_size; }

// Of one that claims so many, delivery takes nobody further until they are released, discarded or given back.
bool claims_too_many(store::session& s, std::int64_t replay, std::int64_t most_held);

// Part of the caller's transaction: how far the replay has come commits with its messages. With `place`, from 0 to 1,
// from there in what waits, where anything does. Nothing, and `more`, while a cancelled replay's claims are taken back.
// Nothing of a replay that claims `most_held` messages which the brake holds.
store::outbox::offered take_for_delivery(store::session& s, std::size_t messages, std::size_t bytes,
                                         store::message_writer& writer, store::outbox::offer_rules const& rules,
                                         std::int64_t now, std::optional<double> place = std::nullopt,
                                         std::int64_t most_held = std::numeric_limits<std::int64_t>::max());

// Waiting and held messages no more carry what a replay asked for that was cancelled: before anything is offered. Some
// at a time; true while more may be left, in the next transaction.
bool drop_stale_claims(store::session& s, diff::diff_rules const& rules, std::int64_t now);

}  // namespace traitsync::engine
