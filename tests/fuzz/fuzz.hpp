#pragma once
// Words of the fuzz targets. A target gets bytes, calls what is tried with them and checks what must hold of the
// result, where it can against a slower and simpler way to the same answer.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace traitsync::fuzz {

// Ends the program, which libFuzzer takes as a finding.
inline void check(bool holds, char const* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

inline std::string_view text_of(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

}  // namespace traitsync::fuzz
