#pragma once
// A prepared statement with typed binding and reading. Private to store/. SQLiteCpp's own Statement binds
// no string_view, copies every text and shares its handle by reference count for each column read: too dear for
// rows read by the hundred thousand a second.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace traitsync::store {

// Bytes for a BLOB column; a string_view is bound as TEXT.
struct blob {
    std::string_view bytes;
};

class statement {
public:
    statement(SQLite::Database& db, char const* sql) : db_{db.getHandle()} {
        check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
    }
    statement(statement const&) = delete;
    statement& operator=(statement const&) = delete;
    ~statement() { sqlite3_finalize(handle_); }

    // Binds all parameters in order. Texts must stay alive until the last step.
    template <class... Values>
    statement& with(Values const&... values) {
        sqlite3_reset(handle_);
        [[maybe_unused]] int index = 0;
        (bind(++index, values), ...);
        return *this;
    }
    // One parameter, behind with() without any: for statements of many equal rows.
    template <class Value>
    void set(int index, Value const& value) {
        bind(index, value);
    }
    // True while there is a row. At the end, and on an error, the statement is reset so that it holds no lock.
    bool step() {
        auto const code = sqlite3_step(handle_);
        if (code == SQLITE_ROW) return true;
        sqlite3_reset(handle_);
        if (code != SQLITE_DONE) throw SQLite::Exception(db_, code);
        return false;
    }
    void run() {
        while (step()) {
        }
    }
    void reset() { sqlite3_reset(handle_); }

    bool is_null(int column) { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }
    bool is_blob(int column) { return sqlite3_column_type(handle_, column) == SQLITE_BLOB; }
    std::int64_t integer(int column) { return sqlite3_column_int64(handle_, column); }
    std::optional<std::int64_t> maybe_integer(int column) {
        if (is_null(column)) return std::nullopt;
        return integer(column);
    }
    // Valid until the next step or reset.
    std::string_view text(int column) {
        auto const* bytes = static_cast<char const*>(sqlite3_column_blob(handle_, column));
        return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
    }
    std::optional<std::string> maybe_text(int column) {
        if (is_null(column)) return std::nullopt;
        return std::string{text(column)};
    }

private:
    void bind(int index, std::int64_t v) { check(sqlite3_bind_int64(handle_, index, v)); }
    void bind(int index, int v) { bind(index, static_cast<std::int64_t>(v)); }
    void bind(int index, bool v) { bind(index, static_cast<std::int64_t>(v)); }
    void bind(int index, std::uint64_t v) { bind(index, static_cast<std::int64_t>(v)); }
    void bind(int index, std::string_view v) {
        check(sqlite3_bind_text(handle_, index, v.data() ? v.data() : "", static_cast<int>(v.size()), SQLITE_STATIC));
    }
    void bind(int index, std::string const& v) { bind(index, std::string_view{v}); }
    void bind(int index, char const* v) { bind(index, std::string_view{v}); }
    void bind(int index, blob v) {
        check(sqlite3_bind_blob(handle_, index, v.bytes.data() ? v.bytes.data() : "", static_cast<int>(v.bytes.size()),
                                SQLITE_STATIC));
    }
    template <class T>
    void bind(int index, std::optional<T> const& v) {
        if (v) {
            bind(index, *v);
        } else {
            check(sqlite3_bind_null(handle_, index));
        }
    }
    void check(int code) {
        if (code != SQLITE_OK) throw SQLite::Exception(db_, code);
    }

    sqlite3* db_;
    sqlite3_stmt* handle_ = nullptr;
};

// The one number that a bound question answers.
inline std::int64_t number_of(statement& s) {
    s.step();
    auto const number = s.integer(0);
    s.reset();
    return number;
}

// The same of a question without values.
inline std::int64_t number_of(SQLite::Database& db, char const* sql) {
    statement s{db, sql};
    return number_of(s.with());
}

// Throws where SQLite knows no such pragma: it would be ignored in silence.
inline std::int64_t pragma(SQLite::Database& db, char const* name) {
    return db.execAndGet(std::string{"PRAGMA "} + name).getInt64();
}

// Every statement of the connection that stands within its rows.
inline void reset_all(SQLite::Database& db) {
    for (auto* each = sqlite3_next_stmt(db.getHandle(), nullptr); each != nullptr;
         each = sqlite3_next_stmt(db.getHandle(), each)) {
        if (sqlite3_stmt_busy(each) != 0) sqlite3_reset(each);
    }
}

}  // namespace traitsync::store
