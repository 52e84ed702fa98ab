#pragma once
// Offers that stand in the rows of their messages alone, of users of whom nothing else is open: what diff::freeze does
// to such a message, for many at once. They differ only in what their bytes carry, so one statement writes all whose
// numbers follow each other: a statement a message costs half as much again in cursors and starts. Private to store/.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "statement.hpp"
#include "traitsync/store/accounts.hpp"

namespace traitsync::store {

class row_offers {
public:
    explicit row_offers(SQLite::Database& db);
    row_offers(row_offers const&) = delete;  // SQLite's functions know it by its address
    row_offers& operator=(row_offers const&) = delete;

    // In the order of their rows. Writes rows and bodies; gives what the bodies take.
    std::int64_t write(std::span<row_offer const> offers, std::int64_t now);

private:
    static row_offers& self_of(sqlite3_context* context);
    // The offer that an SQL function is asked for by its row.
    static row_offer const* asked(sqlite3_context* context, sqlite3_value** arguments);

    std::span<row_offer const> run_;  // being written
    // Their bodies, packed before SQLite asks: nothing may be thrown through it. The room is used again.
    std::vector<std::string> packed_;
    statement offer_, put_bodies_;
};

}  // namespace traitsync::store
