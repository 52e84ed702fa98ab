#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace traitsync::bench {

// The API while full passes run one after the other and 300 clients hang.
void ask_under_load(std::string const& binary, std::vector<std::string> const& environment, std::size_t profiles);

}  // namespace traitsync::bench
