#pragma once
// The statements of accounts, shared by its parts. Private to store/.

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "new_rows.hpp"
#include "row_notes.hpp"
#include "row_offers.hpp"
#include "statement.hpp"
#include "traitsync/store/accounts.hpp"

namespace traitsync::store {

// What is read of a message, in this order.
inline std::string columns_of(std::string_view table) {
    return fmt::format(
        "{0}.no, {0}.id, {0}.state, {0}.wait, {0}.traits, {0}.due, {0}.remaining, {0}.marked, {0}.created, "
        "{0}.timestamp, {0}.first_offered, {0}.settled, {0}.pass, {0}.reason",
        table);
}
inline constexpr int column_count = 14;

// The messages of a user that are open or have something to say that the ledger does not know.
inline std::string messages_of(std::string_view table, std::string_view user_no, std::string_view horizon) {
    return fmt::format(
        "LEFT JOIN messages {0} ON {0}.user_no = {1} AND {0}.no >= {2} AND {0}.state < 5 AND ({0}.state <> 2 OR "
        "({0}.wait & {3}) <> 0)",
        table, user_no, horizon, int{note_answer});
}

struct accounts::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement add_ledger{db, "INSERT INTO ledgers (no, counted_pass, horizon, data) VALUES (?, ?, ?, ?)"};
    statement change_ledger{db, "UPDATE ledgers SET counted_pass = ?2, horizon = ?3, data = ?4 WHERE no = ?1"};
    // A row for each message that is open or has something to say, in order, the user's before it; at least one a user.
    statement known{
        db, fmt::format("SELECT {}, u.user_id, u.gone_at IS NOT NULL, l.counted_pass, l.horizon, l.data, u.no "
                        "FROM users u LEFT JOIN ledgers l ON l.no = u.no {} WHERE u.no BETWEEN ? AND ? ORDER BY u.no, "
                        "m.no",
                        columns_of("m"), messages_of("m", "u.no", "ifnull(l.horizon, 0)"))
                .c_str()};
    statement whole{
        db,
        fmt::format("SELECT {}, u.user_id, u.gone_at IS NOT NULL, l.counted_pass, l.horizon, l.data, u.no, u.doc_id, "
                    "u.company_id, u.modified, u.embedded_modified, u.gone_at, u.seen_at, s.rules, s.data, s.modified, "
                    "s.embedded_modified, s.seen_at "
                    "FROM users u LEFT JOIN sources s ON s.no = u.no LEFT JOIN ledgers l ON l.no = u.no {} "
                    "WHERE u.no BETWEEN ? AND ? ORDER BY u.no, m.no",
                    columns_of("m"), messages_of("m", "u.no", "ifnull(l.horizon, 0)"))
            .c_str()};
    // The same of many: behind each waiting message the others of its user.
    statement ready{
        db,
        fmt::format("SELECT {}, u.user_id, u.gone_at IS NOT NULL, l.counted_pass, l.horizon, l.data, m.user_no, "
                    "s.data, {} FROM messages m LEFT JOIN users u ON u.no = m.user_no LEFT JOIN sources s ON s.no = "
                    "m.user_no LEFT JOIN ledgers l ON l.no = m.user_no {} AND o.no <> m.no "
                    "WHERE m.state = 0 AND m.wait = 0 AND m.no > ?1 ORDER BY m.no, o.no",
                    columns_of("m"), columns_of("o"), messages_of("o", "m.user_no", "l.horizon"))
            .c_str()};
    statement any_ready{db, "SELECT 1 FROM messages WHERE state = 0 AND wait = 0 AND no > ? LIMIT 1"};
    // Two, because SQLite looks at each index that a named column may concern: most steps are on the way to an answer.
    statement update{db,
                     "UPDATE messages SET state = ?2, wait = ?3, traits = ?4, due = ?5, marked = ?6, timestamp = ?7, "
                     "first_offered = ?8, pass = ?9 WHERE no = ?1"};
    statement settle{db,
                     "UPDATE messages SET state = ?2, wait = ?3, traits = ?4, due = ?5, remaining = ?6, marked = ?7, "
                     "timestamp = ?8, first_offered = ?9, settled = ?10, pass = ?11, reason = ?12 WHERE no = ?1"};
    statement set_notes{db,
                        fmt::format("UPDATE messages SET wait = (wait & ~{}) | ?2 WHERE no = ?1", all_notes).c_str()};
    statement set_answer{db, "UPDATE messages SET answer = ?2 WHERE no = ?1"};
    statement remove{db, "DELETE FROM messages WHERE no = ?"};
    statement marks{db, "SELECT replay_no, traits FROM marks WHERE message_no = ? ORDER BY replay_no"};
    statement put_mark{db, "INSERT INTO marks (message_no, replay_no, traits) VALUES (?, ?, ?)"};
    statement remove_marks{db, "DELETE FROM marks WHERE message_no = ?"};
    // +replay_no: by the messages' numbers. In the order of the replays every claim there is would be read.
    statement claims_of{
        db,
        "SELECT replay_no, count(*) FROM marks WHERE message_no BETWEEN ?1 AND ?2 AND +replay_no > 0 GROUP "
        "BY +replay_no"};
    statement remove_claims{db, "DELETE FROM marks WHERE message_no BETWEEN ?1 AND ?2"};
    statement count_done{db, "UPDATE replays SET done = done + ?2 WHERE no = ?1"};
    statement user_of{db, "SELECT user_no FROM messages WHERE no = ?"};
    statement row_of{db, "SELECT no FROM messages WHERE id = ?"};
    statement put_body{db, "INSERT INTO bodies (no, body, packed) VALUES (?, '', ?)"};
    std::string packed = {};  // of put_body; its room is used again
    statement body{db, "SELECT text FROM message_texts WHERE no = ?"};
    statement alone{db,
                    fmt::format("SELECT no, traits, marked FROM messages WHERE no BETWEEN ?1 AND ?2 AND state = 1 AND "
                                "(wait & {}) <> 0 ORDER BY no",
                                int{note_alone})
                        .c_str()};
    // OR FAIL as in new_rows.
    statement acknowledge{
        db, fmt::format("UPDATE OR FAIL messages SET state = 2, wait = (wait & {}) | {}, settled = ?3 WHERE no "
                        "BETWEEN ?1 AND ?2",
                        int{note_offer}, int{note_answer})
                .c_str()};
    // Of ledgers of earlier forms.
    statement earlier_open{db,
                           fmt::format("SELECT {} FROM messages m WHERE user_no = ? AND closed = 0 AND state <> 2 AND "
                                       "state < 5 ORDER BY no",
                                       columns_of("m"))
                               .c_str()};
    statement answered{db,
                       "SELECT id, traits, settled, first_offered, timestamp FROM messages WHERE no = ? AND state = 2"};
    row_offers offers{db};
    new_rows rows{db};
    message_counts counts;
    std::string buffer;
    std::vector<known_user> kept;  // its room is used again
};

}  // namespace traitsync::store
