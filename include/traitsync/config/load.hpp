#pragma once
// From a TOML file, the environment and flags to settings, with the origin of every value and with all
// problems at once. No text made here holds a secret's value.

#include <boost/system/result.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "traitsync/config/config.hpp"

namespace traitsync::config {

// Something wrong, or doubtful, at a place. The texts come partly from the operator's files: escape them for
// a terminal (ops::plain).
struct problem {
    std::string file;  // a path, the name of an environment variable, "--flag", or empty: nowhere in particular
    int line = 0;      // from 1; 0 where there is none
    int column = 0;    // from 1, in characters
    std::string text;
    bool operator==(problem const&) const = default;
};

// "traitsync.toml:3:9: text", without the parts that are not there.
std::string to_string(problem const& p);

struct loaded {
    settings values;
    // For each key (moesif.interval) and each policy (traits.policy.metadata.plan): "default",
    // "traitsync.toml:12", "environment" or "flag". A secret's origin is that of its `_file` key where that
    // was used.
    std::map<std::string, std::string> origins;
    std::vector<problem> warnings;
    std::optional<std::string> file;  // the file that was read
};

struct rejected {
    std::vector<problem> problems;  // at least one, in the order of the file
    std::vector<problem> warnings;
};

// Secrets that a command does not need are neither read nor missed: who runs it may not be allowed to read their files.
enum class secrets_needed : std::uint8_t {
    all,          // the service
    admin_token,  // who asks the running service
    none,         // who only needs to know where the store is
};

// Where values come from, weakest first. An empty environment variable counts as not set.
struct sources {
    std::optional<std::string> file;
    std::map<std::string, std::string> environment;  // only TRAITSYNC_… and CREDENTIALS_DIRECTORY matter
    std::map<std::string, std::string> overrides;    // flags, by key: store.path
    secrets_needed needed = secrets_needed::all;
};

using load_result = boost::system::result<loaded, rejected>;
[[noreturn]] void throw_exception_from_error(rejected const& e, boost::source_location const& where);

// Reads and checks everything; reads the files that `_file` keys name. Relative paths are relative to the
// working directory.
load_result load(sources const& from);

// The file to read: `flag`, else ./traitsync.toml, else /etc/traitsync/traitsync.toml where it exists; none
// is fine when the environment gives what is needed.
std::optional<std::string> find_file(std::optional<std::string> const& flag);

// The process's environment, for `sources`.
std::map<std::string, std::string> process_environment();

// One effective value for people: `***` for a secret that is set, empty for one that is not.
struct shown_value {
    std::string name;
    std::string value;
    std::string origin;
    bool secret = false;
};

// Every key in the order of the documentation, then every policy.
std::vector<shown_value> show(loaded const& config);

}  // namespace traitsync::config
