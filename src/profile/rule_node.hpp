#pragma once
// The compiled form of the policies: what becomes of the value at each path. Private to profile/.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/profile/rules.hpp"

namespace traitsync::profile {

enum class action : std::uint8_t {
    send,
    ride,   // sent and stored, no part of `trigger`
    drop,   // neither sent nor stored
    hash,   // replaced by its digest
    as_is,  // hashed under the rules that stored it: the digest itself
};

// Another text stands where the value stood.
inline bool is_replaced(action a) { return a == action::hash || a == action::as_is; }

// A node exists for each path with a policy and for its parents. What has no node takes the action of the
// nearest node above.
struct rules::node {
    std::string key;
    std::optional<config::policy> own;  // as the operator said
    bool implied = false;               // dropped because a hidden trait is read from here
    bool stands = false;                // would be dropped so, but for its own policy
    action does = action::send;
    bool plain = true;           // nothing here or below is anything but sent
    bool keeps = false;          // something below a drop is kept
    bool triggers = false;       // something below counts for `trigger`
    std::vector<node> children;  // by key; see child_of

    // Asked for each member of a document: there may be thousands of either.
    node const* child(std::string_view name) const {
        auto const at = std::ranges::lower_bound(children, name, {}, key_of);
        return at != children.end() && at->key == name ? &*at : nullptr;
    }
    static std::string_view key_of(node const& n) { return n.key; }
};

// The child of that name, made where there is none. References to other children end.
rules::node& child_of(rules::node& parent, std::string_view key);

// Sets `does` of `n` and all below from their policies. A hashed value is one value: below it only what is
// dropped counts, the rest is covered by the hash.
void compile(rules::node& n, action inherited, bool inside_hash = false);

// For documents stored under `was`: what was hashed then is taken as it is, or is lost.
rules::node combine(rules::node const* now, action now_inherits, rules::node const* was, action was_inherits);

// Whether values that `now` wants are missing in what was stored under `was`.
bool lacks(rules::node const* now, action now_inherits, rules::node const* was, action was_inherits);

// Whether another trait may be read from `member` of metadata: not where the member is hidden by its own path
// or as a part of metadata. `metadata` may be null: sent.
bool may_borrow(rules::node const* metadata, std::string_view member);

}  // namespace traitsync::profile
