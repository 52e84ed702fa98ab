#pragma once
// GET /v1/status, /readyz and /metrics: made from plain values on the loop thread. Private to admin/.

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "machine.hpp"
#include "traitsync/config/config.hpp"
#include "traitsync/engine/status.hpp"
#include "traitsync/ops/histogram.hpp"

namespace traitsync::admin {

// What the API counts about itself.
struct api_counts {
    std::map<std::string, ops::histogram, std::less<>> durations;  // by method
    std::array<std::int64_t, 4> answers{};                         // 2xx, 3xx, 4xx, 5xx
    std::int64_t connections = 0;
    std::int64_t listeners = 0;
};

struct status_facts {
    engine::status const& state;
    config::settings const& settings;
    wall_time now;
    int requests_left = 0;  // of this minute's budget for Moesif, where there is one
    int schema_version = 0;
    disk_facts disk{};
    std::int64_t memory_bytes = 0;
};

// `volatile_too`: false leaves out what moves by itself (times gone by, memory), to see whether anything changed.
std::string status_json(status_facts const& f, bool volatile_too = true);
std::string readiness_json(engine::status const& s, bool& ready);
std::string metrics_text(status_facts const& f, process_facts const& process, api_counts const& api);

}  // namespace traitsync::admin
