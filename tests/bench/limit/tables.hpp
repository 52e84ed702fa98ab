#pragma once
// The smallest store of the contract's shape over SQLite's C interface: a narrow table of id hashes, wide rows by
// number, what was acknowledged apart, a queue. WAL, synchronous=FULL, 16 KB pages, 64 MB of log and of cache.

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace traitsync::bench::limit {

class step {
public:
    step(sqlite3* db, char const* sql);
    ~step();
    step(step const&) = delete;
    step& operator=(step const&) = delete;

    step& bind(int at, std::int64_t value);
    step& bind(int at, std::string_view text);  // must stay until the step is reset
    bool row();                                 // false, and reset, at the end
    void run();
    void reset();
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::string_view text(int column) const;

private:
    sqlite3_stmt* statement_ = nullptr;
};

struct opened {
    explicit opened(std::string const& path);
    ~opened();
    opened(opened const&) = delete;
    opened& operator=(opened const&) = delete;
    sqlite3* db = nullptr;
};

struct tables {
    explicit tables(std::string const& path) : file{path} {}
    opened file;
    sqlite3* db = file.db;
    step begin{db, "BEGIN IMMEDIATE"};
    step commit{db, "COMMIT"};
    step find{db, "SELECT no, content FROM ids WHERE hash = ?"};
    step add_id{db, "INSERT INTO ids VALUES (?, ?, ?)"};
    step set_content{db, "UPDATE ids SET content = ? WHERE hash = ?"};
    step wanted{db, "SELECT lines FROM profiles WHERE no = ?"};
    step add_profile{db, "INSERT INTO profiles (no, id, lines) VALUES (?, ?, ?)"};
    step set_wanted{db, "UPDATE profiles SET lines = ? WHERE no = ?"};
    step profiles_after{db, "SELECT no, id, lines FROM profiles WHERE no > ? ORDER BY no LIMIT 1000"};
    step id_of{db, "SELECT id FROM profiles WHERE no = ?"};
    step enqueue{db, "INSERT INTO queue VALUES (?, ?, ?, ?)"};
    step waiting{db, "SELECT seq, no, message_id, lines FROM queue WHERE seq > ? ORDER BY seq"};
    step dequeue{db, "DELETE FROM queue WHERE seq <= ?"};
    step acknowledged{db, "SELECT lines FROM acknowledged WHERE no = ?"};
    step acknowledge{db,
                     "INSERT INTO acknowledged VALUES (?, ?) ON CONFLICT (no) DO UPDATE SET lines = excluded.lines"};
};

}  // namespace traitsync::bench::limit
