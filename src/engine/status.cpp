#include "traitsync/engine/status.hpp"

#include <fmt/core.h>

#include <vector>

namespace traitsync::engine {
namespace {

void add(std::vector<reason>& all, std::optional<reason> const& r) {
    if (r) all.push_back(*r);
}

void add_stopping(std::vector<reason>& all, status const& s) {
    if (s.stopping)
        all.push_back({"stopping", "traitsync is stopping; what waits goes at the next start", *s.stopping});
}

}  // namespace

std::string_view overall(status const& s) {
    if (s.stopping) return "stopping";
    if (s.destination || s.pull.blocked || s.push.blocked) return "blocked";
    if (s.pull.paused || s.push.paused) return "paused";
    if (s.store_fault || s.low_disk || s.held || s.dead_letters || s.pull.failing || s.pull.retrying || s.push.retrying)
        return "degraded";
    return "running";
}

void note_failed_pass(pull_status& s, store::pass_row const& pass, wall_time since) {
    s.last_error = error{fault::invalid, pass.error};
    s.failing =
        reason{"pass_failed",
               fmt::format("the last {} pass ended early, so newer changes may be missing: {}; it is tried again: look "
                           "at moesif.url, its search paths, moesif.app_id and any proxy between (\"traitsync check "
                           "--online\" tries them)",
                           name_of(pass.kind), pass.error),
               since};
}

std::vector<reason> reasons_of(status const& s) {
    auto all = obstacles_of(s);
    for (auto const* r : {&s.pull.paused, &s.push.paused, &s.low_disk, &s.pull.failing, &s.held, &s.dead_letters,
                          &s.pull.retrying, &s.push.retrying}) {
        add(all, *r);
    }
    return all;
}

std::vector<reason> obstacles_of(status const& s) {
    std::vector<reason> all;
    add_stopping(all, s);
    for (auto const* r : {&s.destination, &s.pull.blocked, &s.push.blocked, &s.store_fault}) add(all, *r);
    return all;
}

}  // namespace traitsync::engine
