#pragma once
// Search by the beginning of a name or an e-mail address. Keys are folded (ASCII letters to lower case) and
// cut. Store thread only; throws SQLite::Exception.

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/diff/account.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

// The keys under which a profile is found; empty where it has none.
struct lookup_keys {
    std::string name;
    std::string email;
    bool is_empty() const { return name.empty() && email.empty(); }
    bool operator==(lookup_keys const&) const = default;
};

// As they stand in the account's wanted texts, which must be loaded.
lookup_keys lookup_keys_of(diff::account const& a);
// As they may have been entered for a user with this stored source, whatever is wanted now.
lookup_keys lookup_keys_of(std::string_view source);
std::string folded(std::string_view text);  // as a key is

class lookups {
public:
    explicit lookups(SQLite::Database& db);
    ~lookups();

    // New and changed keys wait and are entered together, some thousand users at a time: find() knows of both. What a
    // user without keys had is removed at once.
    void change(std::int64_t user_no, lookup_keys const& before, lookup_keys const& now);
    // All that waits. Until then the file holds the keys that were replaced, too.
    void enter();
    void recount();  // after a rolled back transaction

    struct hit {
        std::string key;
        std::int64_t user_no = 0;
        auto operator<=>(hit const&) const = default;
    };
    // Keys that begin with `prefix`, after `after` in the order of (key, user number).
    std::vector<hit> find(std::string_view prefix, hit const& after, int limit);

private:
    struct statements;
    std::unique_ptr<statements> sql_;

    void remove(std::int64_t user_no, lookup_keys entered);
};

// One past the last text that begins with `prefix`, in byte order.
std::string after_prefix(std::string_view prefix);

}  // namespace traitsync::store
