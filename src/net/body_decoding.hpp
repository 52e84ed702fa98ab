#pragma once
// Content-Encoding of answers. Private to net/.

#include <cstddef>
#include <string>
#include <string_view>

#include "traitsync/core/error.hpp"

namespace traitsync::net {

// The body without its encoding: gzip (several members too), deflate (with and without the zlib frame) or none. More
// than `limit` decoded bytes are too_large, so that a small answer cannot fill the memory; an unknown encoding and
// broken data are unavailable. The words continue a sentence that begins with the service. What is decoded stands in
// the memory of `room`.
result<std::string> decoded(std::string_view encoding, std::string body, std::size_t limit, std::string room = {});
// Whether there is nothing to decode.
bool is_plain(std::string_view encoding);

}  // namespace traitsync::net
