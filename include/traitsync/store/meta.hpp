#pragma once
// Single values of the store by name. Store thread only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace SQLite {
class Database;
}

namespace traitsync::store {

class meta {
public:
    explicit meta(SQLite::Database& db);
    ~meta();

    std::optional<std::int64_t> integer(std::string_view key);
    std::optional<std::string> text(std::string_view key);
    void set(std::string_view key, std::int64_t value);
    void set(std::string_view key, std::string_view value);
    void remove(std::string_view key);

    // The number of a rules text, made when it is new; and back.
    std::int64_t rules_number(std::string_view text);
    std::string rules_text(std::int64_t no);

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store
