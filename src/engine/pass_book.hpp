#pragma once
// When a pass begins, where it starts reading, and what its end leaves in the store. Each function that gives a result
// is one transaction, the others are part of the caller's. Store thread only. Private to engine/.

#include <optional>
#include <string>

#include "traitsync/config/config.hpp"
#include "traitsync/engine/schedule.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::engine {

struct next_pass {
    std::optional<store::pass_row> pass;  // to be run now: one that was interrupted, or a new one that is due
    planned_pass planned = {};            // without one: what comes next, and when
};

struct pass_wishes {
    bool full = false;           // a full pass is asked for beside what is due
    bool changes = false;        // an incremental one is
    bool rules_changed = false;  // the profiles were mapped under other policies
    std::int64_t now = 0;
};

result<next_pass> open_pass(store::session& s, config::moesif_settings const& settings, pass_wishes const& wishes);

// The pass that an operator asks for, in the caller's transaction. Before anything was read whole, changes are read by
// a full one.
store::pass_row ask_for_pass(store::session& s, store::pass_kind kind);

// What the pass caused is let go, or held where the brake closed on it. Some at a time; where to go on, nothing at the
// end.
using settling = store::outbox::settling;
result<std::optional<settling>> settle_pass_messages(store::session& s, store::pass_row const& pass, settling from);

// `failure`: why it ended early; empty when it read everything. `pass` becomes the row as it was stored.
result<store::session::numbers> close_pass(store::session& s, store::pass_row& pass, std::string const& failure,
                                           config::trait_settings const& traits, std::int64_t now);

// The companies are read: on to the users.
result<void> turn_to_users(store::session& s, store::pass_row& pass);

// Only a whole reading brings what is lacking. The wish stands until a full pass that begins after it has read
// everything.
void owe_full_pass(store::session& s);
void full_pass_at_work(store::session& s);  // the owed one, where one is; failing, it is owed again
bool full_pass_owed(store::session& s);

// A first pass that adopts takes nothing for known any more once everything is to be sent to another source.
void end_adopting(store::session& s);
void resume_adopting(store::session& s);  // that was called off
bool may_adopt(store::session& s);

// Whether the brake holds what becomes of this one. It is decided at the end of each full pass for all whom it did not
// show, by their number, and holds until the operator releases what it held or a later full pass shows enough of them.
bool holds_gone(store::session& s, store::missing_row const& missing);
// The pass whose end decided it last, as that of which such a message is held.
std::int64_t pass_that_holds(store::session& s);

// The operator releases what is held: what a running pass on which the brake closed has still to queue is not held
// again.
void note_release(store::session& s);
// The passes of rows that were released: nor are those above, where their pass is among them.
void note_released_rows(store::session& s, std::vector<std::int64_t> const& of_passes);
// Passes that are not over and may still close the brake.
std::vector<std::int64_t> passes_at_the_gate(store::session& s);
bool is_released(store::session& s, std::int64_t pass);

}  // namespace traitsync::engine
