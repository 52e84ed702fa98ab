#pragma once
// `_source` lists: a document reduced to some of its fields.

#include <string>
#include <string_view>
#include <vector>

namespace traitsync::demo {

// The object with only the named fields (dotted paths reach into objects and arrays of objects); values keep their
// bytes.
std::string only_fields(std::string_view object, std::vector<std::string> const& names);

}  // namespace traitsync::demo
