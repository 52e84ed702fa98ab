#pragma once
// What outbox knows of the bodies' size, where others remove some. Private to store/.

#include <algorithm>
#include <cstdint>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

// Part of the caller's transaction, which has removed bodies of this size.
inline void bodies_went(session& s, std::int64_t bytes) {
    if (bytes == 0) return;
    s.meta.set("body_bytes", std::max<std::int64_t>(0, s.outbox.history_bytes() - bytes));
    s.outbox.recount();
}

}  // namespace traitsync::store
