#include "traitsync/store/accounts.hpp"

#include <algorithm>

#include "accounts_statements.hpp"
#include "message_text.hpp"
#include "stored_ids.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/diff/life.hpp"

namespace traitsync::store {
namespace {

using diff::message;
using diff::message_state;
using profile::trait_set;

bool is_open(message_state s) {
    return s == message_state::waiting || s == message_state::offered || s == message_state::dead ||
           s == message_state::held;
}

// The user's one open message where its answer changes nothing but what its row says: no other waits for it, and no
// dead letter is made obsolete by it.
message const* answerable_alone(diff::account const& a) {
    message const* alone = nullptr;
    for (auto const& m : a.open) {
        if (m.removed || !is_open(m.state)) continue;
        if (alone) return nullptr;
        alone = &m;
    }
    return alone && alone->state == message_state::offered && alone->wait == 0 ? alone : nullptr;
}

// The first row that is not closed for good; behind all of them where there is none.
std::int64_t horizon_of(diff::account const& a) {
    std::int64_t first = INT64_MAX, last = a.horizon - 1;
    if (!a.noted.empty()) last = std::max(last, a.noted.back());
    for (auto const& m : a.open) {
        last = std::max(last, m.row);
        if (!m.removed && is_open(m.state)) first = std::min(first, m.row);
    }
    return std::min(first, last + 1);
}

std::int64_t bits(trait_set s) { return static_cast<std::int64_t>(s.bits()); }

// The replay that made an offered message and claims all it carries, which its row can say of its own; else 0. What
// stands among the marks already stays there.
std::int64_t claim_in_row(message const& m) {
    if (m.state != message_state::offered || m.marks.size() != 1) return 0;
    auto const& only = m.marks.front();
    if (only.replay <= 0 || only.traits != m.traits || (m.row != 0 && m.row_claim == 0)) return 0;
    return only.replay;
}

}  // namespace

accounts::accounts(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {
    for (auto const s : {message_state::waiting, message_state::offered, message_state::dead, message_state::held}) {
        sql_->counts[s] = count_state(s);
    }
}
accounts::~accounts() = default;

accounts::together::together(accounts& a) : accounts_{a} { accounts_.sql_->rows.collect(); }
accounts::together::~together() { accounts_.sql_->rows.give_up(); }
void accounts::together::end() {
    accounts_.write_new();
    accounts_.sql_->rows.give_up();
}
void accounts::write_new() {
    if (!sql_->rows.is_empty()) sql_->rows.write();
}

void accounts::save(diff::account& a) {
    auto const* const alone = answerable_alone(a);
    for (auto& m : a.open) {
        if (a.changed) m.offer_noted = false;
        auto const notes = (m.offer_noted ? note_offer : 0) | (&m == alone ? note_alone : 0);
        if (sql_->rows.has_row(m.row)) write_new();
        if (!m.changed) {
            if ((m.stored_notes & ~notes) != 0) sql_->set_notes.with(m.row, notes).run();
            m.stored_notes = static_cast<std::uint8_t>(m.stored_notes & notes);
            continue;
        }
        if (m.row != 0) --sql_->counts[m.stored_state];
        if (m.removed) {
            if (m.row == 0) continue;
            if (m.had_marks) sql_->remove_marks.with(m.row).run();
            sql_->remove.with(m.row).run();
            continue;
        }
        // A claim ends with its message's way to Segment; `marked` in the row remembers that there was one: 1 where it
        // stood among the marks, the replay's number, negative, where it stands in the row itself.
        auto const ended =
            m.state != message_state::waiting && m.state != message_state::offered && m.state != message_state::held;
        auto const claim = claim_in_row(m);
        auto const marked = claim != 0 ? -claim : std::int64_t{!m.marks.empty() || (ended && m.had_marks)};
        auto const wait = static_cast<int>(m.wait) | notes;
        if (m.row == 0) {
            m.row = sql_->rows.add(
                {.id = m.id,
                 .user_no = a.user_no,
                 .values = {static_cast<int>(m.state), wait, bits(m.traits), bits(m.due), bits(m.remaining), marked,
                            m.created, m.timestamp, m.first_offered, m.settled, m.pass, static_cast<int>(m.reason)}});
        } else {
            auto const state = static_cast<int>(m.state);
            if (m.settled == 0) {
                sql_->update
                    .with(m.row, state, wait, bits(m.traits), bits(m.due), marked, m.timestamp, m.first_offered, m.pass)
                    .run();
            } else {
                sql_->settle
                    .with(m.row, state, wait, bits(m.traits), bits(m.due), bits(m.remaining), marked, m.timestamp,
                          m.first_offered, m.settled, m.pass, static_cast<int>(m.reason))
                    .run();
            }
        }
        if (!m.answer.empty()) {
            write_new();
            sql_->set_answer.with(m.row, m.answer).run();
        }
        save_marks(m, ended, claim);
        m.had_marks = marked != 0;
        ++sql_->counts[m.state];
        m.stored_state = m.state;
        m.stored_notes = static_cast<std::uint8_t>(notes);
        m.changed = false;
    }
    if (a.changed) write_ledger(a);
    std::erase_if(a.open, [](message const& m) { return m.removed || !is_open(m.state); });
}

void accounts::save_marks(message& m, bool ended, std::int64_t claim) {
    if (ended) {
        for (auto const& one : m.marks) {
            if (one.replay > 0) sql_->count_done.with(one.replay, 1).run();
        }
        m.marks.clear();
    }
    if (m.row_claim != 0) m.stored_marks.clear();
    m.row_claim = claim;
    if (claim == 0 && m.marks != m.stored_marks) {
        if (!m.stored_marks.empty()) sql_->remove_marks.with(m.row).run();
        for (auto const& one : m.marks) sql_->put_mark.with(m.row, one.replay, bits(one.traits)).run();
    }
    m.stored_marks = m.marks;
}

void accounts::write_ledger(diff::account& a) {
    a.horizon = horizon_of(a);
    // A row answers for itself only where nothing else of the user is open. What the ledger takes from it must not be
    // taken again.
    if (!a.noted.empty() && a.noted.back() >= a.horizon)
        throw broken_invariant{"an open message before an answered one"};
    encode_ledger(sql_->buffer, a);
    auto& put = a.stored ? sql_->change_ledger : sql_->add_ledger;
    put.with(a.user_no, a.counted_pass, a.horizon, blob{sql_->buffer}).run();
    a.noted.clear();
    a.stored = true;
    a.changed = false;
}

bool accounts::row_tells_offer(diff::account const& a) { return !a.changed && a.stored; }

bool accounts::only_row_changes(diff::account const& a, diff::message const& pending, trait_set offered) {
    return row_tells_offer(a) && pending.row != 0 && a.open.size() == 1 && pending.wait == 0 &&
           std::ranges::all_of(pending.marks, [&](diff::mark const& m) {
               return !m.traits.empty() && (m.traits & offered) == m.traits;
           });
}

std::int64_t accounts::offer_rows(std::span<row_offer const> offers, std::int64_t now) {
    write_new();
    auto const bytes = sql_->offers.write(offers, now);
    auto const count = static_cast<std::int64_t>(offers.size());
    sql_->counts[message_state::waiting] -= count;
    sql_->counts[message_state::offered] += count;
    return bytes;
}

std::optional<std::int64_t> accounts::user_of_message(std::int64_t row) {
    write_new();
    auto& s = sql_->user_of.with(row);
    if (!s.step()) return std::nullopt;
    auto const no = s.integer(0);
    s.reset();
    return no;
}

std::optional<std::int64_t> accounts::row_of_message(message_id const& id) {
    write_new();
    auto& s = sql_->row_of.with(blob_of(id));
    if (!s.step()) return std::nullopt;
    auto const no = s.integer(0);
    s.reset();
    return no;
}

std::int64_t accounts::put_body(std::int64_t row, std::string_view body) {
    pack_message(sql_->packed, body);
    sql_->put_body.with(row, blob{sql_->packed}).run();
    return static_cast<std::int64_t>(sql_->packed.size());
}

std::optional<std::string> accounts::body(std::int64_t row) {
    auto& s = sql_->body.with(row);
    if (!s.step()) return std::nullopt;
    auto text = read_message(s, 0);
    s.reset();
    return text;
}

message_counts const& accounts::counts() const { return sql_->counts; }
void accounts::restore_counts(message_counts const& before) { sql_->counts = before; }

std::int64_t accounts::count_state(message_state s) {
    if (s == message_state::offered) {
        statement offered{sql_->db, "SELECT count(*) FROM messages_offered"};
        offered.with().step();
        return offered.integer(0);
    }
    statement aside{sql_->db, "SELECT count(*) FROM messages_aside WHERE state = ?"};
    aside.with(static_cast<int>(s)).step();
    auto total = aside.integer(0);
    if (s == message_state::waiting) {
        statement ready{sql_->db, "SELECT count(*) FROM messages WHERE state = 0 AND wait = 0"};
        ready.with().step();
        total += ready.integer(0);
    }
    return total;
}

void set_wanted_texts(diff::account& a, std::string_view source_data) {
    auto const source = decode_source(source_data);
    for (std::size_t i = 0; i < profile::trait_count; ++i) {
        if (a.slots[i].wanted.state == diff::known::form::value) a.slots[i].wanted.text = source.texts[i];
    }
}

}  // namespace traitsync::store
