// A user's account from the store: the ledger, the open messages, and what stands in a row alone.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "accounts_statements.hpp"
#include "stored_ids.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/diff/life.hpp"

namespace traitsync::store {
namespace {

using diff::message;
using diff::message_state;
using profile::trait_set;

// Behind columns_of(): the user and the ledger, then what each statement reads besides.
enum : int {
    user_id = column_count,
    user_gone,
    ledger_counted,
    ledger_horizon,
    ledger_data,
    whole_no,
    whole_doc_id,
    whole_company_id,
    whole_modified,
    whole_embedded_modified,
    whole_gone_at,
    whole_seen_at,
    whole_rules,
    whole_source,
    source_modified,
    source_embedded_modified,
    source_seen_at,
    known_no = ledger_data + 1,
    ready_user_no = ledger_data + 1,
    ready_source,
    ready_others,
};

// What is read together of users with large documents: two more of the largest come on top.
constexpr std::size_t most_read_bytes = 4 << 20;

// Beyond it the ledger is written anew with the next step, so that a load stays a few rows.
constexpr std::size_t most_noted = 4;

// A large one's room is given back with the next of another size.
void take_text(std::string& into, std::string_view text) {
    if (into.capacity() > diff::most_kept_room && text.size() < into.capacity() / 2) std::string{}.swap(into);
    into = text;
}

std::uint64_t spread_of(std::string_view user_id) { return XXH3_64bits(user_id.data(), user_id.size()); }

std::optional<earlier_ledger> take_ledger(diff::account& a, statement& s) {
    auto const earlier = decode_ledger(s.text(ledger_data), a);
    a.counted_pass = s.integer(ledger_counted);
    a.horizon = s.integer(ledger_horizon);
    a.stored = true;
    return earlier;
}

// Ids and times of the user's messages only grow; a ledger that was not written for a message does not know them.
void take_order(diff::account& a, message_id const& id, std::int64_t timestamp) {
    if (!a.last_id || *a.last_id < id) a.last_id = id;
    a.last_timestamp = std::max(a.last_timestamp, timestamp);
}

// An open message, or the steps that a row says of its own; rows come in order. The marks of one that has any are the
// caller's.
void take_row(diff::account& a, statement& s, int at = 0) {
    message m;
    m.row = s.integer(at);
    m.id = id_of(s.text(at + 1));
    m.state = m.stored_state = static_cast<message_state>(s.integer(at + 2));
    auto const wait = s.integer(at + 3);
    m.wait = static_cast<std::uint8_t>(wait & ~all_notes);
    m.stored_notes = static_cast<std::uint8_t>(wait & all_notes);
    m.offer_noted = (wait & note_offer) != 0;
    m.traits = trait_set{static_cast<std::uint32_t>(s.integer(at + 4))};
    m.due = trait_set{static_cast<std::uint32_t>(s.integer(at + 5))};
    m.remaining = trait_set{static_cast<std::uint32_t>(s.integer(at + 6))};
    auto const marked = s.integer(at + 7);
    m.had_marks = marked != 0;
    if (marked < 0 && m.state == message_state::offered) {
        m.row_claim = -marked;
        m.marks = m.stored_marks = {{m.row_claim, m.traits}};
    }
    m.created = s.integer(at + 8);
    m.timestamp = s.integer(at + 9);
    m.first_offered = s.integer(at + 10);
    m.settled = s.integer(at + 11);
    m.pass = s.integer(at + 12);
    m.reason = static_cast<diff::dead_reason>(s.integer(at + 13));
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

void accounts::start(diff::account& a, std::int64_t user_no, std::string_view user_id) {
    a.clear();
    a.user_no = user_no;
    a.spread = spread_of(user_id);
}

diff::account accounts::load(std::int64_t user_no, std::string_view user_id, bool gone) {
    auto a = load(user_no);
    a.spread = spread_of(user_id);
    a.gone = gone;
    return a;
}

diff::account accounts::load(std::int64_t user_no) {
    if (sql_->rows.has_user(user_no)) write_new();
    known_user one;
    start(one.account, user_no, {});
    read_known(user_no, user_no, [&](std::size_t) -> known_user& { return one; });
    return std::move(one.account);
}

accounts::range_read accounts::load_known(std::int64_t first_no, std::int64_t last_no, std::vector<known_user>& users) {
    write_new();
    return read_known(first_no, last_no, [&](std::size_t i) -> known_user& {
        if (i == users.size()) users.emplace_back();
        return users[i];
    });
}

// Rows of some users, each user's together and in order. `place` says where the i-th user goes, `take` reads what a
// statement has of one besides, and returns its bytes.
template <class Place, class Take>
accounts::range_read accounts::read_users(statement& s, int no_column, std::int64_t last_no, Place place, Take take) {
    std::size_t count = 0, bytes = 0;
    std::int64_t last_read = 0;
    while (s.step()) {
        auto const no = s.integer(no_column);
        if (count == 0 || last_read != no) {
            if (bytes > most_read_bytes) {
                s.reset();
                last_no = last_read;
                break;
            }
            last_read = no;
            auto& into = place(count++);
            bytes += take(into) + s.text(ledger_data).size();
            into.earlier = begin_user(into.account, no, s);
        }
        auto& into = place(count - 1);
        if (!into.earlier && !s.is_null(0)) take_row(into.account, s);
    }
    for (std::size_t i = 0; i < count; ++i) finish(place(i).account, place(i).earlier);
    return {count, last_no};
}

template <class Place>
accounts::range_read accounts::read_known(std::int64_t first_no, std::int64_t last_no, Place place) {
    return read_users(sql_->known.with(first_no, last_no), known_no, last_no, place,
                      [](known_user&) { return std::size_t{0}; });
}

bool accounts::load_whole(std::int64_t user_no, whole_user& into) {
    if (sql_->rows.has_user(user_no)) write_new();
    return read_whole(user_no, user_no, [&](std::size_t) -> whole_user& { return into; }).count == 1;
}

accounts::range_read accounts::load_whole(std::int64_t first_no, std::int64_t last_no, std::vector<whole_user>& users) {
    write_new();
    return read_whole(first_no, last_no, [&](std::size_t i) -> whole_user& {
        if (i == users.size()) users.emplace_back();
        return users[i];
    });
}

template <class Place>
accounts::range_read accounts::read_whole(std::int64_t first_no, std::int64_t last_no, Place place) {
    auto& s = sql_->whole.with(first_no, last_no);
    return read_users(s, whole_no, last_no, place, [&s](whole_user& into) {
        auto& u = into.user;
        u.no = s.integer(whole_no);
        u.user_id = s.text(user_id);
        u.doc_id = s.maybe_text(whole_doc_id);
        u.company_id = s.maybe_text(whole_company_id);
        auto const renewed = !s.is_null(source_seen_at);
        u.modified = s.maybe_integer(renewed ? source_modified : whole_modified);
        u.embedded_modified = s.maybe_integer(renewed ? source_embedded_modified : whole_embedded_modified);
        u.gone_at = s.maybe_integer(whole_gone_at);
        u.seen_at = s.integer(renewed ? source_seen_at : whole_seen_at);
        into.has_source = !s.is_null(whole_source);
        into.source.rules_no = s.integer(whole_rules);
        take_text(into.source.data, s.text(whole_source));
        return into.source.data.size();
    });
}

// What a ledger of an earlier form means is found out behind the statement.
std::optional<earlier_ledger> accounts::begin_user(diff::account& a, std::int64_t user_no, statement& s) {
    start(a, user_no, s.text(user_id));
    a.gone = s.integer(user_gone) != 0;
    if (s.is_null(ledger_data)) return std::nullopt;
    return take_ledger(a, s);
}

void accounts::finish(diff::account& a, std::optional<earlier_ledger> const& earlier) {
    if (earlier) {
        read_earlier(a, *earlier);
    } else {
        for (auto& m : a.open) read_marks(m);
    }
}

void accounts::read_earlier(diff::account& a, earlier_ledger const& earlier) {
    auto& s = sql_->earlier_open.with(a.user_no);
    while (s.step()) take_row(a, s);
    for (auto& m : a.open) read_marks(m);
    read_named(a, earlier);
}

void accounts::read_marks(diff::message& m) {
    if (!m.had_marks || m.row_claim != 0) return;
    auto& marks = sql_->marks.with(m.row);
    while (marks.step()) m.marks.push_back({marks.integer(0), trait_set{static_cast<std::uint32_t>(marks.integer(1))}});
    m.stored_marks = m.marks;
}

std::size_t accounts::ready(std::int64_t after_row, std::size_t limit, std::vector<ready_user>& users) {
    write_new();
    std::size_t count = 0, bytes = 0;
    if (users.size() < limit) users.resize(limit);
    auto& s = sql_->ready.with(after_row);
    while (s.step()) {
        auto const row = s.integer(0);
        if (count == 0 || users[count - 1].row != row) {
            if (count == limit || bytes > most_read_bytes) {
                s.reset();
                break;
            }
            if (s.is_null(user_id) || s.is_null(ready_source) || s.is_null(ledger_data))
                throw damaged_content{"a message of a user that is not stored"};
            auto& user = users[count++];
            user.row = row;
            user.user_id = s.text(user_id);
            take_text(user.source, s.text(ready_source));
            bytes += user.source.size() + s.text(ledger_data).size();
            user.earlier = begin_user(user.account, s.integer(ready_user_no), s);
            if (!user.earlier) take_row(user.account, s);
        }
        auto& user = users[count - 1];
        if (!user.earlier && !s.is_null(ready_others)) take_row(user.account, s, ready_others);
    }
    for (auto& user : std::span{users}.first(count)) {
        std::ranges::sort(user.account.open, {}, &message::row);
        finish(user.account, user.earlier);
    }
    return count;
}

bool accounts::any_ready(std::int64_t after_row) {
    write_new();
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
    if (!s.step()) throw damaged_content{"a ledger names a message that is neither open nor acknowledged"};
    auto const id = id_of(s.text(0));
    trait_set const traits{static_cast<std::uint32_t>(s.integer(1))};
    auto const answered_at = s.integer(2);
    if (!earlier.offered) diff::take_offered(a, id, traits, s.integer(3));
    take_order(a, id, s.integer(4));
    s.reset();
    diff::take_acknowledged(a, id, traits, answered_at);
}

}  // namespace traitsync::store
