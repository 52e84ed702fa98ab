#pragma once
// The tables: as text for the terminal, as Markdown for docs/performance.md.

#include <optional>
#include <string>
#include <vector>

#include "api_load.hpp"
#include "contenders.hpp"

namespace traitsync::bench {

struct run_of_size {
    std::size_t profiles = 0, profile_bytes = 0, rounds = 1;
    std::optional<results> traitsync, limit, peer;
    std::optional<api_results> api;
};

std::string text_report(run_of_size const& run);
std::string markdown_report(std::vector<run_of_size> const& runs);
// Processor, number of them, kernel, kind of file system; no names.
std::string machine(std::string const& folder);

}  // namespace traitsync::bench
