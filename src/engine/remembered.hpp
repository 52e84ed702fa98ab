#pragma once
// What the store knows of the engine's state before it runs. Private to engine/.

#include <array>
#include <cstdint>
#include <optional>

#include "traitsync/core/clock.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::engine {

struct remembered {
    store::session::numbers numbers;
    std::optional<wall_time> pull_paused, deliver_paused;  // since when
    std::optional<store::pass_row> last_pass;
    std::array<std::optional<std::int64_t>, 3> last_ends;  // by pass_kind
    std::optional<store::failed_passes> failing;
    std::optional<std::int64_t> last_read, last_acknowledged;
    std::int64_t refused_in_a_row = 0;
};

remembered remember(store::session& s, std::int64_t now);

}  // namespace traitsync::engine
