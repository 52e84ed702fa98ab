#pragma once
// A message before it is bytes, and who makes bytes of it: Segment's form is delivery's business, the store
// only keeps them.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traitsync/core/ids.hpp"
#include "traitsync/diff/life.hpp"

namespace traitsync::store {

// One message of one user before it is cut to Segment's limits and written.
struct draft {
    std::string_view user;
    std::string_view context;  // members without braces
    std::int64_t timestamp = 0;
    std::vector<std::pair<profile::trait, std::string_view>> traits;  // JSON texts in fixed order
    profile::trait_set always;  // policy `always`: these go along in each part of a split message
};

class message_writer {
public:
    virtual ~message_writer() = default;
    struct plan {
        std::vector<profile::trait_set> parts;
        std::vector<diff::oversize_trait> too_large;
    };
    virtual plan cut(draft const& d) = 0;
    // Appends the bytes of the part of `d` that carries `traits`.
    virtual void write(std::string& out, draft const& d, profile::trait_set traits, message_id const& id) = 0;
};

// How a waiting message goes.
struct going {
    draft const* message;
    message_writer::plan plan;
    bool left_some = false;  // what only goes along stays: it does not go for a trait that is too large
};

}  // namespace traitsync::store
