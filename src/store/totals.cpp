#include "traitsync/store/totals.hpp"

#include <algorithm>
#include <string_view>

#include "statement.hpp"

namespace traitsync::store {
namespace {

// In the order of the enumeration; these stand in the file.
constexpr std::array<std::string_view, total_count> names{
    "profiles_read",      "pages_read",          "traits_compared",         "acknowledged",
    "traits_sent",        "dead_refused",        "dead_too_large",          "dead_gave_up",
    "full_passes_done",   "full_passes_failed",  "incremental_passes_done", "incremental_passes_failed",
    "rediff_passes_done", "rediff_passes_failed"};

}  // namespace

struct totals::statements {
    explicit statements(SQLite::Database& db)
        : add{db,
              "INSERT INTO totals (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + "
              "excluded.value"},
          read{db, "SELECT name, value FROM totals"} {}
    statement add, read;
};

totals::totals(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
totals::~totals() = default;

void totals::add(total t, std::int64_t n) {
    if (n != 0) sql_->add.with(names[static_cast<std::size_t>(t)], n).run();
}

total_values totals::read() {
    total_values all{};
    auto& s = sql_->read.with();
    while (s.step()) {
        auto const found = std::ranges::find(names, s.text(0));
        if (found != names.end()) all[static_cast<std::size_t>(found - names.begin())] = s.integer(1);
    }
    return all;
}

}  // namespace traitsync::store
