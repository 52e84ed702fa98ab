#pragma once
// The exact bytes of an identify message, and how a message is cut so that Segment does not drop it in
// silence (32,000 bytes, 9,000 leaves). Pure; any thread.
//
//   {"type":"identify","messageId":"…","userId":"…","timestamp":"…","traits":{…},
//    "context":{<context members>,"active":false,"library":{"name":"traitsync","version":"…"}}}
//
// without white space between members. `active` is false because a sync is not the user's own action.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/ids.hpp"
#include "traitsync/profile/trait.hpp"

namespace traitsync::delivery {

struct outgoing_trait {
    profile::trait name;
    std::string_view text;  // valid JSON as it goes out; "null" for a removal
};

// One message of one user before it is cut to size. Views: whoever fills it keeps the texts.
struct message_parts {
    std::string_view user;  // decoded, not escaped
    std::int64_t timestamp_millis = 0;
    std::string_view context;            // members without braces; may be empty
    std::vector<outgoing_trait> traits;  // in the fixed order of profile::trait
    profile::trait_set always = {};      // policy `always`: these go along in each part of a split message
};

// Appends the message's bytes.
void append_message(std::string& out, message_parts const& m, message_id const& id);

// A trait that no message can carry.
struct oversize {
    profile::trait name;
    std::size_t bytes = 0;   // of a message with this trait alone
    std::size_t leaves = 0;  // of the same; 0 where the bytes alone decided
    std::string reason;      // one line for the operator, without values
};

struct cut {
    std::vector<std::vector<outgoing_trait>> parts;  // each fits with any message id; none when all is too large
    std::vector<oversize> too_large;
};

// One part when everything fits. Else each trait, in fixed order, goes into the first part that has room, so
// that a split makes few messages (each is billed); `always` traits are repeated in each part where they
// fit. A trait that alone does not fit is left out and named. When user id and context alone are too
// large, that is every trait.
cut cut_to_size(message_parts const& m);

// Leaves of valid JSON text: scalars and empty containers.
std::size_t count_leaves(std::string_view json);

}  // namespace traitsync::delivery
