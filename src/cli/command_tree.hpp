#pragma once
// The command line's definition as plain values, for what is written from it: completion and the man page. Nothing
// that describes commands is kept anywhere else.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace traitsync::cli {

struct option_text {
    std::vector<std::string> names;  // -c, --config; empty for an argument
    std::string argument;            // the name of an argument
    std::string value;               // FILE, N, resend|keep; empty for a switch
    std::vector<std::string> choices;
    std::string brief;
    std::string fallback;  // the value when it is not given; empty where that says nothing
    bool required = false;
    bool repeats = false;
    bool is_file() const { return value == "FILE"; }
};

struct command_text {
    std::string name;
    std::string brief;
    std::string footer;
    std::vector<option_text> options;
    std::vector<option_text> arguments;
    std::vector<command_text> commands;
};

command_text describe(CLI::App const& app);

// A script for the shell, bash or zsh.
std::string completion_script(command_text const& program, std::string const& shell);

// Man pages in roff: traitsync(1), and traitsync.toml(5) from the table of keys.
std::string command_manual(command_text const& program);
std::string configuration_manual();

}  // namespace traitsync::cli
