#pragma once
// The life of a message: every event that can happen to a user's traits and messages, as pure steps on an
// account. The one owner of "what waits", "what goes along" and "when a message may be offered". No I/O and
// no clock: the store loads the account, takes a step and saves it in one transaction.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "traitsync/config/config.hpp"
#include "traitsync/diff/account.hpp"
#include "traitsync/profile/mapper.hpp"

namespace traitsync::diff {

// What the operator's policies mean for the steps.
struct diff_rules {
    trait_set riding;
    trait_set always;
    config::on_remove on_remove = config::on_remove::null;
    config::on_delete on_delete = config::on_delete::ignore;
    std::int64_t volatile_millis = 24 * 3600 * 1000;
};
diff_rules diff_rules_of(config::trait_settings const& settings, profile::rules const& policies);

// The moment and the cause of a step.
struct moment {
    std::int64_t now = 0;   // wall clock, milliseconds
    std::int64_t pass = 0;  // the pass that causes it, 0 for an operator's request
    std::uint8_t wait = 0;  // wait_reason bits for a message that this step makes or changes
    bool hold = false;      // the pass's brake is closed: a message made or changed is held
    // Whether the step changed what causes a message. Where it did not, a message that waited before is none of the
    // pass's: neither held nor counted with it.
    bool causes = true;
};

// Sets what is wanted of one trait from what the mapper found; what absence means is decided here. True
// when it changed.
bool want(account& a, trait t, profile::mapped_trait const& found, diff_rules const& r);

// Whether a trait that Moesif does not have keeps its value (traits.on_remove = ignore).
bool keeps(profile::mapped_trait const& found, diff_rules const& r);

// Nothing is wanted of a trait (its policy is `never`, or what is stored of it is not as the policies want it): it
// stays at Segment as it is. True when it changed.
bool exclude(account& a, trait t);

// When a trait that differs and rides, as a whole or in some members alone, has waited out its interval, in
// milliseconds; it is due after that moment. The company's riding members are never due. Nothing where it does not ride
// or does not differ, and where the user got no message yet. Due times are spread over the interval by the account's
// `spread`, so that a first sync does not come back as one wave a day later.
std::optional<std::int64_t> due_at(account const& a, trait t, diff_rules const& r);
bool is_due(account const& a, trait t, diff_rules const& r, std::int64_t now);
trait_set due_traits(account const& a, diff_rules const& r, std::int64_t now);

// Whether a riding value is another one than was sent, and waits for its time.
bool riding_differs(account const& a, diff_rules const& r);

// What the waiting message would carry if it were offered now.
trait_set contents(account const& a, message const& pending, diff_rules const& r);
// Those of them for whose sake it goes: marked, due, or changed in what causes messages. The others only go along.
trait_set causes(account const& a, message const& pending, diff_rules const& r);

// waiting := (wanted − baseline) + marked: makes the message, merges into it or removes it. Call after any
// number of want().
struct refreshed {
    bool queued = false;  // a message was made or changed
    bool caused = false;  // by this step, in a trait that causes messages: not only by a riding one that was due
};
refreshed refresh(account& a, diff_rules const& r, moment const& m);

// Whether something was offered, discarded or taken as known before that time: what a first pass that began then queues
// is the user's first sync where not.
bool was_told_before(account const& a, std::int64_t moment);

// Takes the present state as already known to Segment (first_sync = "adopt").
void adopt(account& a, std::int64_t now);

// waiting → offered. `parts` are the frozen parts in order (at least one unless everything was too large),
// `too_large` single traits that no message can carry, with the words for the operator. The baseline moves. Returns the
// indices in a.open of the parts, in order; the dead letters stand behind them.
struct oversize_trait {
    trait name;
    std::string words;
};
std::vector<std::size_t> freeze(account& a, std::span<trait_set const> parts, std::span<oversize_trait const> too_large,
                                std::int64_t now);

void acknowledge(account& a, message& m, std::int64_t now);
// What offering and acknowledging a message with these traits means for them, where nothing else of the user is open.
void take_offered(account& a, message_id const& id, trait_set traits, std::int64_t at);
void take_acknowledged(account& a, message_id const& id, trait_set traits, std::int64_t at);
// Refused alone, or given up.
void bury(account& a, message& m, dead_reason why, std::string answer, std::int64_t now);

// The operator's rows.
void retry_dead(account& a, message& dead, diff_rules const& r, moment const& m);
void discard_dead(account& a, message& dead, std::int64_t now);
void hold(account& a);  // the brake closes: waiting → held
// held → waiting, at the gate still where one of these passes, which may yet close the brake, changed it.
void release_held(account& a, diff_rules const& r, std::vector<std::int64_t> const& at_the_gate = {});
void discard_held(account& a, diff_rules const& r, std::int64_t now);  // the baseline moves
// Present values of the chosen traits join waiting. False when there is nothing to send.
bool mark_for_replay(account& a, std::int64_t replay, trait_set traits, diff_rules const& r, moment const& m);
void cancel_replay(account& a, std::int64_t replay, diff_rules const& r, moment const& m);
// Gone from Moesif; once more where on_delete says something else than before.
refreshed leave(account& a, diff_rules const& r, moment const& m);
void come_back(account& a);                                                 // then want() and refresh()
void forget_destination(account& a, diff_rules const& r, moment const& m);  // `resend` after another write key

}  // namespace traitsync::diff
