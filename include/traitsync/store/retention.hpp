#pragma once
// What is trimmed by age beside messages (outbox), replays and gone profiles (removal). Part of the caller's
// transaction; each takes a limited number of rows and tells whether more remain. Store thread only; throws
// SQLite::Exception.

#include <cstdint>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

// Passes that ended before `before`, but never the newest good one of each kind (the schedule follows from it), the
// newest of all, and one whose messages are held.
bool trim_passes(session& s, std::int64_t before, int limit);

// Documents last seen before `before`: a full pass sees each one again that is still there.
bool trim_quarantine(session& s, std::int64_t before, int limit);

}  // namespace traitsync::store
