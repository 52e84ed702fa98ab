// A user's account from the store: the ledger, the open messages, and what stands in a row alone.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "accounts_statements.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/diff/life.hpp"

namespace traitsync::store {
namespace {

using diff::message;
using diff::message_state;
using profile::trait_set;

// Among `columns`, and what stands behind them where the whole user is read.
enum : int {
    column_wait = 3,
    column_marked = 7,
    ready_user_no = 14,
    ready_user_id,
    ready_gone,
    ready_source,
    ready_counted,
    ready_horizon,
    ready_ledger,
    ready_rows,
};

// Beyond it the ledger is written anew with the next step, so that a load stays a few rows.
constexpr std::size_t most_noted = 4;

message_id id_of(std::string_view bytes) {
    if (bytes.size() != 16) throw broken_invariant{"a stored message id is not 16 bytes long"};
    message_id id;
    std::memcpy(id.bytes.data(), bytes.data(), 16);
    return id;
}

void begin(diff::account& a, std::int64_t user_no, std::string_view user_id) {
    a.clear();
    a.user_no = user_no;
    a.spread = XXH3_64bits(user_id.data(), user_id.size());
}

std::optional<earlier_ledger> take_ledger(diff::account& a, std::int64_t counted_pass, std::int64_t horizon,
                                          std::string_view data) {
    auto const earlier = decode_ledger(data, a);
    a.counted_pass = counted_pass;
    a.horizon = horizon;
    a.stored = true;
    return earlier;
}

std::optional<earlier_ledger> find_ledger(diff::account& a, statement& s) {
    if (!s.step()) return std::nullopt;
    auto const earlier = take_ledger(a, s.integer(0), s.integer(1), s.text(2));
    s.reset();
    return earlier;
}

// Ids and times of the user's messages only grow; a ledger that was not written for a message does not know them.
void take_order(diff::account& a, message_id const& id, std::int64_t timestamp) {
    if (!a.last_id || *a.last_id < id) a.last_id = id;
    a.last_timestamp = std::max(a.last_timestamp, timestamp);
}

// An open message, or the steps that a row says of its own; rows come in order. The marks of one that has any are the
// caller's.
void take_row(diff::account& a, statement& s) {
    message m;
    m.row = s.integer(0);
    m.id = id_of(s.text(1));
    m.state = m.stored_state = static_cast<message_state>(s.integer(2));
    auto const wait = s.integer(column_wait);
    m.wait = static_cast<std::uint8_t>(wait & ~all_notes);
    m.stored_notes = static_cast<std::uint8_t>(wait & all_notes);
    m.offer_noted = (wait & note_offer) != 0;
    m.traits = trait_set{static_cast<std::uint32_t>(s.integer(4))};
    m.due = trait_set{static_cast<std::uint32_t>(s.integer(5))};
    m.remaining = trait_set{static_cast<std::uint32_t>(s.integer(6))};
    m.had_marks = s.integer(column_marked) != 0;
    m.created = s.integer(8);
    m.timestamp = s.integer(9);
    m.first_offered = s.integer(10);
    m.settled = s.integer(11);
    m.pass = s.integer(12);
    m.reason = static_cast<diff::dead_reason>(s.integer(13));
    m.changed = false;
    take_order(a, m.id, m.timestamp);
    if (m.offer_noted) diff::take_offered(a, m.id, m.traits, m.first_offered);
    if (m.state == message_state::acknowledged) {
        diff::take_acknowledged(a, m.id, m.traits, m.settled);
        a.noted.push_back(m.row);
    } else {
        a.open.push_back(std::move(m));
    }
    // The store stays as it is: who loads the account again finds the same.
    a.changed = a.noted.size() > most_noted;
}

}  // namespace

diff::account accounts::fresh(std::int64_t user_no, std::string_view user_id) {
    diff::account a;
    begin(a, user_no, user_id);
    return a;
}

diff::account accounts::load(std::int64_t user_no, std::string_view user_id, bool gone) {
    auto a = fresh(user_no, user_id);
    a.gone = gone;
    auto const earlier = find_ledger(a, sql_->ledger.with(user_no));
    read_rows(a, earlier);
    return a;
}

diff::account accounts::load(std::int64_t user_no) {
    auto a = fresh(user_no, {});
    std::optional<earlier_ledger> earlier;
    if (auto& s = sql_->known.with(user_no); s.step()) {
        begin(a, user_no, s.text(0));
        a.gone = s.integer(1) != 0;
        if (!s.is_null(4)) earlier = take_ledger(a, s.integer(2), s.integer(3), s.text(4));
        s.reset();
    }
    read_rows(a, earlier);
    return a;
}

bool accounts::load_whole(std::int64_t user_no, whole_user& into) {
    auto& s = sql_->whole.with(user_no);
    if (!s.step()) return false;
    into.user_id = s.text(0);
    begin(into.account, user_no, into.user_id);
    into.account.gone = s.integer(1) != 0;
    into.company_id = s.maybe_text(2);
    into.modified = s.maybe_integer(3);
    into.source = s.text(4);
    std::optional<earlier_ledger> earlier;
    if (!s.is_null(7)) earlier = take_ledger(into.account, s.integer(5), s.integer(6), s.text(7));
    s.reset();
    read_rows(into.account, earlier);
    return true;
}

void accounts::read_rows(diff::account& a, std::optional<earlier_ledger> const& earlier) {
    auto& s = earlier ? sql_->earlier_open.with(a.user_no) : sql_->rows.with(a.user_no, a.horizon);
    while (s.step()) take_row(a, s);
    for (auto& m : a.open) read_marks(m);
    if (earlier) read_named(a, *earlier);
}

void accounts::read_marks(diff::message& m) {
    if (!m.had_marks) return;
    auto& marks = sql_->marks.with(m.row);
    while (marks.step()) m.marks.push_back({marks.integer(0), trait_set{static_cast<std::uint32_t>(marks.integer(1))}});
    m.stored_marks = m.marks;
}

std::size_t accounts::ready(std::int64_t after_row, std::size_t limit, std::vector<ready_user>& users) {
    std::size_t count = 0;
    if (users.size() < limit) users.resize(limit);
    auto& s = sql_->ready.with(after_row, static_cast<std::int64_t>(limit));
    while (s.step()) {
        if (s.is_null(ready_user_id) || s.is_null(ready_source) || s.is_null(ready_ledger))
            throw broken_invariant{"a message of a user that is not stored"};
        auto& user = users[count++];
        auto& a = user.account;
        user.row = s.integer(0);
        user.user_id = s.text(ready_user_id);
        user.source = s.text(ready_source);
        begin(a, s.integer(ready_user_no), user.user_id);
        a.gone = s.integer(ready_gone) != 0;
        user.earlier = take_ledger(a, s.integer(ready_counted), s.integer(ready_horizon), s.text(ready_ledger));
        if (!user.earlier && s.integer(ready_rows) == 1) take_row(a, s);
    }
    for (auto& user : std::span{users}.first(count)) {
        auto& a = user.account;
        if (a.open.empty()) {
            read_rows(a, user.earlier);
        } else {
            read_marks(a.open.front());
        }
    }
    return count;
}

bool accounts::any_ready(std::int64_t after_row) {
    auto& s = sql_->any_ready.with(after_row);
    auto const found = s.step();
    s.reset();
    return found;
}

// What stands in the row that a ledger of an earlier form names. The ledger takes the present form with the next step.
void accounts::read_named(diff::account& a, earlier_ledger const& earlier) {
    a.changed = true;
    if (earlier.named_row == 0) return;
    auto const open = std::ranges::find(a.open, earlier.named_row, &message::row);
    if (open != a.open.end()) {
        if (open->state == message_state::offered && !earlier.offered)
            diff::take_offered(a, open->id, open->traits, open->first_offered);
        return;
    }
    auto& s = sql_->answered.with(earlier.named_row);
    if (!s.step()) throw broken_invariant{"a ledger names a message that is neither open nor acknowledged"};
    auto const id = id_of(s.text(0));
    trait_set const traits{static_cast<std::uint32_t>(s.integer(1))};
    auto const answered_at = s.integer(2);
    if (!earlier.offered) diff::take_offered(a, id, traits, s.integer(3));
    take_order(a, id, s.integer(4));
    s.reset();
    diff::take_acknowledged(a, id, traits, answered_at);
}

void accounts::keep_answers(std::int64_t user_no) {
    auto a = load(user_no);
    if (a.noted.empty() && !a.changed) return;
    a.changed = true;
    save(a);
}

void set_wanted_texts(diff::account& a, std::string_view source_data) {
    auto const source = decode_source(source_data);
    for (std::size_t i = 0; i < profile::trait_count; ++i) {
        if (a.slots[i].wanted.state == diff::known::form::value) a.slots[i].wanted.text = std::string{source.texts[i]};
    }
}

}  // namespace traitsync::store
