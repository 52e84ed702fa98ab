#pragma once
// gzip for bodies on the wire.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace traitsync::demo {

std::string gzip(std::string_view plain);

// Nothing when the bytes are no whole gzip stream or grow beyond `limit`.
std::optional<std::string> gunzip(std::string_view packed, std::size_t limit);

}  // namespace traitsync::demo
