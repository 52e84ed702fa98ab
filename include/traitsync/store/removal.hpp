#pragma once
// Takes a whole user out of the store: at an operator's request, or when a gone profile's time is over. The one owner
// of the question where a user's data stands. Each function is part of the caller's transaction. Store thread only;
// throws SQLite::Exception.

#include <cstdint>
#include <string_view>
#include <vector>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

struct removed_person {
    bool profile = false;
    std::int64_t messages = 0;      // of every state, with their bodies
    std::int64_t dead_letters = 0;  // among them
    std::int64_t quarantined = 0;
    std::int64_t previews = 0;  // of replays: they cannot be carried out any more
    std::int64_t answers = 0;   // kept for repeated requests
    // Offered and not answered: an attempt may have arrived at Segment.
    std::vector<std::int64_t> offered;
};

// Removes the person and remembers salted hashes of the ids. A person who was never seen is remembered too.
removed_person forget_person(session& s, std::string_view user_id, std::int64_t now);

// Everything of a user that no message refers to.
void remove_profile(session& s, user_row const& user);

// Profiles that are gone since before `before` and have no message left, open or closed; at most `limit`. True while
// more remain.
bool trim_gone(session& s, std::int64_t before, int limit);

}  // namespace traitsync::store
