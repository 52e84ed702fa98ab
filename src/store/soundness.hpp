#pragma once
// What can be seen of a store's files before anything is written: SQLite itself would write over an empty header, and
// read a broken log up to the break as if nothing had followed. Reads only. Private to store/.

#include <SQLiteCpp/Database.h>

#include <string>

#include "traitsync/core/error.hpp"

namespace traitsync::store {

// A file that is no SQLite file is named and not touched, and so is what is no file at all: a device, a pipe, a socket,
// a folder. An absent or empty one is fine: a store can be made there.
result<void> check_header(std::string const& path);

// The write-ahead log beside it. Torn at its end by a power cut is ordinary; two transactions and more behind a break
// were once safely on the disk, so the log was damaged later, and opening it would lose them without a word.
result<void> check_log(std::string const& path);

// A young store stands in its log for the most part: the file alone is a store of which nothing was ever read, and one
// that lost its log would be taken for a new one. note_made() leaves a mark in the file that the log takes away, so
// that the mark without a log tells. `had_log`: before SQLite, which makes one, opened the file.
bool has_log(std::string const& path);
void note_made(SQLite::Database& db);
result<void> check_log_not_lost(SQLite::Database& db, std::string const& path, bool had_log);
bool is_marked_as_made(SQLite::Database& db);
void forget_made(SQLite::Database& db);  // of a copy, which is whole without a log

}  // namespace traitsync::store
