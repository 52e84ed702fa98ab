#pragma once
// What the files of the life of a message share. Private to diff/.

#include "traitsync/diff/life.hpp"

namespace traitsync::diff {

template <class Visit>
void each_trait(Visit&& visit) {
    for (std::size_t i = 0; i < trait_count; ++i) visit(profile::trait_at(i));
}

// Ids of one user go up, also when the clock goes back.
message_id next_id(account& a, std::int64_t now);
// What may be sent of a trait that is sent although it is equal.
bool can_send(slot const& s);
// Whether an offered message beside `than` carries the trait: each part of a split one carries the `always` traits.
bool is_on_its_way(account const& a, trait t, message_id const* than = nullptr);
// A value was refused, or nobody knows whether Segment took it, and it cannot go again as the operator wants, because a
// policy keeps the trait out now: whatever is wanted once the policy lets it is a change, the same value too.
void doubt_offer(account& a, trait t);
// Lets the user's next message go: the next part of a split one, else the pending one.
void clear_behind(account& a);
void close(message& m, message_state state, std::int64_t now);
void remove_pending(message& p);
// A gone profile's message waits for its return, but for one that says that it is gone.
bool is_parked(account const& a, diff_rules const& r);
message& make_pending(account& a, diff_rules const& r, std::int64_t now);

}  // namespace traitsync::diff
