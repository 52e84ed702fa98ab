#pragma once
// The sample files, byte for byte.

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace traitsync::test {

inline std::string sample(std::string const& name) {
    std::ifstream in{TS_SOURCE_DIR "/tests/samples/" + name, std::ios::binary};
    if (!in) throw std::runtime_error{"no sample " + name};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace traitsync::test
