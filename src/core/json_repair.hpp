#pragma once
// A second chance for texts that the parser refuses though a human would read them: lone surrogate
// escapes and invalid UTF-8 inside strings, and exponents too large for the parser's int.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace traitsync::json {

// A number whose source text stands in the original; in the repaired text a plain 0 holds its place.
struct set_apart_number {
    std::size_t offset;       // of the 0 in the repaired text
    std::string_view source;  // in the original
};

struct repair_outcome {
    std::size_t replaced = 0;               // U+FFFD written: one a lone surrogate, one a maximal subpart
    std::vector<set_apart_number> numbers;  // in the order of their offsets

    bool changed() const { return replaced != 0 || !numbers.empty(); }
};

// Writes `text` into `out`, repaired. What is wrong in other ways is copied and stays wrong.
repair_outcome repair(std::string_view text, std::string& out);

}  // namespace traitsync::json
