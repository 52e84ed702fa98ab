// A user's account from the store: the ledger, the open messages, and what stands in a row alone.
#include <algorithm>
#include <cstring>

#include "accounts_statements.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/diff/life.hpp"
#include "traitsync/store/codec.hpp"

namespace traitsync::store {
namespace {

using diff::message;
using diff::message_state;
using profile::trait_set;

// `marked` among `columns`, and what stands behind them where the whole user is read.
enum : int {
    column_marked = 7,
    ready_user_no = 14,
    ready_user_id,
    ready_gone,
    ready_source,
    ready_counted,
    ready_ledger,
    ready_open,
};

message_id id_of(std::string_view bytes) {
    if (bytes.size() != 16) throw broken_invariant{"a stored message id is not 16 bytes long"};
    message_id id;
    std::memcpy(id.bytes.data(), bytes.data(), 16);
    return id;
}

void take_ledger(diff::account& a, std::int64_t counted_pass, std::string_view data) {
    decode_ledger(data, a);
    a.counted_pass = counted_pass;
    a.stored = true;
}

void find_ledger(diff::account& a, statement& s) {
    if (!s.step()) return;
    take_ledger(a, s.integer(0), s.text(1));
    s.reset();
}

// The marks of one that has any are the caller's.
void take_message(diff::account& a, statement& s) {
    message m;
    m.row = s.integer(0);
    m.id = id_of(s.text(1));
    m.state = m.stored_state = static_cast<message_state>(s.integer(2));
    m.wait = static_cast<std::uint8_t>(s.integer(3) & ~named_by_ledger);
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
    // What the ledger was not written for.
    if (!a.last_id || *a.last_id < m.id) a.last_id = m.id;
    a.last_timestamp = std::max(a.last_timestamp, m.timestamp);
    a.open.push_back(std::move(m));
}

}  // namespace

diff::account accounts::load(std::int64_t user_no, std::string_view user_id, bool gone) {
    auto a = fresh(user_no, user_id);
    a.gone = gone;
    find_ledger(a, sql_->ledger.with(user_no));
    read_open(a);
    read_named(a);
    return a;
}

void accounts::read_open(diff::account& a) {
    auto& open = sql_->open.with(a.user_no);
    while (open.step()) take_message(a, open);
    for (auto& m : a.open) read_marks(m);
}

void accounts::read_marks(diff::message& m) {
    if (!m.had_marks) return;
    auto& marks = sql_->marks.with(m.row);
    while (marks.step()) m.marks.push_back({marks.integer(0), trait_set{static_cast<std::uint32_t>(marks.integer(1))}});
}

std::vector<accounts::ready_user> accounts::ready(std::int64_t after_row, std::size_t limit) {
    std::vector<ready_user> list;
    list.reserve(limit);  // accounts are large
    auto& s = sql_->ready.with(after_row, static_cast<std::int64_t>(limit));
    while (s.step()) {
        if (s.is_null(ready_user_id) || s.is_null(ready_source) || s.is_null(ready_ledger))
            throw broken_invariant{"a message of a user that is not stored"};
        auto& user = list.emplace_back();
        auto& a = user.account;
        user.row = s.integer(0);
        user.user_id = s.text(ready_user_id);
        user.source = s.text(ready_source);
        a = fresh(s.integer(ready_user_no), user.user_id);
        a.gone = s.integer(ready_gone) != 0;
        take_ledger(a, s.integer(ready_counted), s.text(ready_ledger));
        if (s.integer(ready_open) == 1) take_message(a, s);
    }
    for (auto& user : list) {
        if (user.account.open.empty()) {
            read_open(user.account);
        } else {
            read_marks(user.account.open.front());
        }
        read_named(user.account);
    }
    return list;
}

// What stands in the row that the ledger names. True when that row is closed. The store stays as it is: who loads the
// account again finds it again.
bool accounts::read_named(diff::account& a) {
    if (a.named_row == 0) return false;
    auto const open = std::ranges::find(a.open, a.named_row, &message::row);
    if (open != a.open.end()) {
        if (open->state == message_state::offered && !a.named_offered) {
            diff::take_offered(a, open->id, open->traits, open->first_offered);
            a.changed = false;
        }
        return false;
    }
    auto& s = sql_->answered.with(a.named_row);
    if (!s.step()) throw broken_invariant{"a ledger names a message that is neither open nor acknowledged"};
    auto const id = id_of(s.text(0));
    trait_set const traits{static_cast<std::uint32_t>(s.integer(1))};
    auto const answered_at = s.integer(2);
    if (!a.named_offered) diff::take_offered(a, id, traits, s.integer(3));
    a.last_timestamp = std::max(a.last_timestamp, s.integer(4));
    s.reset();
    diff::take_acknowledged(a, id, traits, answered_at);
    if (!a.last_id || *a.last_id < id) a.last_id = id;
    a.changed = false;
    return true;
}

void accounts::keep_answer(std::int64_t user_no) {
    auto a = fresh(user_no, {});
    find_ledger(a, sql_->ledger.with(user_no));
    read_open(a);
    if (!read_named(a)) return;
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
