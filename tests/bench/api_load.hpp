#pragma once

#include <string>
#include <vector>

#include "surroundings.hpp"

namespace traitsync::bench {

struct latency {
    std::string request;
    std::size_t count = 0;
    double p50 = 0, p99 = 0, most = 0;  // milliseconds
};

struct api_results {
    std::vector<latency> requests;
    double preview = 0;   // seconds, of a replay of all
    double peak_mib = 0;  // of the service
};

// The API while full passes run one after the other and 300 clients hang. The store must be there.
api_results ask_under_load(std::string const& binary, surroundings const& around);

}  // namespace traitsync::bench
