#pragma once
// Takes out mapped company objects that no user refers to any more. A company's change adds a row of company_values;
// the older ones stay while the ledger or the source of any user still names them (codec, reference_of). Nothing counts
// those names, which would cost each step of each user: a sweep looks at all users, some at a time, and then removes
// what it did not see. It lives in memory: after a restart it begins anew. Store thread only; throws SQLite::Exception.

#include <cstdint>
#include <vector>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

class value_sweep {
public:
    // Begins when so many values have been replaced since the last sweep that it is worth while.
    void begin_if_due(session& s);
    bool is_running() const { return stage_ != stage::idle; }
    // Looks at `users` more users, or at `rows` more values. Within the caller's transaction.
    void step(session& s, int users, int rows);

private:
    enum class stage : std::uint8_t { idle, marking, removing };

    void look_at(std::int64_t value_no);
    void mark(session& s, int users);
    void remove(session& s, int rows);

    stage stage_ = stage::idle;
    std::int64_t first_ = 0, last_ = 0;  // values that this sweep judges
    std::int64_t after_ = 0;             // the last user, then the last value, that was looked at
    std::vector<bool> seen_;             // first_ … last_
    std::int64_t kept_ = 0;              // replaced values that are left after the last sweep
};

}  // namespace traitsync::store
