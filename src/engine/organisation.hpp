#pragma once
// Whose profiles this store holds: a salted hash of the Moesif token's organisation, where documents tell it. Store
// thread only. Private to engine/.

#include <cstdint>

#include "traitsync/moesif/page.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::engine {

enum class organisation_seen : std::uint8_t { no_documents, untold, same, another };

// Looks at a page of the present token and remembers what it tells. `another`: the store was filled from another
// organisation. Then a full pass is due: what was read says nothing about the new one's profiles, and what is gone
// shows only by a full pass; `read_whole`: this is the first page of one.
result<organisation_seen> note_organisation(store::session& s, moesif::page const& page, bool read_whole);

}  // namespace traitsync::engine
