#pragma once
// The body that a waiting message would have if it were offered now, composed as delivery composes it. On the
// reading connection.

#include <optional>
#include <string>

#include "traitsync/store/reader.hpp"

namespace traitsync::engine {

// The first part where it would be split; nothing where no part fits or nothing is left to send. The account's
// wanted texts must be loaded.
std::optional<std::string> body_now(store::reader& r, store::user_row const& user, store::stored_source const& source,
                                    diff::account const& a, diff::message const& pending, diff::diff_rules const& rules,
                                    profile::rules const* nested_nulls);

}  // namespace traitsync::engine
