#pragma once
// What can be seen of a store's files before anything is written: SQLite itself would write over an empty header, and
// read a broken log up to the break as if nothing had followed. Reads only. Private to store/.

#include <string>

#include "traitsync/core/error.hpp"

namespace traitsync::store {

// A file that is no SQLite file is named and not touched, and so is what is no file at all: a device, a pipe, a socket,
// a folder. An absent or empty one is fine: a store can be made there.
result<void> check_header(std::string const& path);

// The write-ahead log beside it. Torn at its end by a power cut is ordinary; two transactions and more behind a break
// were once safely on the disk, so the log was damaged later, and opening it would lose them without a word.
result<void> check_log(std::string const& path);

}  // namespace traitsync::store
