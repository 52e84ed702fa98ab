#pragma once
// All that decides about one user's messages: per trait what Moesif wants, what was last offered or
// discarded (the baseline) and what Segment acknowledged, and the user's open messages. Plain values; the
// rules that change them are diff/life, the file form is store/codec.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/ids.hpp"
#include "traitsync/profile/trait.hpp"

namespace traitsync::diff {

using profile::trait;
using profile::trait_count;
using profile::trait_set;

// Texts that are used again keep as much room: a larger one gives it back.
inline constexpr std::size_t most_kept_room = 64 << 10;

// A trait's value as known in one place. Values are the same when their canonical hashes are.
struct known {
    enum class form : std::uint8_t { none, null, value };
    form state = form::none;
    std::uint64_t full = 0;     // hash of the canonical form; 0 unless a value, and of a baseline in doubt
    std::uint64_t trigger = 0;  // the same without riding members
    // The JSON text. Empty where the same value's text already stands in `wanted` or `baseline` of the slot:
    // a text is never stored twice. See slot::text_of.
    std::string text;

    bool same(known const& other) const { return state == other.state && full == other.full; }
    // Equal for the question whether a message is caused.
    bool same_trigger(known const& other) const { return state == other.state && trigger == other.trigger; }
    // Of a baseline, see slot::doubt_baseline: no value is the same.
    bool in_doubt() const { return state == form::value && full == 0; }
    static known null_value() { return {form::null, 0, 0, {}}; }
    void clear();
};

struct slot {
    known wanted;        // what Moesif and the policies say now; none: nothing is wanted
    known baseline;      // in the newest message that was offered or discarded; none: never sent
    known acknowledged;  // what Segment has taken
    // In the offered message, where discarding a held message moved the baseline beyond it.
    std::optional<known> in_flight;

    std::int64_t offered_at = 0;  // milliseconds: when the baseline was set
    std::int64_t acknowledged_at = 0;
    message_id offered_in;  // all zero: adopted, or never
    message_id acknowledged_in;

    // The text of `k`, which is one of this slot's values; "null" for null and none. Needs wanted.text
    // loaded when the value is shared with it.
    std::string_view text_of(known const& k) const;

    void set_wanted(known next);  // needs the text of the present `wanted` loaded
    void set_baseline(known next, std::int64_t at, message_id const& in);
    void set_acknowledged(known next, std::int64_t at, message_id const& in);

    // Its text stays known, but no value is the same: whatever is wanted is a change.
    void doubt_baseline();
    void offer_wanted(std::int64_t at, message_id const& in);  // baseline := wanted
    // acknowledged := what was in the offered message. `in_another`: another offered message carries the same.
    void acknowledge_offered(std::int64_t at, message_id const& in, bool in_another);

    void clear();  // as one that was never used; strings keep their room
    // Texts of the baseline, the acknowledged and the offered value, where they are not wanted's; the hashes stay.
    void rewrite_texts(std::function<std::string(std::string_view)> const& rewritten);

    bool differs() const;   // wanted − baseline: whether a message would carry the trait
    bool triggers() const;  // the same, riding members left out: whether it causes a message

private:
    void own_text(known& k);
    void own_texts();    // gives every value its own text
    void share_texts();  // drops the texts that stand elsewhere in the slot
};

enum class message_state : std::uint8_t { waiting, offered, acknowledged, dead, held, retried, discarded, superseded };
std::string_view name_of(message_state s);
std::optional<message_state> message_state_named(std::string_view name);
std::span<std::string_view const> message_state_names();  // in the order of `message_state`

// Why a waiting message may not be offered yet; a set of bits.
enum wait_reason : std::uint8_t {
    wait_parked = 1,   // the profile is gone from Moesif
    wait_company = 2,  // its company may still come within this pass
    wait_behind = 4,   // an earlier message of the user, or an earlier part of a split one, is offered
    wait_gate = 8,     // the pass that caused it may still close the brake
};

enum class dead_reason : std::uint8_t { none, refused, too_large, gave_up };
std::string_view name_of(dead_reason r);                              // of none: empty
std::optional<dead_reason> dead_reason_named(std::string_view name);  // never none
std::span<std::string_view const> dead_reason_names();                // without none

// A replay's claim on a waiting message: these traits go although they are equal. Replay 0 is an operator's
// retry of a dead letter.
struct mark {
    std::int64_t replay = 0;
    trait_set traits;
    bool operator==(mark const&) const = default;
};

struct message {
    std::int64_t row = 0;  // 0: not stored yet
    message_id id;
    message_state state = message_state::waiting;
    trait_set traits;     // frozen: what its bytes carry
    trait_set due;        // waiting: traits that ride, as a whole or in members, and whose interval is over
    trait_set remaining;  // dead: traits that no newer acknowledged or dead message carries
    std::vector<mark> marks;
    std::uint8_t wait = 0;  // wait_reason bits
    std::int64_t created = 0;
    std::int64_t timestamp = 0;  // when its newest change was read
    std::int64_t first_offered = 0;
    std::int64_t settled = 0;
    std::int64_t pass = 0;  // the pass that made it or changed it last; 0: none
    dead_reason reason = dead_reason::none;
    std::string answer;    // dead: Segment's answer, or the size
    bool removed = false;  // left without a change before it was ever offered: the row goes
    // As the store has it (store/accounts).
    message_state stored_state = message_state::waiting;
    bool had_marks = false;
    std::vector<mark> stored_marks;
    std::int64_t row_claim = 0;  // the replay whose claim, its only mark, stands in the row itself
    std::uint8_t stored_notes = 0;
    bool offer_noted = false;  // in the message's row alone: the ledger does not know of the offer
    bool changed = true;       // to be written

    trait_set marked() const;
    bool is_pending() const { return state == message_state::waiting || state == message_state::held; }
};

struct account {
    std::int64_t user_no = 0;
    std::uint64_t spread = 0;  // hash of the user id: where in the interval riding traits are due
    bool gone = false;
    std::array<slot, trait_count> slots;
    // The largest id and time given to a message that was offered or is open. Open ones remember their own: a step that
    // only makes or touches one leaves the ledger alone.
    std::optional<message_id> last_id;
    std::int64_t last_timestamp = 0;
    // Rows of messages before it have nothing to say that the ledger does not (store/accounts).
    std::int64_t horizon = 0;
    std::vector<std::int64_t> noted;  // acknowledged messages whose answers stand in their rows alone
    std::vector<message> open;  // waiting or held (at most one of them), offered, dead; just closed ones until saved
    std::int64_t counted_pass = 0;  // the last pass whose brake counted the user; 0: none
    bool stored = false;            // the store has its ledger
    bool changed = false;           // the ledger is to be written

    slot& operator[](trait t) { return slots[profile::index_of(t)]; }
    slot const& operator[](trait t) const { return slots[profile::index_of(t)]; }
    void clear();        // as one that was never used, for a user after another
    message* pending();  // the waiting or held message
    bool has_offered() const;
};

}  // namespace traitsync::diff
