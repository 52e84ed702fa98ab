#pragma once
// The part of a stored document that is neither trait nor context, packed: mostly field names that every profile
// repeats, so it shrinks by half, and a million profiles stay below 2 GB. Any thread; throws damaged_content for
// bytes that pack_rest did not make.
//
//   plain: the text itself, which begins with '{' (also how stores before this form have it), or nothing
//   packed: u8 1 (which dictionary), varint size of the text, one LZ4 block

#include <string>
#include <string_view>

namespace traitsync::store {

// Replaces `out`.
void pack_rest(std::string& out, std::string_view text);
std::string unpack_rest(std::string_view stored);

}  // namespace traitsync::store
