#pragma once
// The commands, one function and one file each; the numbers that they return are exit codes. What they are
// given was checked by command_line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console.hpp"

namespace traitsync::engine {
enum class destination_choice : std::uint8_t;
}

namespace traitsync::cli {

struct run_arguments {
    std::optional<std::string> config;  // -c FILE, as given
    bool once = false;
    std::chrono::milliseconds max_wait = std::chrono::minutes{5};
    engine::destination_choice destination{};  // ask
};

struct demo_arguments {
    int profiles = 1000;
};

struct init_arguments {
    std::string file = "traitsync.toml";  // "-": standard output
};

struct check_arguments {
    std::optional<std::string> config;
    bool online = false;
};

inline constexpr int most_listed = 1'000'000;

// A command that asks the running service.
struct client_arguments {
    std::string command;  // status, explain, ...
    std::string action;   // of dead, brake, replay, ...: list, retry, release, ...
    std::optional<std::string> config;
    std::optional<std::string> url;
    bool json = false;
    std::string user, trait;            // profiles, explain
    std::string query, state, company;  // lists
    int limit = 50;
    std::vector<std::string> ids;  // dead letters, a replay
    std::string reason;
    bool all = false;
    std::vector<std::string> user_ids;  // replay
    std::string company_id, modified_since;
    std::vector<std::string> acknowledged_between;
    std::vector<std::string> traits;
    bool dry_run = false, yes = false, wait = false, allow = false;
};
int run_client(client_arguments const& arguments, console& c);

struct backup_arguments {
    std::optional<std::string> config;
    std::string file;
};

int run_run(run_arguments const& arguments);
int run_demo(demo_arguments const& arguments);
int run_init(init_arguments const& arguments, console& c);
int run_check(check_arguments const& arguments, console& c);
int run_backup(backup_arguments const& arguments, console& c);
int run_version(console& c);

// Loads for a command: problems, warnings and a hint where no file was found go to `c.err`.
config::load_result load_for(std::optional<std::string> const& flag, console& c,
                             config::secrets_needed needed = config::secrets_needed::all);

// `check --online`: tries both services and sends nothing to Segment.
int check_online(config::settings const& settings, console& c);

}  // namespace traitsync::cli
