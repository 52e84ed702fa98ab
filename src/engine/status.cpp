#include "traitsync/engine/status.hpp"

#include <fmt/core.h>

#include <vector>

namespace traitsync::engine {

std::vector<reason> reasons_of(status const& s) {
    std::vector<reason> all;
    auto const add = [&all](std::optional<reason> const& r) {
        if (r) all.push_back(*r);
    };
    add(s.destination);
    add(s.pull.blocked);
    add(s.push.blocked);
    add(s.store_fault);
    add(s.low_disk);
    add(s.brake);
    return all;
}

}  // namespace traitsync::engine
