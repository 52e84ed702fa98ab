#include "traitsync/delivery/lane_values.hpp"

#include <numeric>

namespace traitsync::delivery {

std::string_view name_of(lane_state s) {
    switch (s) {
        case lane_state::idle:
            return "idle";
        case lane_state::delivering:
            return "delivering";
        case lane_state::retrying:
            return "retrying";
        case lane_state::paused:
            return "paused";
        case lane_state::blocked:
            return "blocked";
    }
    return "unknown";
}

std::string_view name_of(block_reason r) {
    switch (r) {
        case block_reason::unauthorized:
            return "unauthorized";
        case block_reason::misdirected:
            return "misdirected";
        case block_reason::refused_alone:
            return "refused_alone";
    }
    return "unknown";
}

std::uint64_t lane_totals::retries_total() const {
    return std::accumulate(retries.begin(), retries.end(), std::uint64_t{0});
}

}  // namespace traitsync::delivery
