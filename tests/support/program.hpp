#pragma once
// The program under test: this build's, or that of the build which the environment names.

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>

namespace traitsync::test {

inline std::filesystem::path program_or(char const* built) {
    auto const* other = std::getenv("TRAITSYNC_PROGRAM");
    return other ? other : built;
}

// A sanitizer's runtime must be the first that is loaded, and so must what is preloaded.
inline bool can_preload() { return std::getenv("TRAITSYNC_INSTRUMENTED") == nullptr; }

// For boost::unit_test::precondition.
inline boost::test_tools::assertion_result preloads(boost::unit_test::test_unit_id) { return can_preload(); }

}  // namespace traitsync::test
