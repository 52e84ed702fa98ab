#pragma once
// The store's tables: which version of them a file has, whether they are all there, and the way to the newest. Private
// to store/.

#include <string>

#include "traitsync/core/error.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

int newest_schema_version();

// Before anything is written: the version of a file that is ours, 0 of one that can become ours. Errors: storage (of
// another program, or a table or index of its version is missing), conflict (of a newer version; both are named).
result<int> our_version(SQLite::Database& db, std::string const& path);

// From `version`, each step in a transaction of its own. Error: conflict (a step was another one when the file was
// made). Throws SQLite::Exception.
result<void> migrate(SQLite::Database& db, int version, std::string const& path);

}  // namespace traitsync::store
