#include "traitsync/store/retention.hpp"

#include <SQLiteCpp/Database.h>

#include "statement.hpp"

namespace traitsync::store {

bool trim_passes(session& s, std::int64_t before, int limit) {
    auto& db = s.file().connection();
    statement remove{
        db,
        "DELETE FROM passes WHERE no IN (SELECT no FROM passes WHERE ended < ?1 AND no NOT IN (SELECT max(no) FROM "
        "passes WHERE ended IS NOT NULL AND error = '' GROUP BY kind) AND no <> (SELECT max(no) FROM passes WHERE "
        "ended IS NOT NULL) AND (brake = 0 OR NOT EXISTS (SELECT 1 FROM messages WHERE state = 4)) ORDER BY no "
        "LIMIT ?2)"};
    remove.with(before, limit).run();
    return sqlite3_changes(db.getHandle()) == limit;
}

bool trim_quarantine(session& s, std::int64_t before, int limit) {
    auto& db = s.file().connection();
    statement remove{
        db,
        "DELETE FROM quarantine WHERE no IN (SELECT no FROM quarantine WHERE last_seen < ?1 ORDER BY no LIMIT "
        "?2)"};
    remove.with(before, limit).run();
    auto const removed = sqlite3_changes(db.getHandle());
    if (removed > 0) s.set_aside.recount();
    return removed == limit;
}

}  // namespace traitsync::store
