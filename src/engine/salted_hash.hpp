#pragma once
// What the store remembers of the ends it talks to. Private to engine/.

#include <string>
#include <string_view>

#include "traitsync/store/session.hpp"

namespace traitsync::engine {

// The store's own salt keeps what was hashed from being guessed out of a stolen store. Within a transaction.
std::string salted_hash(store::session& s, std::string_view text);

}  // namespace traitsync::engine
