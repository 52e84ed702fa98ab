#pragma once
// The outbox's prepared statements, shared by its parts. Private to store/.

#include "statement.hpp"
#include "traitsync/store/meta.hpp"
#include "traitsync/store/outbox.hpp"

namespace traitsync::store {

struct outbox::statements {
    explicit statements(SQLite::Database& db) : db{db}, meta{db} {}
    SQLite::Database& db;
    store::meta meta;
    statement unanswered{
        db,
        "SELECT m.no, m.first_offered, m.attempts, b.text FROM messages_offered m LEFT JOIN message_texts b ON "
        "b.no = m.no WHERE (m.wait & 4) = 0 AND m.no > ? ORDER BY m.run, m.no LIMIT ?"};
    statement attempts{db, "SELECT first_offered, attempts FROM messages WHERE no = ?"};
    statement note{
        db, "UPDATE messages SET attempts = attempts + 1, next_attempt = ?2, answer = ?3 WHERE no = ?1 AND state = 1"};
    statement open_gate{
        db,
        "UPDATE messages SET wait = iif(?4 > 0 AND created < ?5, wait, wait & ~8), pass = iif(?4 > 0 AND created < ?5, "
        "?4, pass) WHERE no IN (SELECT no FROM messages_aside WHERE state = 0 AND (wait & 8) <> 0 AND pass = ?1 AND no "
        "> ?2 ORDER BY no LIMIT ?3) RETURNING no"};
    statement no_company{
        db,
        "UPDATE messages SET wait = wait & ~2 WHERE no IN (SELECT no FROM messages_aside WHERE state = 0 "
        "AND (wait & 2) <> 0 AND no > ? ORDER BY no LIMIT ?) RETURNING no"};
    statement hold_ready{
        db,
        "UPDATE messages SET state = 4, wait = wait & ~10 WHERE no IN (SELECT no FROM messages WHERE state "
        "= 0 AND wait = 0 AND pass = ? AND no > ? ORDER BY no LIMIT ?) RETURNING no"};
    statement hold_waiting{
        db,
        "UPDATE messages SET state = 4, wait = wait & ~10 WHERE no IN (SELECT no FROM messages_aside WHERE "
        "state = 0 AND pass = ? AND no > ? ORDER BY no LIMIT ?) RETURNING no"};
    statement held{db, "SELECT user_no FROM messages_aside WHERE state = 4 ORDER BY no LIMIT ?"};
    statement dead{
        db, "SELECT no, reason FROM messages_aside WHERE state = 3 AND no > ?1 AND no <= ?2 ORDER BY no LIMIT ?3"};
    statement newest_dead{db, "SELECT no FROM messages_aside WHERE state = 3 ORDER BY no DESC LIMIT 1"};
    statement offered_texts{db,
                            "SELECT b.bytes, b.text FROM (SELECT no FROM messages_offered LIMIT 200) m JOIN "
                            "message_texts b ON b.no = m.no"};
    statement dead_bytes{
        db,
        "SELECT ifnull(sum(b.bytes), 0), count(*) FROM (SELECT no FROM "
        "messages_aside WHERE state = 3 AND no >= ? ORDER BY no LIMIT ?) m LEFT JOIN message_texts b ON b.no "
        "= m.no"};
    statement ready_rows{
        db,
        "SELECT ifnull((SELECT no FROM messages WHERE state = 0 AND wait = 0 ORDER BY no LIMIT 1), 0), "
        "ifnull((SELECT no FROM messages WHERE state = 0 AND wait = 0 ORDER BY no DESC LIMIT 1), 0)"};
    statement last_acknowledged{
        db, "SELECT settled FROM messages WHERE settled <> 0 AND state = 2 ORDER BY settled DESC LIMIT 1"};
    statement oldest_ready{db, "SELECT created FROM messages WHERE state = 0 AND wait = 0 ORDER BY no LIMIT 1"};
    statement oldest_waiting{
        db, "SELECT created FROM messages_aside WHERE state = 0 AND (wait & 1) = 0 ORDER BY no LIMIT 1"};
    statement oldest_offered{db, "SELECT created FROM messages_offered ORDER BY run, no LIMIT 1"};
    statement oldest_held{db, "SELECT created FROM messages_aside WHERE state = 4 ORDER BY no LIMIT 1"};
    statement oldest_dead{db, "SELECT settled FROM messages_aside WHERE state = 3 ORDER BY no LIMIT 1"};
    statement unsent{db,
                     "SELECT EXISTS (SELECT 1 FROM messages WHERE state = 0 AND wait = 0) OR EXISTS (SELECT 1 FROM "
                     "messages_offered) OR EXISTS (SELECT 1 FROM messages_aside WHERE state = 0 AND (wait & 1) = 0)"};
    statement closed{
        db,
        "SELECT m.no, m.settled, b.bytes, m.user_no, m.state = 2 AND (m.wait <> 0 OR "
        "m.closed = 1) AND m.no >= ifnull(l.horizon, 0) FROM messages m LEFT JOIN message_texts b ON b.no = m.no "
        "LEFT JOIN ledgers l ON l.no = m.user_no "
        "WHERE m.settled <> 0 AND m.state <> 3 ORDER BY m.settled LIMIT ?"};
    statement oldest_closed{db,
                            "SELECT settled FROM messages WHERE settled <> 0 AND state <> 3 ORDER BY settled LIMIT 1"};
    statement add_run{db, "INSERT INTO offered_runs (first_no, last_no) VALUES (?, ?)"};
    statement end_runs{
        db,
        "DELETE FROM offered_runs WHERE first_no <= ?2 AND last_no >= ?1 AND NOT EXISTS (SELECT 1 FROM messages m "
        "WHERE m.no BETWEEN offered_runs.first_no AND offered_runs.last_no AND m.state = 1)"};
    statement remove{db, "DELETE FROM messages WHERE no BETWEEN ? AND ?"};
    statement remove_bodies{db, "DELETE FROM bodies WHERE no BETWEEN ? AND ?"};
    statement remove_marks{db, "DELETE FROM marks WHERE message_no BETWEEN ? AND ?"};

    std::int64_t body_bytes = 0;
    struct young {
        std::int64_t asked = 0;    // what was too young then
        std::int64_t settled = 0;  // when the oldest closed message was closed
    };
    std::optional<young> too_young;
    // Of an offer; their room is used again.
    std::vector<accounts::ready_user> users;
    std::vector<accounts::whole_user> replayed;

    static std::vector<std::int64_t> numbers(statement& s) {
        std::vector<std::int64_t> list;
        while (s.step()) list.push_back(s.integer(0));
        return list;
    }
    int changes() const { return sqlite3_changes(db.getHandle()); }
    void save_body_bytes() { meta.set("body_bytes", body_bytes); }
};

}  // namespace traitsync::store
