#include "traitsync/store/retention.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>

#include <vector>

#include "statement.hpp"
#include "traitsync/store/removal.hpp"

namespace traitsync::store {

namespace {

constexpr std::int64_t preview_life = 24LL * 3600 * 1000;
// Some 20 MB: a month of one pass a minute. Shorter intervals keep fewer days.
constexpr std::int64_t most_passes = 50'000;

// Sizes of one column, row by row, without reading what is in them.
class sizes {
public:
    sizes(SQLite::Database& db, char const* table, char const* column) : db_{db}, table_{table}, column_{column} {}
    ~sizes() { sqlite3_blob_close(blob_); }
    sizes(sizes const&) = delete;
    sizes& operator=(sizes const&) = delete;

    std::int64_t of(std::int64_t row) {
        if (blob_ != nullptr && sqlite3_blob_reopen(blob_, row) == SQLITE_OK) return sqlite3_blob_bytes(blob_);
        sqlite3_blob_close(blob_);
        blob_ = nullptr;
        auto const code = sqlite3_blob_open(db_.getHandle(), "main", table_, column_, row, 0, &blob_);
        if (code == SQLITE_OK) return sqlite3_blob_bytes(blob_);
        // A value that is no text has no bytes worth counting. A disk that failed has rolled the transaction back.
        if (code != SQLITE_ERROR) throw SQLite::Exception(db_.getHandle(), code);
        return 0;
    }

private:
    SQLite::Database& db_;
    char const* table_;
    char const* column_;
    sqlite3_blob* blob_ = nullptr;
};

// But those that trim_passes names. Held messages name their passes in about the order of their own numbers.
bool remove_passes(SQLite::Database& db, char const* which, std::int64_t bound, int limit) {
    statement remove{
        db,
        fmt::format("DELETE FROM passes WHERE no IN (SELECT no FROM passes WHERE {} AND ended IS NOT NULL AND no NOT "
                    "IN (SELECT max(no) FROM passes WHERE ended IS NOT NULL AND error = '' GROUP BY kind) AND no <> "
                    "(SELECT max(no) FROM passes WHERE ended IS NOT NULL) AND (NOT EXISTS (SELECT 1 FROM "
                    "messages_aside WHERE state = 4) OR (brake = 0 AND no < (SELECT pass FROM messages_aside WHERE "
                    "state = 4 ORDER BY no LIMIT 1))) ORDER BY no LIMIT ?2)",
                    which)
            .c_str()};
    remove.with(bound, limit).run();
    return sqlite3_changes(db.getHandle()) == limit;
}

struct bounded {
    char const* table;
    char const* column;
    char const* next;                 // the numbers below ?1, newest first, at most ?2
    std::vector<char const*> remove;  // one row
};

bool bound(SQLite::Database& db, bounded const& what, size_walk& walk, std::int64_t max_bytes, int limit,
           bool& removed) {
    std::vector<std::int64_t> rows;
    {
        statement next{db, what.next};
        next.with(walk.no, limit);
        while (next.step()) rows.push_back(next.integer(0));
    }
    std::vector<std::int64_t> beyond;
    {
        sizes size{db, what.table, what.column};
        for (auto const no : rows) {
            auto const newest = walk.no == INT64_MAX;
            walk.no = no;
            walk.bytes += size.of(no);
            if (!newest && walk.bytes > max_bytes) beyond.push_back(no);
        }
    }
    for (auto const* one : what.remove) {
        statement remove{db, one};
        for (auto const no : beyond) {
            remove.with(no).run();
            removed = removed || sqlite3_changes(db.getHandle()) > 0;
        }
    }
    return static_cast<int>(rows.size()) == limit;
}

}  // namespace

bool bound_quarantine(session& s, size_walk& walk, std::int64_t max_bytes, int limit) {
    bounded const what{"quarantine",
                       "raw",
                       "SELECT no FROM quarantine WHERE no < ? ORDER BY no DESC LIMIT ?",
                       {"UPDATE quarantine SET raw = '' WHERE no = ? AND stated IS NOT NULL AND raw <> ''",
                        "DELETE FROM quarantine WHERE no = ? AND stated IS NULL"}};
    bool removed = false;
    auto const more = bound(s.file().connection(), what, walk, max_bytes, limit, removed);
    if (removed) s.set_aside.recount();
    return more;
}

bool bound_replays(session& s, size_walk& walk, std::int64_t max_bytes, int limit) {
    bounded const what{"replays",
                       "selector",
                       "SELECT no FROM replays WHERE no < ? AND state <> 0 ORDER BY no DESC LIMIT ?",
                       {"DELETE FROM replays WHERE no = ?"}};
    bool removed = false;
    return bound(s.file().connection(), what, walk, max_bytes, limit, removed);
}

bool bound_gone(session& s, size_walk& walk, std::int64_t max_bytes, int limit, int removals) {
    struct row {
        std::int64_t no, gone_at, bytes;
        bool free;
    };
    std::vector<row> rows;
    {
        statement next{
            s.file().connection(),
            "SELECT u.no, gone_at, ifnull((SELECT length(data) FROM sources WHERE no = u.no), 0) + "
            "ifnull((SELECT length(data) FROM ledgers WHERE no = u.no), 0), NOT EXISTS (SELECT 1 FROM messages "
            "WHERE user_no = u.no) FROM users u WHERE gone_at IS NOT NULL AND (gone_at, "
            "u.no) < (?1, ?2) ORDER BY gone_at DESC, u.no DESC LIMIT ?3"};
        next.with(walk.at, walk.no, limit);
        while (next.step()) rows.push_back({next.integer(0), next.integer(1), next.integer(2), next.integer(3) != 0});
    }
    for (auto const& r : rows) {
        auto const newest = walk.at == INT64_MAX;
        walk.at = r.gone_at;
        walk.no = r.no;
        walk.bytes += r.bytes;
        if (newest || walk.bytes <= max_bytes || !r.free) continue;
        if (auto const user = s.profiles.user(r.no)) remove_profile(s, *user);
        if (--removals == 0) return true;
    }
    return static_cast<int>(rows.size()) == limit;
}

bool bound_counts(session& s, std::int64_t now, int limit) {
    auto& db = s.file().connection();
    auto const previews = s.replays.trim_previews(now - preview_life, limit);
    statement newest{db, "SELECT ifnull(max(no), 0) FROM passes"};
    newest.with().step();
    auto const first_kept = newest.integer(0) - most_passes;
    newest.reset();
    return remove_passes(db, "no < ?1", first_kept, limit) || previews;
}

bool trim_passes(session& s, std::int64_t before, int limit) {
    return remove_passes(s.file().connection(), "ended < ?1", before, limit);
}

}  // namespace traitsync::store
