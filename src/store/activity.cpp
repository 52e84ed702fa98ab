#include "traitsync/store/activity.hpp"

#include "statement.hpp"

namespace traitsync::store {

struct activity::statements {
    explicit statements(SQLite::Database& db)
        : newest{db, "SELECT max(minute) FROM activity"},
          add{db,
              "INSERT INTO activity (minute, profiles_read, messages_sent, traits_compared, traits_sent, queued) "
              "VALUES "
              "(?, ?, ?, ?, ?, ?)"},
          trim{db, "DELETE FROM activity WHERE minute <= ? OR minute >= ?"},
          since{db,
                "SELECT minute, profiles_read, messages_sent, traits_compared, traits_sent, queued FROM activity "
                "WHERE minute >= ? ORDER BY minute"} {}
    statement newest, add, trim, since;

    std::optional<std::int64_t> last() {
        auto& s = newest.with();
        auto const found = s.step() ? s.maybe_integer(0) : std::nullopt;
        s.reset();
        return found;
    }
    void close(std::int64_t minute, activity_counts const& c) {
        add.with(minute, c.profiles_read, c.messages_sent, c.traits_compared, c.traits_sent, c.queued).run();
    }
};

activity::activity(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
activity::~activity() = default;

void activity::note(std::int64_t minute, activity_counts const& now) {
    auto const closed = minute - 1;
    if (sql_->last() == closed) return;
    // What lies ahead was written by a clock that was put back since.
    sql_->trim.with(closed - most_points, closed).run();
    // What was counted after the last point was counted in the minute behind it: then the process ended.
    if (auto const last = sql_->last(); last && *last < closed - 1) sql_->close(*last + 1, now);
    sql_->close(closed, now);
}

std::vector<activity_point> activity::since(std::int64_t minute) {
    std::vector<activity_point> points;
    auto& s = sql_->since.with(minute);
    while (s.step()) {
        points.push_back({.minute = s.integer(0),
                          .at_end = {.profiles_read = s.integer(1),
                                     .messages_sent = s.integer(2),
                                     .traits_compared = s.integer(3),
                                     .traits_sent = s.integer(4),
                                     .queued = s.integer(5)}});
    }
    return points;
}

}  // namespace traitsync::store
