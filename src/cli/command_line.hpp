#pragma once
// From the arguments to one command. Knows every command's options, help and mistakes.

#include <functional>

#include "commands.hpp"

namespace traitsync::cli {

// What to do for each command; a test puts its own in place.
struct command_set {
    std::function<int(run_arguments const&)> run;
    std::function<int(demo_arguments const&)> demo;
    std::function<int(init_arguments const&)> init;
    std::function<int(check_arguments const&)> check;
    std::function<int(backup_arguments const&)> backup;
    std::function<int(client_arguments const&)> client;
    std::function<int()> version;
};

// Parses and runs; the exit code. Help goes to `c.out`, mistakes with the nearest name to `c.err`. Output that
// could not be written makes the code 1.
int run_command_line(int argc, char const* const* argv, command_set const& commands, console& c);

}  // namespace traitsync::cli
