#pragma once
// The counters as they stood at the end of each minute of the last day. Each connection's own thread only; throws
// SQLite::Exception.

#include <cstdint>
#include <memory>
#include <vector>

namespace SQLite {
class Database;
}

namespace traitsync::store {

struct activity_counts {
    std::int64_t profiles_read = 0, messages_sent = 0, traits_compared = 0, traits_sent = 0;
    std::int64_t queued = 0;  // messages that wait or are on their way
};

struct activity_point {
    std::int64_t minute = 0;  // since 1970, UTC
    activity_counts at_end;
};

class activity {
public:
    // A day of minutes, each the difference of two points.
    static constexpr std::int64_t most_points = 24 * 60 + 1;

    explicit activity(SQLite::Database& db);
    ~activity();

    // To be told the counts now and then, the first time before anything is counted: closes the minute before this
    // one, and the one in which the last process ended. Nothing is written while the minute lasts.
    void note(std::int64_t minute, activity_counts const& now);

    std::vector<activity_point> since(std::int64_t minute);  // oldest first

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store
