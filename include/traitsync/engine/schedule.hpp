#pragma once
// Which pass comes next and when. Pure.

#include <cstdint>
#include <optional>

#include "traitsync/config/config.hpp"
#include "traitsync/store/passes.hpp"

namespace traitsync::engine {

struct pass_history {
    std::int64_t now = 0;
    bool rules_changed = false;
    bool full_wanted = false;                   // by the operator or by `run --once`
    bool full_owed = false;                     // by what only a whole reading brings, a policy that needs it say
    bool incremental_wanted = false;            // by the operator
    std::optional<std::int64_t> last_full_end;  // of passes that reached their end
    std::optional<std::int64_t> last_end;       // of any pass, whether it failed or not
    bool last_failed = false;
    std::int64_t full_failures = 0;                // of full passes behind the last good one
    std::optional<std::int64_t> last_full_failed;  // the end of the latest of them
};

struct planned_pass {
    store::pass_kind kind = store::pass_kind::full;
    std::int64_t at = 0;  // milliseconds; not after `now`: at once
};

// On an empty store a full pass, then one every full_interval, incremental ones between. After a clock that
// jumped back a pass waits at most twice its interval. A failed pass is not followed before the interval is over.
// A full pass that fails leaves the next turn to an incremental one and is tried again at growing distance, up to an
// hour or twice the interval: what only it cannot read must not keep all changes from being read.
planned_pass plan(pass_history const& h, config::moesif_settings const& s);

}  // namespace traitsync::engine
