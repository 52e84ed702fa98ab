#pragma once
// What goes into the lane and what comes out of it: messages, actions, settlements, status. Plain values.

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "traitsync/core/clock.hpp"
#include "traitsync/delivery/back_off.hpp"
#include "traitsync/delivery/verdict.hpp"
#include "traitsync/diff/account.hpp"

namespace traitsync::delivery {

struct frozen_message {
    std::int64_t row = 0;  // in the store
    std::string body;      // its bytes, which never change
    wall_time first_offered{};
    int attempts = 0;  // noted in the store so far
};

struct lane_options {
    int batch_size = 500;                        // messages, 1 to 2,500
    int concurrency = 4;                         // batches in flight, at least 1
    int rate_limit = 500;                        // messages a second; 0: none. Burst: one batch or one second's worth
    std::chrono::milliseconds give_up_after{0};  // 0: never
    random_source random = {};                   // for the jitter; none: always the shortest wait
};

// Stays the same for the retries of a batch; halves get their own.
struct batch_number {
    std::uint64_t value = 0;
    auto operator<=>(batch_number const&) const = default;
};

// Ask the store for at most so many frozen messages, and bytes with one comma a message; then call give(). One
// is outstanding at a time.
struct fetch {
    std::size_t messages = 0;
    std::size_t bytes = 0;
    bool anywhere = false;  // from a random place of the queue instead of its front
};
struct send {
    batch_number batch;
    int attempt = 1;  // from 1; counts what the store noted of its messages
};
struct sleep {
    steady_time until;
};
struct idle {};
using action = std::variant<idle, sleep, fetch, send>;

// What the store must commit. Note `retried` first: a row may be settled in the same taking.
struct settlements {
    std::vector<std::int64_t> acknowledged;
    struct death {
        std::int64_t row = 0;
        diff::dead_reason reason = diff::dead_reason::refused;  // refused, gave_up
        std::string answer;   // refused: Segment's, at most 2 KB; gave_up: the last error
        int http_status = 0;  // 0 where no answer came
    };
    std::vector<death> dead;
    struct attempt {
        std::vector<std::int64_t> rows;
        std::string error;                      // one line
        std::optional<wall_time> next_attempt;  // nothing where it depends on others
    };
    std::vector<attempt> retried;

    bool empty() const { return acknowledged.empty() && dead.empty() && retried.empty(); }
};

enum class lane_state : std::uint8_t { idle, delivering, retrying, paused, blocked };
std::string_view name_of(lane_state s);

enum class block_reason : std::uint8_t { unauthorized, misdirected, refused_alone };
std::string_view name_of(block_reason r);

// The first that holds of blocked, paused, retrying, delivering, idle.
struct lane_status {
    lane_state state = lane_state::idle;
    std::optional<block_reason> blocked;
    std::string detail;                   // blocked: why, and what to check
    std::optional<wall_time> since;       // blocked or retrying
    std::optional<steady_time> retry_at;  // blocked or retrying: not before; nothing while a request is under way
    std::string last_error;               // of any answer that was no acceptance; stays
    std::optional<wall_time> last_accepted;
    std::size_t suspects = 0;
};

struct lane_totals {
    std::uint64_t requests = 0;
    std::uint64_t acknowledged = 0;  // messages
    std::uint64_t refused = 0;       // dead messages
    std::uint64_t gave_up = 0;
    std::array<std::uint64_t, verdict_count> retries{};  // requests to be repeated, whole or in halves, by verdict
    std::uint64_t retries_total() const;
};

}  // namespace traitsync::delivery
