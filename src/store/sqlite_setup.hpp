#pragma once
// How this process uses SQLite. Private to store/.

#include <string>

namespace traitsync::store {

// Each connection belongs to one thread, so SQLite needs no mutex a call, and nobody reads its count of memory,
// which takes a mutex at every allocation: together about a tenth of a first sync. Names are names of files, never
// addresses. Must come before the first use of SQLite; later it is refused without effect.
void configure_sqlite();

// Where SQLite puts files that it needs for a moment: beside the store, which has the room and is as private. For the
// whole process; before other threads have connections.
void keep_temporary_files_in(std::string const& folder);

}  // namespace traitsync::store
