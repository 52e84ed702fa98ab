#pragma once
// People whom an operator had forgotten: only salted hashes of their ids are kept, so that they are never stored or
// sent again. Store thread only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <string_view>

namespace SQLite {
class Database;
}

namespace traitsync::store {

// What stands in the place of a forgotten id in the selector of a replay.
inline constexpr std::string_view forgotten_name = "(forgotten)";

class forgotten {
public:
    explicit forgotten(SQLite::Database& db);
    ~forgotten();

    // Both are free while nobody is forgotten.
    bool has_user(std::string_view user_id);
    bool has_document(std::string_view doc_id);

    // Part of the caller's transaction. A document is remembered with its person, and allowed with them.
    void add_user(std::string_view user_id, std::int64_t now);
    void add_document(std::string_view doc_id, std::string_view user_id, std::int64_t now);
    bool allow(std::string_view user_id);  // false: was not forgotten

    void recount();  // after a rolled back transaction; a reading connection before it asks

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store
