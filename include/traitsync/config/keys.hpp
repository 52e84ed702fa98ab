#pragma once
// The one table of what can be configured. Loading, environment names, the commented file that `init`
// writes and the reference page are all derived from it; a key's default is what `settings{}` says.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "traitsync/config/config.hpp"

namespace traitsync::config {

// A choice between names, in the order of an enumeration's values.
struct choice_slot {
    std::size_t (*get)(settings const&);
    void (*set)(settings&, std::size_t);
};
struct size_slot {
    std::int64_t& (*at)(settings&);
};

// Where a value lives, and thereby its type.
using slot = std::variant<std::string& (*)(settings&), secret& (*)(settings&), int& (*)(settings&),
                          bool& (*)(settings&), std::chrono::milliseconds& (*)(settings&), size_slot, choice_slot>;

struct key {
    std::string_view section;
    std::string_view name;
    slot where;
    std::int64_t least = 0;  // of numbers, bytes and milliseconds
    std::int64_t most = 0;
    bool zero_too = false;                      // 0 is allowed below `least` (it means: none, never)
    std::span<std::string_view const> choices;  // of a choice, and of a string that must be one of them
    std::string_view fallback;                  // what an empty default means: "by region"
    std::string_view brief;                     // one line, for the reference
    std::string_view comment;                   // what else an operator should know, for the commented file

    std::string full_name() const;    // moesif.interval
    std::string environment() const;  // TRAITSYNC_MOESIF_INTERVAL
    bool is_secret() const;
    std::string type_text() const;                    // "duration, 100ms to 30d"
    std::string value_text(settings const& s) const;  // as one would write it; a secret: *** or nothing
    std::string default_text() const { return value_text(settings{}); }
};

std::span<key const> all_keys();
std::span<std::string_view const> all_sections();

// What stands above a section in the commented file.
std::string_view section_brief(std::string_view section);

// The commented file that `traitsync init` writes: every key at its default, commented out.
std::string commented_file();

// The reference of all keys as Markdown, one table a section.
std::string reference_markdown();

}  // namespace traitsync::config
