#pragma once
// The options of the commands that ask the running service.

#include <string>

#include "commands.hpp"

namespace CLI {
class App;
}

namespace traitsync::cli {

// Adds the commands; a parse fills `a`.
void add_client_commands(CLI::App& app, client_arguments& a);
bool is_client_command(std::string const& name);
// The action of the command that was parsed (dead retry, brake release, ...), into `a`.
void settle_action(CLI::App& command, client_arguments& a);

}  // namespace traitsync::cli
