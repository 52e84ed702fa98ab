#include "traitsync/store/accounts.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/store/codec.hpp"

namespace traitsync::store {
namespace {

using diff::message;
using diff::message_state;
using profile::trait_set;

bool is_open(message_state s) {
    return s == message_state::waiting || s == message_state::offered || s == message_state::dead ||
           s == message_state::held;
}

blob blob_of(message_id const& id) { return {{reinterpret_cast<char const*>(id.bytes.data()), id.bytes.size()}}; }

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
        if (id.size() != 16) throw broken_invariant{"a stored message id is not 16 bytes long"};
        std::memcpy(m.id.bytes.data(), id.data(), 16);
        m.state = m.stored_state = static_cast<message_state>(open.integer(2));
        m.wait = static_cast<std::uint8_t>(open.integer(3));
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
    return a;
}

void accounts::save(diff::account& a) {
    if (a.changed) {
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
        if (m.row == 0) {
            sql_->insert
                .with(blob_of(m.id), a.user_no, static_cast<int>(m.state), static_cast<int>(m.wait), bits(m.traits),
                      bits(m.due), bits(m.remaining), marked, m.created, m.timestamp, m.first_offered, m.settled,
                      m.pass, static_cast<int>(m.reason), m.answer)
                .run();
            m.row = sqlite3_last_insert_rowid(sql_->db.getHandle());
        } else {
            sql_->update
                .with(m.row, static_cast<int>(m.state), static_cast<int>(m.wait), bits(m.traits), bits(m.due),
                      bits(m.remaining), marked, m.timestamp, m.first_offered, m.settled, m.pass,
                      static_cast<int>(m.reason))
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
