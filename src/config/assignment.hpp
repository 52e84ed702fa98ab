#pragma once
// What one source says about one key, before anybody knows whether it makes sense.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "traitsync/config/load.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::config {

struct place {
    std::string file;
    int line = 0;
    int column = 0;
    problem wrong(std::string text) const { return {file, line, column, std::move(text)}; }
};

// Where each key's value came from, by full name; no entry for defaults.
using places = std::map<std::string, place>;

struct assignment {
    std::string name;    // as written, dotted: moesif.interval, traits.policy.metadata.plan
    std::string origin;  // for `loaded::origins`
    place key;
    place value_place;
    // monostate: an array, a table or a date.
    std::variant<std::monostate, std::string, std::int64_t, double, bool> value;
    std::string kind;    // what it is, in words: "a number", "an array"
    bool loose = false;  // from a flag or the environment: numbers and booleans are texts
};

struct findings {
    std::vector<problem> problems;
    std::vector<problem> warnings;
};

// The assignments of a TOML text. Sections are checked here, keys by the caller. `file` is for positions.
std::vector<assignment> read_toml(std::string_view text, std::string const& file, findings& found);

// The assignments of TRAITSYNC_<SECTION>_<KEY> variables; unknown ones become warnings.
std::vector<assignment> read_environment(std::map<std::string, std::string> const& environment, findings& found);

// The secrets in the folder that CREDENTIALS_DIRECTORY names, as a service manager hands them over: files with a key's
// full name (moesif.token). One that is missing or blank says nothing: the manager may not have had it.
std::vector<assignment> read_credentials(std::map<std::string, std::string> const& environment);

std::vector<assignment> read_overrides(std::map<std::string, std::string> const& overrides);

// At most `limit` bytes of a regular file, pipe or device. The error says what is wrong without naming the path.
result<std::string> read_text_file(std::string const& path, std::size_t limit);

}  // namespace traitsync::config
