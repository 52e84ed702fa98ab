#pragma once
// Counters since the store was made, kept in the transactions that they count. Store thread only; throws
// SQLite::Exception.

#include <array>
#include <cstdint>
#include <memory>

namespace SQLite {
class Database;
}

namespace traitsync::store {

enum class total : std::uint8_t {
    profiles_read,
    pages_read,
    traits_compared,
    acknowledged,  // messages
    traits_sent,   // in acknowledged messages
    dead_refused,
    dead_too_large,
    dead_gave_up,
    full_passes_done,
    full_passes_failed,
    incremental_passes_done,
    incremental_passes_failed,
    rediff_passes_done,
    rediff_passes_failed,
};
inline constexpr std::size_t total_count = 14;

using total_values = std::array<std::int64_t, total_count>;
inline std::int64_t value_of(total_values const& all, total t) { return all[static_cast<std::size_t>(t)]; }
// Messages that became dead letters, whatever became of those.
inline std::int64_t deaths_of(total_values const& all) {
    return value_of(all, total::dead_refused) + value_of(all, total::dead_too_large) +
           value_of(all, total::dead_gave_up);
}

class totals {
public:
    explicit totals(SQLite::Database& db);
    ~totals();

    void add(total t, std::int64_t n);  // nothing when n is 0
    total_values read();

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store
