#pragma once
// Documents as sorted lines: what differs between two, and one merged into another.

#include <string>
#include <string_view>

namespace traitsync::bench::limit {

// Lines of `now` that are not in `before`, and `key<US>null\n` for each key that has gone.
void difference(std::string_view before, std::string_view now, std::string& out);
// `state` with the lines of `change`; a null stays as one.
void merge(std::string_view state, std::string_view change, std::string& out);
// The lines as members of a JSON object, without its braces.
void append_members(std::string& out, std::string_view lines);

}  // namespace traitsync::bench::limit
