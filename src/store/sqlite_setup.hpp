#pragma once
// How this process uses SQLite. Private to store/.

namespace traitsync::store {

// Each connection belongs to one thread, so SQLite needs no mutex a call, and nobody reads its count of memory,
// which takes a mutex at every allocation: together about a tenth of a first sync. Names are names of files, never
// addresses. Must come before the first use of SQLite; later it is refused without effect.
void configure_sqlite();

}  // namespace traitsync::store
