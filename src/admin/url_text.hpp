#pragma once
// Percent-encoding, query strings and cursors of the admin API. Private to admin/.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traitsync::admin {

// Nothing where an escape is broken or the result is not UTF-8. `plus_is_space`: in queries.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);
std::string percent_encoded(std::string_view text);

// Segments between slashes, still encoded; "/" has none.
std::vector<std::string_view> path_segments(std::string_view path);

struct target {
    std::string path;
    std::map<std::string, std::string> query;
};
// Nothing where it is malformed, or a name comes twice.
std::optional<target> parse_target(std::string_view text);

// A place in a list that a client gives back and does not look into: texts joined and encoded.
std::string cursor_of(std::vector<std::string> const& parts);
std::optional<std::vector<std::string>> parse_cursor(std::string_view text, std::size_t parts);

// Lists whose rows have numbers: each has a letter of its own, so that the cursor of another list is none of this one.
enum class numbered : char { messages = 'm', dead_letters = 'd', quarantine = 'q', replays = 'p', runs = 'r' };
std::string cursor_of(numbered list, std::int64_t number);
// The number; 0, where a list begins, for an empty text; nothing where it is no cursor of the list.
std::optional<std::int64_t> place_in(numbered list, std::string_view cursor);

}  // namespace traitsync::admin
