#include "traitsync/store/replays.hpp"

#include <array>

#include "statement.hpp"

namespace traitsync::store {
namespace {

constexpr std::int64_t day_millis = 24LL * 3600 * 1000;
constexpr std::string_view preview_prefix = "preview:";
constexpr std::string_view columns =
    "no, state, selector, traits, created, ended, after_user_no, profiles, messages, bytes, done, error";

std::string select(std::string_view rest) {
    return "SELECT " + std::string{columns} + " FROM replays " + std::string{rest};
}

std::string owner_of(std::int64_t no) { return "replay:" + std::to_string(no); }
std::string owner_of(std::string_view token) { return std::string{preview_prefix} + std::string{token}; }

}  // namespace

std::string_view name_of(replay_state s) {
    constexpr std::array<std::string_view, 4> names{"running", "done", "cancelled", "failed"};
    return names[static_cast<std::size_t>(s)];
}

struct replays::statements {
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
    statement previews_that_name{db, "SELECT token FROM previews WHERE instr(selector, ?) > 0"};
    statement drop_preview{db, "DELETE FROM previews WHERE token = ?"};
    statement answer{
        db, "SELECT request, created, status, location, body FROM answers WHERE key = ? AND route = ? AND created > ?"};
    statement keep{
        db,
        "INSERT OR REPLACE INTO answers (key, route, request, created, status, location, body) VALUES (?, ?, ?, ?, "
        "?, ?, ?)"};
    statement old_answers{db, "DELETE FROM answers WHERE created < ?"};
    statement old_replays{db, "DELETE FROM replays WHERE state <> 0 AND ended < ?"};

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

replays::replays(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
replays::~replays() = default;

std::int64_t replays::add(replay_row const& row, user_set const& users) {
    sql_->add
        .with(row.selector, static_cast<std::int64_t>(row.traits.bits()), row.created, row.profiles, row.messages,
              row.bytes)
        .run();
    auto const no = sqlite3_last_insert_rowid(sql_->db.getHandle());
    sql_->put_set(owner_of(no), users);
    return no;
}

std::optional<replay_row> replays::find(std::int64_t no) { return statements::one(sql_->find.with(no)); }

std::vector<replay_row> replays::before(std::int64_t no, int limit) {
    std::vector<replay_row> rows;
    auto& s = sql_->list.with(no == 0 ? INT64_MAX : no, limit);
    while (s.step()) rows.push_back(statements::row_of(s));
    return rows;
}

std::vector<replays::progress> replays::running() {
    std::vector<progress> list;
    auto& s = sql_->running.with();
    while (s.step()) {
        list.push_back({.no = s.integer(0),
                        .traits = profile::trait_set{static_cast<std::uint32_t>(s.integer(1))},
                        .after_user_no = s.integer(2)});
    }
    return list;
}

std::optional<replays::progress> replays::feeding() {
    for (auto const& one : running()) {
        if (!next_users(one.no, one.after_user_no, 1).empty()) return one;
    }
    return std::nullopt;
}

void replays::advance(std::int64_t no, std::int64_t after_user_no) { sql_->advance.with(no, after_user_no).run(); }

void replays::end(std::int64_t no, replay_state state, std::int64_t now, std::int64_t gone) {
    sql_->end.with(no, static_cast<int>(state), now, gone).run();
    sql_->drop_set.with(owner_of(no)).run();
}

std::vector<std::int64_t> replays::next_users(std::int64_t no, std::int64_t after, std::size_t limit) {
    std::vector<std::int64_t> list;
    auto const owner = owner_of(no);
    auto& s = sql_->chunks_from.with(owner, (after + 1) / user_set::chunk_users);
    while (list.size() < limit && s.step()) {
        user_set one;
        one.put_chunk(s.integer(0), std::string{s.text(1)});
        for (auto next = one.next(after); next && list.size() < limit; next = one.next(after)) {
            list.push_back(*next);
            after = *next;
        }
    }
    s.reset();
    return list;
}

bool replays::may_join() {
    sql_->unclaimed.with().step();
    auto const found = sql_->unclaimed.integer(0) != 0;
    sql_->unclaimed.reset();
    return found;
}

std::int64_t replays::count_open() {
    auto& s = sql_->open.with();
    s.step();
    auto const n = s.integer(0);
    s.reset();
    return n;
}

replays::claims replays::count_claims(std::int64_t no) {
    auto const number = [](statement& s) {
        s.step();
        auto const n = s.integer(0);
        s.reset();
        return n;
    };
    auto const in_rows = number(sql_->claims_in_rows.with(no));
    // Other messages are looked at only where some may not move.
    if (number(sql_->any_aside.with()) == 0) {
        auto const open = number(sql_->claims.with(no)) + in_rows;
        return {.open = open, .parked = 0, .moving = open};
    }
    auto& s = sql_->claims_by_state.with(no);
    s.step();
    claims found{.open = s.integer(0) + in_rows, .parked = s.integer(1), .moving = s.integer(2) + in_rows};
    s.reset();
    return found;
}

std::vector<replays::stale_claim> replays::stale_claims(int limit) {
    std::vector<stale_claim> list;
    std::int64_t no = 0;
    for (;;) {
        auto& next = sql_->next_claimed.with(no);
        next.step();
        auto const claimed = next.maybe_integer(0);
        next.reset();
        if (!claimed) return list;
        no = *claimed;
        auto const replay = find(no);
        if (!replay || replay->state == replay_state::running) continue;
        auto const room = limit - static_cast<int>(list.size());
        auto& s = sql_->claims_of.with(no, room);
        while (s.step()) list.push_back({no, s.integer(0)});
        if (static_cast<int>(list.size()) >= limit) return list;
    }
}

void replays::put_preview(preview_row const& row, user_set const& users) {
    sql_->put_preview.with(row.token, row.created, row.selector, row.profiles, row.messages, row.bytes).run();
    sql_->put_set(owner_of(std::string_view{row.token}), users);
}

std::optional<preview_row> replays::preview(std::string_view token) {
    auto& s = sql_->preview.with(token);
    if (!s.step()) return std::nullopt;
    preview_row row{.token = std::string{s.text(0)},
                    .created = s.integer(1),
                    .selector = std::string{s.text(2)},
                    .profiles = s.integer(3),
                    .messages = s.integer(4),
                    .bytes = s.integer(5)};
    s.reset();
    return row;
}

user_set replays::preview_users(std::string_view token) {
    user_set users;
    auto const owner = owner_of(token);
    auto& s = sql_->chunks_from.with(owner, 0);
    while (s.step()) users.put_chunk(s.integer(0), std::string{s.text(1)});
    return users;
}

void replays::drop_preview(std::string_view token) {
    sql_->drop_preview.with(token).run();
    sql_->drop_set.with(owner_of(token)).run();
}

std::optional<std::string_view> replays::preview_of(std::string_view set_owner) {
    if (!set_owner.starts_with(preview_prefix)) return std::nullopt;
    return set_owner.substr(preview_prefix.size());
}

std::vector<std::string> replays::previews_that_name(std::string_view text) {
    return statements::tokens(sql_->previews_that_name.with(text));
}

bool replays::trim_previews(std::int64_t before, int limit) {
    auto const old = statements::tokens(sql_->old_previews.with(before, most_previews, limit));
    for (auto const& token : old) drop_preview(token);
    return static_cast<int>(old.size()) == limit;
}

std::optional<kept_answer> replays::answer(std::string_view key, std::string_view route, std::int64_t since) {
    auto& s = sql_->answer.with(key, route, since);
    if (!s.step()) return std::nullopt;
    kept_answer a{.key = std::string{key},
                  .route = std::string{route},
                  .request = std::string{s.text(0)},
                  .created = s.integer(1),
                  .status = static_cast<int>(s.integer(2)),
                  .location = std::string{s.text(3)},
                  .body = std::string{s.text(4)}};
    s.reset();
    return a;
}

void replays::keep(kept_answer const& a) {
    sql_->keep.with(a.key, a.route, a.request, a.created, a.status, a.location, a.body).run();
}

void replays::trim(std::int64_t now, std::int64_t before) {
    sql_->old_answers.with(now - day_millis).run();
    sql_->old_replays.with(before).run();
}

}  // namespace traitsync::store
