#pragma once
// The statements of replays, shared by its parts. Private to store/.

#include "statement.hpp"
#include "traitsync/store/replays.hpp"

namespace traitsync::store {

struct replays::statements {
    static constexpr std::string_view preview_prefix = "preview:";
    static constexpr std::string_view columns =
        "no, state, selector, traits, created, ended, after_user_no, profiles, messages, bytes, done, error";

    static std::string select(std::string_view rest) {
        return "SELECT " + std::string{columns} + " FROM replays " + std::string{rest};
    }

    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement add{
        db,
        "INSERT INTO replays (state, selector, traits, created, after_user_no, profiles, messages, bytes, done) "
        "VALUES (0, ?, ?, ?, 0, ?, ?, ?, 0)"};
    statement find{db, select("WHERE no = ?").c_str()};
    statement list{db, select("WHERE no < ? ORDER BY no DESC LIMIT ?").c_str()};
    statement running{db, "SELECT no, traits, after_user_no FROM replays WHERE state = 0 ORDER BY no"};
    statement advance{db, "UPDATE replays SET after_user_no = ?2 WHERE no = ?1"};
    statement end{
        db,
        "UPDATE replays SET state = ?2, ended = ?3, messages = CASE ?2 WHEN 1 THEN done + ?4 ELSE messages END, done = "
        "done + ?4 WHERE no = ?1 AND state = 0"};
    statement claims{db, "SELECT count(*) FROM marks WHERE replay_no = ? AND replay_no > 0"};
    // Offered messages whose rows say it themselves: `marked` is then the replay's number, negative. `+`: SQLite would
    // make an index of all messages for it.
    statement claims_in_rows{db, "SELECT count(*) FROM messages_offered WHERE +marked = -?"};
    // Held, or waiting for more than their turn.
    statement any_aside{db,
                        "SELECT EXISTS (SELECT 1 FROM messages_aside WHERE state = 4) OR EXISTS (SELECT 1 FROM "
                        "messages_aside WHERE state = 0)"};
    statement unclaimed{
        db,
        "SELECT EXISTS (SELECT 1 FROM messages WHERE state = 0 AND wait = 0 AND marked = 0) OR "
        "EXISTS (SELECT 1 FROM (SELECT marked FROM messages_aside WHERE state = 4 LIMIT 5000) WHERE marked = 0) OR "
        "EXISTS (SELECT 1 FROM (SELECT wait, marked FROM messages_aside WHERE state = 0 LIMIT 5000) WHERE (wait & 1) "
        "= 0 AND marked = 0)"};
    statement claims_by_state{
        db,
        "SELECT count(*), ifnull(sum(m.state = 0 AND (m.wait & 1) <> 0), 0), "
        "ifnull(sum((m.state = 0 AND (m.wait & 1) = 0) OR m.state = 1), 0) FROM marks k JOIN messages m ON m.no = "
        "k.message_no WHERE k.replay_no = ? AND k.replay_no > 0"};
    statement open{db,
                   "SELECT (SELECT count(*) FROM marks WHERE replay_no > 0) + (SELECT count(*) FROM messages_offered "
                   "WHERE marked < 0)"};
    statement next_claimed{db, "SELECT min(replay_no) FROM marks WHERE replay_no > ? AND replay_no > 0"};
    statement claims_of{
        db,
        "SELECT m.user_no FROM marks k JOIN messages m ON m.no = k.message_no WHERE k.replay_no = ? AND k.replay_no > "
        "0 AND m.state IN (0, 4) LIMIT ?"};
    statement put_chunk{db, "INSERT INTO user_sets (owner, chunk, bits) VALUES (?, ?, ?)"};
    statement chunks_from{db, "SELECT chunk, bits FROM user_sets WHERE owner = ? AND chunk >= ? ORDER BY chunk"};
    statement drop_set{db, "DELETE FROM user_sets WHERE owner = ?"};
    statement put_preview{
        db, "INSERT INTO previews (token, created, selector, profiles, messages, bytes) VALUES (?, ?, ?, ?, ?, ?)"};
    statement preview{db, "SELECT token, created, selector, profiles, messages, bytes FROM previews WHERE token = ?"};
    statement old_previews{
        db,
        "SELECT token FROM previews WHERE created < ?1 OR token IN (SELECT token FROM previews ORDER BY "
        "created DESC LIMIT -1 OFFSET ?2) LIMIT ?3"};
    statement previews_that_name{
        db,
        "SELECT token FROM previews WHERE EXISTS (SELECT 1 FROM json_each(selector, '$.user_ids') WHERE value = ?)"};
    statement drop_preview{db, "DELETE FROM previews WHERE token = ?"};
    statement answer{
        db, "SELECT request, created, status, location, body FROM answers WHERE key = ? AND route = ? AND created > ?"};
    statement keep{
        db,
        "INSERT OR REPLACE INTO answers (key, route, request, created, status, location, body) VALUES (?, ?, ?, ?, "
        "?, ?, ?)"};
    statement old_answers{db, "DELETE FROM answers WHERE created < ?"};
    statement old_replays{db, "DELETE FROM replays WHERE state <> 0 AND ended < ?"};

    // Whose set of users it is.
    static std::string owner_of(std::int64_t no) { return "replay:" + std::to_string(no); }
    static std::string owner_of(std::string_view token) { return std::string{preview_prefix} + std::string{token}; }

    static replay_row row_of(statement& s) {
        return {.no = s.integer(0),
                .state = static_cast<replay_state>(s.integer(1)),
                .selector = std::string{s.text(2)},
                .traits = profile::trait_set{static_cast<std::uint32_t>(s.integer(3))},
                .created = s.integer(4),
                .ended = s.maybe_integer(5),
                .after_user_no = s.integer(6),
                .profiles = s.integer(7),
                .messages = s.integer(8),
                .bytes = s.integer(9),
                .done = s.integer(10),
                .error = std::string{s.text(11)}};
    }
    static std::vector<std::string> tokens(statement& s) {
        std::vector<std::string> list;
        while (s.step()) list.emplace_back(s.text(0));
        return list;
    }
    static std::optional<replay_row> one(statement& s) {
        if (!s.step()) return std::nullopt;
        auto row = row_of(s);
        s.reset();
        return row;
    }
    void put_set(std::string const& owner, user_set const& users) {
        for (auto const& [no, bits] : users.chunks()) put_chunk.with(owner, no, blob{bits}).run();
    }
};

}  // namespace traitsync::store
