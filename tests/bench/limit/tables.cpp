#include "tables.hpp"

#include <stdexcept>

namespace traitsync::bench::limit {
namespace {

constexpr char const* schema = R"(
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4096;
    PRAGMA cache_size = -65536;
    CREATE TABLE IF NOT EXISTS ids (hash INTEGER PRIMARY KEY, no INTEGER NOT NULL, content BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS profiles (no INTEGER PRIMARY KEY, id TEXT NOT NULL, lines TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS acknowledged (no INTEGER PRIMARY KEY, lines TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS queue (seq INTEGER PRIMARY KEY, no INTEGER NOT NULL, message_id BLOB NOT NULL,
                                      lines TEXT NOT NULL);)";

void must(bool good, sqlite3* db) {
    if (!good) throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(db)};
}

}  // namespace

step::step(sqlite3* db, char const* sql) {
    must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) == SQLITE_OK, db);
}

step::~step() { sqlite3_finalize(statement_); }

step& step::bind(int at, std::int64_t value) {
    sqlite3_bind_int64(statement_, at, value);
    return *this;
}

step& step::bind(int at, std::string_view text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
}

bool step::row() {
    auto const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    must(code == SQLITE_DONE, sqlite3_db_handle(statement_));
    sqlite3_reset(statement_);
    return false;
}

void step::run() {
    while (row()) {
    }
}

void step::reset() { sqlite3_reset(statement_); }

std::string_view step::text(int column) const {
    auto const* bytes = static_cast<char const*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

opened::opened(std::string const& path) {
    // As in traitsync: one thread a connection, no count of memory.
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    must(sqlite3_open(path.c_str(), &db) == SQLITE_OK, db);
    must(sqlite3_exec(db, schema, nullptr, nullptr, nullptr) == SQLITE_OK, db);
}

opened::~opened() { sqlite3_close_v2(db); }

}  // namespace traitsync::bench::limit
