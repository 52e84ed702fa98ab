#pragma once
// JSON taken apart as slices of its own text, so that bytes can be compared and passed on unchanged. Written
// apart from core/json on purpose: the built-in services judge what the product reads and writes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traitsync::demo {

struct slice_member {
    std::string key;         // decoded
    std::string_view value;  // source text without surrounding white space
};

// One whole JSON value in strict RFC 8259 form, valid UTF-8, at most 128 levels deep.
bool is_json(std::string_view text);

// The members of an object or the elements of an array, in source order; empty for anything else and up to the
// fault where the text is broken.
std::vector<slice_member> members_of(std::string_view object);
std::vector<std::string_view> elements_of(std::string_view array);

// The last member with that key, as a reader that lets the last duplicate win sees it.
std::optional<std::string_view> member_of(std::string_view object, std::string_view key);

// A string literal's characters; nothing when it is no string.
std::optional<std::string> string_of(std::string_view value);

bool is_object(std::string_view value);

}  // namespace traitsync::demo
