#include "traitsync/store/forgotten.hpp"

#include <fmt/core.h>

#include <string>

#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/core/sha256.hpp"

namespace traitsync::store {
namespace {

constexpr std::size_t salt_bytes = 32;

}  // namespace

struct forgotten::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement find{db, "SELECT 1 FROM forgotten WHERE hash = ?"};
    statement any{db, "SELECT EXISTS (SELECT 1 FROM forgotten)"};
    statement put{db, "INSERT OR IGNORE INTO forgotten (hash, person, since) VALUES (?, ?, ?)"};
    statement allow{db, "DELETE FROM forgotten WHERE person = ?"};
    statement get_salt{db, "SELECT value FROM meta WHERE key = 'forgotten_salt'"};
    statement put_salt{db, "INSERT OR IGNORE INTO meta (key, value) VALUES ('forgotten_salt', ?)"};
    bool some = false;
    std::string salt;

    // The kind keeps a document's id from standing for a user of the same name.
    std::string hash_of(char kind, std::string_view id) {
        if (salt.empty() && get_salt.with().step()) {
            salt = std::string{get_salt.text(0)};
            get_salt.reset();
        }
        if (salt.empty()) throw damaged_content{"there are forgotten people but no salt"};
        auto const digest = hmac_sha256(salt, fmt::format("{}:{}", kind, id));
        return {reinterpret_cast<char const*>(digest.data()), digest.size()};
    }
    bool has(char kind, std::string_view id) {
        if (!some) return false;
        auto const hash = hash_of(kind, id);
        auto const found = find.with(blob{hash}).step();
        find.reset();
        return found;
    }
    void add(char kind, std::string_view id, std::string_view user_id, std::int64_t now) {
        // Kept where there is one: INSERT OR IGNORE. Asked of the store: what is remembered may have been rolled back.
        salt.clear();
        put_salt.with(random_hex(salt_bytes)).run();
        auto const hash = hash_of(kind, id);
        auto const person = hash_of('u', user_id);
        put.with(blob{hash}, blob{person}, now).run();
        some = true;
    }
};

forgotten::forgotten(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} { recount(); }
forgotten::~forgotten() = default;

bool forgotten::has_user(std::string_view user_id) { return sql_->has('u', user_id); }
bool forgotten::has_document(std::string_view doc_id) { return sql_->has('d', doc_id); }
void forgotten::add_user(std::string_view user_id, std::int64_t now) { sql_->add('u', user_id, user_id, now); }
void forgotten::add_document(std::string_view doc_id, std::string_view user_id, std::int64_t now) {
    sql_->add('d', doc_id, user_id, now);
}

bool forgotten::allow(std::string_view user_id) {
    if (!sql_->some) return false;
    auto const person = sql_->hash_of('u', user_id);
    sql_->allow.with(blob{person}).run();
    auto const was = sqlite3_changes(sql_->db.getHandle()) > 0;
    recount();
    return was;
}

void forgotten::recount() {
    sql_->any.with().step();
    sql_->some = sql_->any.integer(0) != 0;
    sql_->any.reset();
    sql_->salt.clear();
}

}  // namespace traitsync::store
