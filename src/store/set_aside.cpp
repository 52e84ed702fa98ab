#include "traitsync/store/set_aside.hpp"

#include <unordered_map>

#include "statement.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/stated_id.hpp"

namespace traitsync::store {
namespace {

constexpr std::string_view duplicate = "duplicate_user_id";
// With more of them each question reads the quarantine.
constexpr std::size_t most_remembered = 10'000;

}  // namespace

struct set_aside::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement find{db, "SELECT reason FROM quarantine WHERE kind = ? AND doc_id = ?"};
    statement put{
        db,
        "INSERT INTO quarantine (kind, doc_id, reason, detail, raw, first_seen, last_seen, pass) VALUES (?, ?, ?, "
        "?, ?, ?, ?, ?) ON CONFLICT (kind, doc_id) DO UPDATE SET reason = excluded.reason, detail = "
        "excluded.detail, raw = excluded.raw, last_seen = excluded.last_seen, pass = excluded.pass"};
    statement drop{db, "DELETE FROM quarantine WHERE kind = ? AND doc_id = ?"};
    statement duplicates{db, "SELECT doc_id, raw FROM quarantine WHERE kind = ? AND reason = ?"};
    statement duplicates_that_name{
        db, "SELECT doc_id, raw FROM quarantine WHERE kind = ? AND reason = ? AND instr(raw, ?) > 0"};
    statement drop_unseen{db, "DELETE FROM quarantine WHERE kind = ? AND pass < ?"};
    statement count{db, "SELECT count(*) FROM quarantine"};
    statement list{
        db,
        "SELECT kind, doc_id, reason, detail, raw, first_seen, last_seen, pass FROM quarantine ORDER BY no LIMIT ?"};
    std::int64_t rows = 0;

    // Documents by the user id that they state; nothing until somebody asks, or where there are too many. Thousands of
    // profiles may be retired in one pass, and reading the quarantine for each would take hours.
    std::unordered_multimap<std::string, std::string> by_user;
    enum class knowledge : std::uint8_t { none, all, too_many } known = knowledge::none;

    void remember() {
        by_user.clear();
        known = knowledge::all;
        auto& s = duplicates.with(static_cast<int>(profile_kind::user), duplicate);
        while (s.step() && by_user.size() <= most_remembered) {
            if (auto id = profile::stated_user_id(s.text(1))) by_user.emplace(std::move(*id), s.text(0));
        }
        s.reset();
        if (by_user.size() > most_remembered) forget(knowledge::too_many);
    }
    void forget(knowledge k = knowledge::none) {
        by_user.clear();
        known = k;
    }
    void forget_document(std::string_view doc_id) {
        std::erase_if(by_user, [&](auto const& entry) { return entry.second == doc_id; });
    }
    void note(quarantined const& q) {
        if (known != knowledge::all) return;
        if (auto id = profile::stated_user_id(q.raw)) by_user.emplace(std::move(*id), q.doc_id);
        if (by_user.size() > most_remembered) forget(knowledge::too_many);
    }
};

set_aside::set_aside(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} { recount(); }
set_aside::~set_aside() = default;

bool set_aside::put(quarantined const& q) {
    auto& found = sql_->find.with(static_cast<int>(q.kind), q.doc_id);
    auto const known = found.step();
    auto const same = known && found.text(0) == q.reason;
    auto const was_duplicate = known && found.text(0) == duplicate;
    found.reset();
    sql_->put.with(static_cast<int>(q.kind), q.doc_id, q.reason, q.detail, q.raw, q.first_seen, q.last_seen, q.pass)
        .run();
    if (!known) ++sql_->rows;
    if (q.kind == profile_kind::user) {
        if (was_duplicate) sql_->forget_document(q.doc_id);
        if (q.reason == duplicate) sql_->note(q);
    }
    return !same;
}

void set_aside::drop(profile_kind kind, std::string_view doc_id) {
    if (sql_->rows == 0) return;
    sql_->drop.with(static_cast<int>(kind), doc_id).run();
    auto const dropped = sqlite3_changes(sql_->db.getHandle());
    sql_->rows -= dropped;
    if (dropped > 0 && kind == profile_kind::user) sql_->forget_document(doc_id);
}

std::optional<std::string> set_aside::duplicate_of(std::string_view user_id) {
    if (sql_->rows == 0) return std::nullopt;
    if (sql_->known == statements::knowledge::none) sql_->remember();
    if (sql_->known == statements::knowledge::all) {
        auto const found = sql_->by_user.find(std::string{user_id});
        return found == sql_->by_user.end() ? std::nullopt : std::optional{found->second};
    }
    std::string quoted;
    json::append_quoted(quoted, user_id);
    auto& s = sql_->duplicates_that_name.with(static_cast<int>(profile_kind::user), duplicate, quoted);
    while (s.step()) {
        if (profile::stated_user_id(s.text(1)) != user_id) continue;
        std::string found{s.text(0)};
        s.reset();
        return found;
    }
    return std::nullopt;
}

std::int64_t set_aside::drop_unseen(profile_kind kind, std::int64_t pass) {
    sql_->drop_unseen.with(static_cast<int>(kind), pass).run();
    auto const dropped = sqlite3_changes(sql_->db.getHandle());
    sql_->rows -= dropped;
    sql_->forget();
    return dropped;
}

std::int64_t set_aside::count() const { return sql_->rows; }

void set_aside::recount() {
    sql_->forget();
    sql_->count.with().step();
    sql_->rows = sql_->count.integer(0);
    sql_->count.reset();
}

std::vector<quarantined> set_aside::list(int limit) {
    std::vector<quarantined> rows;
    auto& s = sql_->list.with(limit);
    while (s.step()) {
        rows.push_back({static_cast<profile_kind>(s.integer(0)), std::string{s.text(1)}, std::string{s.text(2)},
                        std::string{s.text(3)}, std::string{s.text(4)}, s.integer(5), s.integer(6), s.integer(7)});
    }
    return rows;
}

}  // namespace traitsync::store
