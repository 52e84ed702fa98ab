#include "traitsync/store/accounts.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

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

std::int64_t bits(trait_set s) { return static_cast<std::int64_t>(s.bits()); }

}  // namespace

struct accounts::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement ledger{db, "SELECT data FROM ledgers WHERE no = ?"};
    statement put_ledger{
        db,
        "INSERT INTO ledgers (no, counted_pass, data) VALUES (?, 0, ?) ON CONFLICT (no) DO UPDATE SET data "
        "= excluded.data"};
    statement counted{db, "SELECT counted_pass FROM ledgers WHERE no = ?"};
    statement set_counted{db, "UPDATE ledgers SET counted_pass = ?2 WHERE no = ?1"};
    statement open{
        db,
        "SELECT no, id, state, wait, traits, due, remaining, marked, created, timestamp, first_offered, settled, "
        "pass, reason FROM messages WHERE user_no = ? AND state <> 2 AND state < 5"};
    statement insert{
        db,
        "INSERT INTO messages (id, user_no, state, wait, traits, due, remaining, marked, created, timestamp, "
        "first_offered, settled, pass, attempts, next_attempt, reason, answer) VALUES (?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, 0, 0, ?, ?)"};
    statement update{db,
                     "UPDATE messages SET state = ?2, wait = ?3, traits = ?4, due = ?5, remaining = ?6, marked = ?7, "
                     "timestamp = ?8, first_offered = ?9, settled = ?10, pass = ?11, reason = ?12 WHERE no = ?1"};
    statement set_answer{db, "UPDATE messages SET answer = ?2 WHERE no = ?1"};
    statement remove{db, "DELETE FROM messages WHERE no = ?"};
    statement marks{db, "SELECT replay_no, traits FROM marks WHERE message_no = ? ORDER BY replay_no"};
    statement put_mark{db, "INSERT INTO marks (message_no, replay_no, traits) VALUES (?, ?, ?)"};
    statement remove_marks{db, "DELETE FROM marks WHERE message_no = ?"};
    statement count_done{db, "UPDATE replays SET done = done + 1 WHERE no = ?"};
    statement user_of{db, "SELECT user_no FROM messages WHERE no = ?"};
    statement row_of{db, "SELECT no FROM messages WHERE id = ?"};
    statement put_body{db, "INSERT INTO bodies (no, body) VALUES (?, ?)"};
    statement body{db, "SELECT body FROM bodies WHERE no = ?"};
    statement alone{
        db,
        "SELECT m.traits FROM messages m WHERE m.no = ?1 AND m.state = 1 AND (m.wait & 16) <> 0 AND m.marked = 0 "
        "AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.user_no = m.user_no AND o.state <> 2 AND o.state < 5 "
        "AND o.no <> m.no)"};
    statement acknowledge{db, "UPDATE messages SET state = 2, wait = wait & ~16, settled = ?2 WHERE no = ?1"};
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
        decode_ledger(ledger.text(0), a);
        ledger.reset();
    }
    auto& open = sql_->open.with(user_no);
    while (open.step()) {
        message m;
        m.row = open.integer(0);
        auto const id = open.text(1);
        m.id = id_of(id);
        m.state = m.stored_state = static_cast<message_state>(open.integer(2));
        m.wait = static_cast<std::uint8_t>(open.integer(3) & ~named_by_ledger);
        m.traits = trait_set{static_cast<std::uint32_t>(open.integer(4))};
        m.due = trait_set{static_cast<std::uint32_t>(open.integer(5))};
        m.remaining = trait_set{static_cast<std::uint32_t>(open.integer(6))};
        auto const marked = open.integer(7) != 0;
        m.created = open.integer(8);
        m.timestamp = open.integer(9);
        m.first_offered = open.integer(10);
        m.settled = open.integer(11);
        m.pass = open.integer(12);
        m.reason = static_cast<diff::dead_reason>(open.integer(13));
        m.changed = false;
        if (marked) {
            auto& marks = sql_->marks.with(m.row);
            while (marks.step())
                m.marks.push_back({marks.integer(0), trait_set{static_cast<std::uint32_t>(marks.integer(1))}});
            m.had_marks = true;
        }
        a.open.push_back(std::move(m));
    }
    read_answer(a);
    return a;
}

void accounts::read_answer(diff::account& a) {
    auto const named = a.sole_offered;
    if (named == 0 || std::ranges::find(a.open, named, &message::row) != a.open.end()) return;
    auto& s = sql_->answered.with(named);
    if (!s.step()) throw broken_invariant{"a ledger names an offered message that is neither open nor acknowledged"};
    auto const id = id_of(s.text(0));
    trait_set const traits{static_cast<std::uint32_t>(s.integer(1))};
    auto const at = s.integer(2);
    s.reset();
    diff::take_acknowledged(a, id, traits, at);
    a.sole_offered = 0;
}

std::optional<int> accounts::acknowledge_alone(std::int64_t row, std::int64_t now) {
    auto& s = sql_->alone.with(row);
    if (!s.step()) return std::nullopt;
    trait_set const traits{static_cast<std::uint32_t>(s.integer(0))};
    s.reset();
    sql_->acknowledge.with(row, now).run();
    --sql_->counts[message_state::offered];
    ++sql_->counts[message_state::acknowledged];
    return static_cast<int>(traits.size());
}

void accounts::keep_answer(std::int64_t user_no) {
    auto a = load(user_no, {}, false);
    save(a);
}

void accounts::save(diff::account& a) {
    auto const sole = sole_offered(a);
    if (a.changed || sole != a.sole_offered) {
        a.sole_offered = sole;
        encode_ledger(sql_->buffer, a);
        sql_->put_ledger.with(a.user_no, blob{sql_->buffer}).run();
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
                      static_cast<int>(m.reason), m.answer)
                .run();
            m.row = sqlite3_last_insert_rowid(sql_->db.getHandle());
        } else {
            sql_->update
                .with(m.row, static_cast<int>(m.state), wait, bits(m.traits), bits(m.due), bits(m.remaining), marked,
                      m.timestamp, m.first_offered, m.settled, m.pass, static_cast<int>(m.reason))
                .run();
            if (!m.answer.empty()) sql_->set_answer.with(m.row, m.answer).run();
            if (m.had_marks) sql_->remove_marks.with(m.row).run();
        }
        for (auto const& claim : m.marks) {
            if (!ended) {
                sql_->put_mark.with(m.row, claim.replay, bits(claim.traits)).run();
            } else if (claim.replay > 0) {
                sql_->count_done.with(claim.replay).run();
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

std::int64_t accounts::counted_pass(std::int64_t user_no) {
    auto& s = sql_->counted.with(user_no);
    if (!s.step()) return 0;
    auto const pass = s.integer(0);
    s.reset();
    return pass;
}

void accounts::set_counted_pass(std::int64_t user_no, std::int64_t pass) {
    sql_->set_counted.with(user_no, pass).run();
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
    // One text a state, so that each is answered by its partial index.
    char const* where = s == message_state::waiting   ? "state = 0 AND wait = 0"
                        : s == message_state::offered ? "state = 1"
                        : s == message_state::dead    ? "state = 3"
                        : s == message_state::held    ? "state = 4"
                                                      : "0";
    statement count{sql_->db, (std::string{"SELECT count(*) FROM messages WHERE "} + where).c_str()};
    count.with().step();
    auto total = count.integer(0);
    if (s == message_state::waiting) {
        statement rest{sql_->db, "SELECT count(*) FROM messages WHERE state = 0 AND wait <> 0"};
        rest.with().step();
        total += rest.integer(0);
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
