#include "traitsync/store/accounts.hpp"

#define XXH_INLINE_ALL
#include <fmt/core.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/diff/life.hpp"
#include "traitsync/store/codec.hpp"

namespace traitsync::store {
namespace {

using diff::message;
using diff::message_state;
using profile::trait_set;

// In `wait` of an offered row: the user's ledger names it, so that its acknowledgement may stand in the row alone.
constexpr int named_by_ledger = 16;

bool is_open(message_state s) {
    return s == message_state::waiting || s == message_state::offered || s == message_state::dead ||
           s == message_state::held;
}

blob blob_of(message_id const& id) { return {{reinterpret_cast<char const*>(id.bytes.data()), id.bytes.size()}}; }

message_id id_of(std::string_view bytes) {
    if (bytes.size() != 16) throw broken_invariant{"a stored message id is not 16 bytes long"};
    message_id id;
    std::memcpy(id.bytes.data(), bytes.data(), 16);
    return id;
}

std::int64_t sole_offered(diff::account const& a) {
    std::int64_t row = 0;
    for (auto const& m : a.open) {
        if (m.removed || m.state != message_state::offered) continue;
        if (row != 0 || m.row == 0) return 0;
        row = m.row;
    }
    return row;
}

// Behind the last of the consecutive numbers that begin here.
std::size_t end_of_run(std::span<std::int64_t const> numbers, std::size_t begin) {
    auto end = begin + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    return end;
}

// Of an open message, in this order.
constexpr std::string_view columns =
    "m.no, m.id, m.state, m.wait, m.traits, m.due, m.remaining, m.marked, m.created, m.timestamp, m.first_offered, "
    "m.settled, m.pass, m.reason";
// `marked` among them, and what stands behind them where the whole user is read.
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

void take_ledger(diff::account& a, std::int64_t counted_pass, std::string_view data) {
    decode_ledger(data, a);
    a.counted_pass = counted_pass;
    a.stored = true;
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

std::int64_t bits(trait_set s) { return static_cast<std::int64_t>(s.bits()); }

}  // namespace

struct accounts::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement ledger{db, "SELECT counted_pass, data FROM ledgers WHERE no = ?"};
    statement add_ledger{db, "INSERT INTO ledgers (no, counted_pass, data) VALUES (?, ?, ?)"};
    statement change_ledger{db, "UPDATE ledgers SET counted_pass = ?2, data = ?3 WHERE no = ?1"};
    statement open{db, fmt::format("SELECT {} FROM messages m WHERE user_no = ? AND closed = 0", columns).c_str()};
    statement ready{
        db,
        fmt::format("SELECT {}, m.user_no, u.user_id, u.gone_at IS NOT NULL, s.data, l.counted_pass, l.data, "
                    "(SELECT count(*) FROM messages o WHERE o.user_no = m.user_no AND o.closed = 0) "
                    "FROM messages m CROSS JOIN users u ON u.no = m.user_no CROSS JOIN sources s ON s.no = m.user_no "
                    "CROSS JOIN ledgers l ON l.no = m.user_no "
                    "WHERE m.state = 0 AND m.wait = 0 AND m.no > ?1 ORDER BY m.no LIMIT ?2",
                    columns)
            .c_str()};
    statement insert{
        db,
        "INSERT INTO messages (id, user_no, state, wait, traits, due, remaining, marked, created, timestamp, "
        "first_offered, settled, pass, attempts, next_attempt, reason, answer, closed) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)"};
    // Two, because SQLite looks at each index that a named column may concern: most steps are on the way to an answer.
    statement update{db,
                     "UPDATE messages SET state = ?2, wait = ?3, traits = ?4, due = ?5, marked = ?6, timestamp = ?7, "
                     "first_offered = ?8, pass = ?9 WHERE no = ?1"};
    statement settle{db,
                     "UPDATE messages SET state = ?2, wait = ?3, traits = ?4, due = ?5, remaining = ?6, marked = ?7, "
                     "timestamp = ?8, first_offered = ?9, settled = ?10, pass = ?11, reason = ?12, closed = ?13 WHERE "
                     "no = ?1"};
    statement set_answer{db, "UPDATE messages SET answer = ?2 WHERE no = ?1"};
    statement remove{db, "DELETE FROM messages WHERE no = ?"};
    statement marks{db, "SELECT replay_no, traits FROM marks WHERE message_no = ? ORDER BY replay_no"};
    statement put_mark{db, "INSERT INTO marks (message_no, replay_no, traits) VALUES (?, ?, ?)"};
    statement remove_marks{db, "DELETE FROM marks WHERE message_no = ?"};
    statement claims_of{
        db,
        "SELECT replay_no, count(*) FROM marks WHERE message_no BETWEEN ?1 AND ?2 AND replay_no > 0 GROUP "
        "BY replay_no"};
    statement remove_claims{db, "DELETE FROM marks WHERE message_no BETWEEN ?1 AND ?2"};
    statement count_done{db, "UPDATE replays SET done = done + ?2 WHERE no = ?1"};
    statement user_of{db, "SELECT user_no FROM messages WHERE no = ?"};
    statement row_of{db, "SELECT no FROM messages WHERE id = ?"};
    statement put_body{db, "INSERT INTO bodies (no, body) VALUES (?, ?)"};
    statement body{db, "SELECT body FROM bodies WHERE no = ?"};
    statement alone{
        db,
        "SELECT m.no, m.traits, m.marked FROM messages m WHERE m.no BETWEEN ?1 AND ?2 AND m.state = 1 AND (m.wait & "
        "16) "
        "<> 0 AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.user_no = m.user_no AND o.closed = 0 AND o.no <> "
        "m.no) ORDER BY m.no"};
    statement acknowledge{db,
                          "UPDATE messages SET state = 2, closed = 1, wait = wait & ~16, settled = ?3 WHERE no BETWEEN "
                          "?1 AND ?2"};
    statement answered{db, "SELECT id, traits, settled FROM messages WHERE no = ? AND state = 2"};
    message_counts counts;
    std::string buffer;
};

accounts::accounts(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {
    for (auto const s : {message_state::waiting, message_state::offered, message_state::dead, message_state::held}) {
        sql_->counts[s] = count_state(s);
    }
}
accounts::~accounts() = default;

diff::account accounts::fresh(std::int64_t user_no, std::string_view user_id) {
    diff::account a;
    a.user_no = user_no;
    a.spread = XXH3_64bits(user_id.data(), user_id.size());
    return a;
}

diff::account accounts::load(std::int64_t user_no, std::string_view user_id, bool gone) {
    auto a = fresh(user_no, user_id);
    a.gone = gone;
    auto& ledger = sql_->ledger.with(user_no);
    if (ledger.step()) {
        take_ledger(a, ledger.integer(0), ledger.text(1));
        ledger.reset();
    }
    read_open(a);
    read_answer(a);
    return a;
}

void accounts::read_open(diff::account& a) {
    auto& open = sql_->open.with(a.user_no);
    while (open.step()) take_message(a, open);
    for (auto& m : a.open) {
        if (!m.had_marks) continue;
        auto& marks = sql_->marks.with(m.row);
        while (marks.step())
            m.marks.push_back({marks.integer(0), trait_set{static_cast<std::uint32_t>(marks.integer(1))}});
    }
}

std::vector<accounts::ready_user> accounts::ready(std::int64_t after_row, std::size_t limit) {
    std::vector<ready_user> list;
    list.reserve(limit);  // accounts are large
    auto& s = sql_->ready.with(after_row, static_cast<std::int64_t>(limit));
    while (s.step()) {
        auto& user = list.emplace_back();
        auto& a = user.account;
        user.row = s.integer(0);
        user.user_id = s.text(ready_user_id);
        user.source = s.text(ready_source);
        a = fresh(s.integer(ready_user_no), user.user_id);
        a.gone = s.integer(ready_gone) != 0;
        take_ledger(a, s.integer(ready_counted), s.text(ready_ledger));
        if (s.integer(ready_open) == 1 && s.integer(column_marked) == 0) take_message(a, s);
    }
    for (auto& user : list) {
        if (user.account.open.empty()) read_open(user.account);
        read_answer(user.account);
    }
    return list;
}

// True when the ledger names a message that was acknowledged in its row alone. The store stays as it is: who loads the
// account again reads the answer again.
bool accounts::read_answer(diff::account& a) {
    auto const named = a.sole_offered;
    if (named == 0 || std::ranges::find(a.open, named, &message::row) != a.open.end()) return false;
    auto& s = sql_->answered.with(named);
    if (!s.step()) throw broken_invariant{"a ledger names an offered message that is neither open nor acknowledged"};
    auto const id = id_of(s.text(0));
    trait_set const traits{static_cast<std::uint32_t>(s.integer(1))};
    auto const at = s.integer(2);
    s.reset();
    diff::take_acknowledged(a, id, traits, at);
    a.changed = false;
    a.sole_offered = 0;
    return true;
}

acknowledged_alone accounts::acknowledge_alone(std::span<std::int64_t const> rows, std::int64_t now) {
    acknowledged_alone done;
    std::vector<std::int64_t> alone;
    for (std::size_t begin = 0; begin < rows.size();) {
        auto const end = end_of_run(rows, begin);
        alone.clear();
        bool marked = false;
        auto& s = sql_->alone.with(rows[begin], rows[end - 1]);
        while (s.step()) {
            alone.push_back(s.integer(0));
            done.traits += trait_set{static_cast<std::uint32_t>(s.integer(1))}.size();
            marked = marked || s.integer(2) != 0;
        }
        for (std::size_t i = 0; i < alone.size();) {
            auto const last = end_of_run(alone, i) - 1;
            sql_->acknowledge.with(alone[i], alone[last], now).run();
            if (marked) end_claims(alone[i], alone[last]);
            i = last + 1;
        }
        auto const run = rows.subspan(begin, end - begin);
        std::ranges::set_difference(run, alone, std::back_inserter(done.others));
        begin = end;
    }
    auto const taken = static_cast<std::int64_t>(rows.size() - done.others.size());
    sql_->counts[message_state::offered] -= taken;
    sql_->counts[message_state::acknowledged] += taken;
    return done;
}

// A claim ends with its message's way to Segment.
void accounts::end_claims(std::int64_t first_row, std::int64_t last_row) {
    std::vector<std::pair<std::int64_t, std::int64_t>> ended;
    auto& s = sql_->claims_of.with(first_row, last_row);
    while (s.step()) ended.emplace_back(s.integer(0), s.integer(1));
    for (auto const& [replay, count] : ended) sql_->count_done.with(replay, count).run();
    sql_->remove_claims.with(first_row, last_row).run();
}

void accounts::keep_answer(std::int64_t user_no) {
    auto a = fresh(user_no, {});
    auto& ledger = sql_->ledger.with(user_no);
    if (!ledger.step()) return;
    take_ledger(a, ledger.integer(0), ledger.text(1));
    ledger.reset();
    read_open(a);
    if (!read_answer(a)) return;
    a.changed = true;
    save(a);
}

void accounts::save(diff::account& a) {
    auto const sole = sole_offered(a);
    if (a.changed || sole != a.sole_offered) {
        a.sole_offered = sole;
        encode_ledger(sql_->buffer, a);
        auto& put = a.stored ? sql_->change_ledger : sql_->add_ledger;
        put.with(a.user_no, a.counted_pass, blob{sql_->buffer}).run();
        a.stored = true;
        a.changed = false;
    }
    for (auto& m : a.open) {
        if (!m.changed) continue;
        if (m.row != 0) --sql_->counts[m.stored_state];
        if (m.removed) {
            if (m.row == 0) continue;
            if (m.had_marks) sql_->remove_marks.with(m.row).run();
            sql_->remove.with(m.row).run();
            continue;
        }
        // A claim ends with its message's way to Segment; `marked` in the row remembers that there was one.
        auto const ended =
            m.state != message_state::waiting && m.state != message_state::offered && m.state != message_state::held;
        auto const marked = !m.marks.empty() || (ended && m.had_marks);
        auto const named = m.state == message_state::offered && m.row != 0 && m.row == a.sole_offered;
        auto const wait = static_cast<int>(m.wait) | (named ? named_by_ledger : 0);
        if (m.row == 0) {
            sql_->insert
                .with(blob_of(m.id), a.user_no, static_cast<int>(m.state), wait, bits(m.traits), bits(m.due),
                      bits(m.remaining), marked, m.created, m.timestamp, m.first_offered, m.settled, m.pass,
                      static_cast<int>(m.reason), m.answer, !is_open(m.state))
                .run();
            m.row = sqlite3_last_insert_rowid(sql_->db.getHandle());
        } else {
            auto const state = static_cast<int>(m.state);
            if (m.settled == 0) {
                sql_->update
                    .with(m.row, state, wait, bits(m.traits), bits(m.due), marked, m.timestamp, m.first_offered, m.pass)
                    .run();
            } else {
                sql_->settle
                    .with(m.row, state, wait, bits(m.traits), bits(m.due), bits(m.remaining), marked, m.timestamp,
                          m.first_offered, m.settled, m.pass, static_cast<int>(m.reason), !is_open(m.state))
                    .run();
            }
            if (!m.answer.empty()) sql_->set_answer.with(m.row, m.answer).run();
            if (m.had_marks) sql_->remove_marks.with(m.row).run();
        }
        for (auto const& claim : m.marks) {
            if (!ended) {
                sql_->put_mark.with(m.row, claim.replay, bits(claim.traits)).run();
            } else if (claim.replay > 0) {
                sql_->count_done.with(claim.replay, 1).run();
            }
        }
        if (ended) m.marks.clear();
        m.had_marks = marked;
        ++sql_->counts[m.state];
        m.stored_state = m.state;
        m.changed = false;
    }
    std::erase_if(a.open, [](message const& m) { return m.removed || !is_open(m.state); });
}

std::optional<std::int64_t> accounts::user_of_message(std::int64_t row) {
    auto& s = sql_->user_of.with(row);
    if (!s.step()) return std::nullopt;
    auto const no = s.integer(0);
    s.reset();
    return no;
}

std::optional<std::int64_t> accounts::row_of_message(message_id const& id) {
    auto& s = sql_->row_of.with(blob_of(id));
    if (!s.step()) return std::nullopt;
    auto const no = s.integer(0);
    s.reset();
    return no;
}

void accounts::put_body(std::int64_t row, std::string_view body) { sql_->put_body.with(row, body).run(); }

std::optional<std::string> accounts::body(std::int64_t row) {
    auto& s = sql_->body.with(row);
    if (!s.step()) return std::nullopt;
    std::string text{s.text(0)};
    s.reset();
    return text;
}

message_counts const& accounts::counts() const { return sql_->counts; }
void accounts::restore_counts(message_counts const& before) { sql_->counts = before; }

std::int64_t accounts::count_state(message_state s) {
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
        if (a.slots[i].wanted.state == diff::known::form::value) a.slots[i].wanted.text = std::string{source.texts[i]};
    }
}

}  // namespace traitsync::store
