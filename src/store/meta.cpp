#include "traitsync/store/meta.hpp"

#include "statement.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::store {

struct meta::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement get{db, "SELECT value FROM meta WHERE key = ?"};
    statement set{db,
                  "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"};
    statement remove{db, "DELETE FROM meta WHERE key = ?"};
    statement find_rules{db, "SELECT no FROM rules WHERE text = ?"};
    statement add_rules{db, "INSERT INTO rules (text) VALUES (?)"};
    statement rules{db, "SELECT text FROM rules WHERE no = ?"};
};

meta::meta(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
meta::~meta() = default;

std::optional<std::int64_t> meta::integer(std::string_view key) {
    if (!sql_->get.with(key).step()) return std::nullopt;
    auto const value = sql_->get.integer(0);
    sql_->get.reset();
    return value;
}

std::optional<std::string> meta::text(std::string_view key) {
    if (!sql_->get.with(key).step()) return std::nullopt;
    std::string value{sql_->get.text(0)};
    sql_->get.reset();
    return value;
}

void meta::set(std::string_view key, std::int64_t value) { sql_->set.with(key, value).run(); }
void meta::set(std::string_view key, std::string_view value) { sql_->set.with(key, value).run(); }
void meta::remove(std::string_view key) { sql_->remove.with(key).run(); }

std::int64_t meta::rules_number(std::string_view text) {
    if (sql_->find_rules.with(text).step()) {
        auto const no = sql_->find_rules.integer(0);
        sql_->find_rules.reset();
        return no;
    }
    sql_->add_rules.with(text).run();
    return sqlite3_last_insert_rowid(sql_->db.getHandle());
}

std::string meta::rules_text(std::int64_t no) {
    if (!sql_->rules.with(no).step()) throw damaged_content{"a profile was stored under rules that are not stored"};
    std::string text{sql_->rules.text(0)};
    sql_->rules.reset();
    return text;
}

}  // namespace traitsync::store
