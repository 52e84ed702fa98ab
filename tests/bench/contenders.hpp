#pragma once
// Who is measured: traitsync, the bare limit, the peer. Each gives what it can of the same stages.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "measure.hpp"
#include "surroundings.hpp"

namespace traitsync::bench {

namespace stage {
inline constexpr char const *sync = "first sync, delivered and acknowledged", *pull = "- its pass alone",
                            *deliver = "- its delivery alone", *unchanged = "unchanged full pass",
                            *changed_1 = "1 % changed", *changed_100 = "100 % changed",
                            *replay = "replay of all, delivered";
inline constexpr char const* all[] = {sync, pull, deliver, unchanged, changed_1, changed_100, replay};
}  // namespace stage

struct results {
    std::map<std::string, measured> stages;  // by the names above
    double store_bytes = 0;                  // after the first sync
    std::map<std::string, double> ready;     // seconds from start to ready, by what happened before
    void add(char const* name, measured const& m);
};

// Of each stage the run with the median CPU time. At least one.
results median(std::vector<results> const& runs);

// Quick: only the first sync and the unchanged pass.
results run_traitsync(std::string const& binary, surroundings& around, bool quick);
results run_limit(std::string const& program, surroundings& around);
results run_peer(std::string const& folder, surroundings& around);

}  // namespace traitsync::bench
