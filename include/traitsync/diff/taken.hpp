#pragma once
// What Segment has taken, apart from what was only taken as known to it.

#include "traitsync/diff/account.hpp"

namespace traitsync::diff {

// False where nothing is acknowledged, and for what the first sync adopted: Segment never took that from this store.
inline bool was_taken(slot const& s) { return s.acknowledged_in != message_id{}; }

}  // namespace traitsync::diff
