#pragma once
// What the engine knows about itself, as plain values. Written and read on the loop thread only.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/clock.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/ops/histogram.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::engine {

enum class service_state : std::uint8_t { idle, working, retrying, paused, blocked };
// `working`: the word for what it does then.
constexpr std::string_view word_of(service_state s, std::string_view working) {
    switch (s) {
        case service_state::idle:
            return "idle";
        case service_state::working:
            return working;
        case service_state::retrying:
            return "retrying";
        case service_state::paused:
            return "paused";
        case service_state::blocked:
            return "blocked";
    }
    return "";
}

struct reason {
    std::string code;
    std::string detail;
    wall_time since;
};

struct pull_status {
    service_state state = service_state::idle;
    std::optional<error> last_error;
    std::optional<error> missing_error;  // why profiles that a full pass did not show cannot be judged
    std::optional<reason> blocked;
    std::optional<reason> retrying;
    std::optional<reason> failing;  // the last pass over Moesif ended with an error
    std::optional<reason> paused;   // by the operator
    std::optional<wall_time> next_pass_at;
    std::optional<wall_time> last_pass_at;  // of one that ended without an error
    std::string last_pass_kind;
    std::array<std::optional<wall_time>, 3> last_ends;  // by pass_kind, of the last one without an error
    std::optional<wall_time> cursor_time;               // what changed in Moesif before this is known
    std::optional<store::pass_row> pass;                // running
    bool answered = false;         // since this process started Moesif gave a page, or judged a search again
    bool first_pass_done = false;  // since this process started
    ops::histogram requests;
};

struct push_status {
    service_state state = service_state::idle;
    std::optional<error> last_error;
    std::optional<reason> blocked;
    std::optional<reason> retrying;
    std::optional<reason> paused;  // by the operator
    std::optional<wall_time> retry_at;
    std::optional<wall_time> last_acknowledged_at;
    std::int64_t acknowledged = 0;       // since this process started
    double acknowledged_per_second = 0;  // over the last seconds
    std::int64_t dead = 0;
    std::int64_t retries = 0;  // requests repeated since this process started
    // Its parts.
    std::int64_t retries_throttled = 0, retries_rejected = 0, retries_server = 0, retries_network = 0,
                 retries_blocked = 0;
    ops::histogram requests;
};

struct status {
    wall_time started;
    pull_status pull;
    push_status push;
    std::optional<reason> store_fault;  // the store cannot be written; nothing is taken or offered
    std::optional<reason> low_disk;     // pulling waits for free disk
    std::optional<reason> held;         // the brake holds messages
    std::optional<reason> dead_letters;
    std::optional<reason> destination;  // another write key: the operator must say what it means
    bool applies_rules = false;         // what is stored is compared under other policies: nothing new is offered yet
    store::session::numbers numbers;    // as of the last refresh
    std::optional<wall_time> stopping;  // since when
};

// The first that holds of stopping, blocked, paused, degraded, running.
std::string_view overall(status const& s);

// Everything that is not as it should be, most urgent first; empty when all is well.
std::vector<reason> reasons_of(status const& s);

// A pass over Moesif ended with an error; `since`: the first of them behind the last good one.
void note_failed_pass(pull_status& s, store::pass_row const& pass, wall_time since);

// What keeps the service from pulling and delivering at all (/readyz); empty when it can work.
std::vector<reason> obstacles_of(status const& s);

}  // namespace traitsync::engine
