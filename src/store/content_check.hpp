#pragma once
// Whether what the rows hold can be read: SQLite's own check knows the pages of its file, not what the bytes in them
// say. Private to store/.

#include <SQLiteCpp/Database.h>

#include <string>

namespace traitsync::store {

// In words, the first message, document or ledger whose bytes nobody wrote; empty where there is none. Takes one to two
// microseconds a row. Also of stores of earlier forms. Throws SQLite::Exception.
std::string find_damaged_content(SQLite::Database& db);

}  // namespace traitsync::store
