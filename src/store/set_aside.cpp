#include "traitsync/store/set_aside.hpp"

#include "statement.hpp"
#include "traitsync/profile/stated_id.hpp"

namespace traitsync::store {
namespace {

// An id that says nothing, "undefined" perhaps, may stand in any number of documents: the latest of them are compared.
constexpr int most_duplicates = 100;

}  // namespace

struct set_aside::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement find{db, "SELECT reason FROM quarantine WHERE kind = ? AND doc_id = ?"};
    statement put{
        db,
        "INSERT INTO quarantine (kind, doc_id, reason, detail, raw, first_seen, last_seen, pass, stated) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, doc_id) DO UPDATE SET reason = excluded.reason, detail = "
        "excluded.detail, raw = excluded.raw, last_seen = excluded.last_seen, pass = excluded.pass, stated = "
        "excluded.stated"};
    statement drop{db, "DELETE FROM quarantine WHERE kind = ? AND doc_id = ?"};
    statement of_one{
        db, "SELECT doc_id, raw FROM quarantine WHERE kind = ? AND stated = ? AND reason = ? ORDER BY no DESC LIMIT ?"};
    statement any{db, "SELECT doc_id FROM quarantine WHERE kind = ? AND stated = ? ORDER BY no DESC LIMIT 1"};
    statement drop_unseen{
        db,
        "DELETE FROM quarantine WHERE no IN (SELECT no FROM quarantine WHERE kind = ? AND pass < ? ORDER BY pass "
        "LIMIT ?)"};
    statement count{db, "SELECT count(*) FROM quarantine"};
    statement list{
        db,
        "SELECT kind, doc_id, reason, detail, raw, first_seen, last_seen, pass FROM quarantine ORDER BY no LIMIT ?"};
    std::int64_t rows = 0;
};

std::optional<std::string> stated_id(profile_kind kind, std::string_view raw) {
    return kind == profile_kind::user ? profile::stated_user_id(raw) : profile::stated_company_id(raw);
}

set_aside::set_aside(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} { recount(); }
set_aside::~set_aside() = default;

bool set_aside::put(quarantined const& q) {
    auto& found = sql_->find.with(static_cast<int>(q.kind), q.doc_id);
    auto const known = found.step();
    auto const same = known && found.text(0) == q.reason;
    found.reset();
    auto const stated = q.stated ? q.stated : stated_id(q.kind, q.raw);
    sql_->put
        .with(static_cast<int>(q.kind), q.doc_id, q.reason, q.detail, q.raw, q.first_seen, q.last_seen, q.pass, stated)
        .run();
    if (!known) ++sql_->rows;
    return !same;
}

void set_aside::drop(profile_kind kind, std::string_view doc_id) {
    if (sql_->rows == 0) return;
    sql_->drop.with(static_cast<int>(kind), doc_id).run();
    sql_->rows -= sqlite3_changes(sql_->db.getHandle());
}

std::optional<std::string> set_aside::duplicate_of(profile_kind kind, std::string_view own_id) {
    if (sql_->rows == 0) return std::nullopt;
    auto const is_user = kind == profile_kind::user;
    auto const modified_of = is_user ? profile::stated_user_modified : profile::stated_company_modified;
    auto const reason = is_user ? duplicate_user_id : duplicate_company_id;
    auto& s = sql_->of_one.with(static_cast<int>(kind), own_id, reason, most_duplicates);
    std::optional<std::string> found;
    std::optional<std::int64_t> newest;
    while (s.step()) {
        auto const modified = modified_of(profile::document_of(s.text(1)));
        if (found && (!modified || modified <= newest)) continue;
        found = s.text(0);
        newest = modified;
    }
    return found;
}

std::optional<std::string> set_aside::any_of(profile_kind kind, std::string_view own_id) {
    if (sql_->rows == 0) return std::nullopt;
    auto& s = sql_->any.with(static_cast<int>(kind), own_id);
    if (!s.step()) return std::nullopt;
    std::string found{s.text(0)};
    s.reset();
    return found;
}

bool set_aside::drop_unseen(profile_kind kind, std::int64_t pass, int limit) {
    sql_->drop_unseen.with(static_cast<int>(kind), pass, limit).run();
    auto const dropped = sqlite3_changes(sql_->db.getHandle());
    sql_->rows -= dropped;
    return dropped == limit;
}

std::int64_t set_aside::count() const { return sql_->rows; }

void set_aside::recount() { sql_->rows = number_of(sql_->count.with()); }

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
