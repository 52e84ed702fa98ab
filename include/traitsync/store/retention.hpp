#pragma once
// What is trimmed by age and size beside messages (outbox), replays and gone profiles (removal). Part of the caller's
// transaction; each takes a limited number of rows and tells whether more remain. Store thread only; throws
// SQLite::Exception.

#include <cstdint>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

// Passes that ended before `before`, but never the newest good one of each kind (the schedule follows from it), the
// newest of all, and those whose messages are held.
bool trim_passes(session& s, std::int64_t before, int limit);

// Where a walk from the newest row to the oldest stands, and how many bytes it has passed. A new one starts at the
// newest.
struct size_walk {
    std::int64_t at = INT64_MAX;
    std::int64_t no = INT64_MAX;
    std::int64_t bytes = 0;
};

// Rows behind the first `max_bytes`, counted from the newest, go; the newest itself stays. At most `limit` rows are
// looked at; true until the walk is at its end.
// A document in quarantine that states an id stays without its text: while it is in Moesif that user or company is not
// gone, and only a full pass, which removes what it does not show, can tell.
bool bound_quarantine(session& s, size_walk& walk, std::int64_t max_bytes, int limit);
bool bound_replays(session& s, size_walk& walk, std::int64_t max_bytes, int limit);  // those that have ended
// Of gone profiles only those that no message refers to any more, and at most `removals` of them.
bool bound_gone(session& s, size_walk& walk, std::int64_t max_bytes, int limit, int removals);

// Beyond so many, the oldest go: previews, which live a day, and passes (with the exceptions of trim_passes). At most
// `limit` of each; true while more remain.
bool bound_counts(session& s, std::int64_t now, int limit);

}  // namespace traitsync::store
