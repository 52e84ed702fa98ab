#pragma once
// The two streams of a command. Colour only on a terminal; foreign text is escaped before it is written.

#include <ostream>
#include <string>
#include <string_view>

#include "traitsync/config/load.hpp"

namespace traitsync::cli {

struct console {
    std::ostream& out;
    std::ostream& err;
    bool colour = false;  // of `err`
    bool out_colour = false;
};

// Standard output and error; colour when standard error is a terminal and NO_COLOR is not set.
console standard_console();

// Standard output is a pipe, and nobody reads it any more.
bool reader_has_left(console const& c);

// file:3:9: error: text
void print_problem(console& c, config::problem const& p);
void print_warning(console& c, config::problem const& p);

// traitsync: text
void print_failure(console& c, std::string_view text);

// 1 problem, 2 problems
std::string counted(std::size_t count, std::string_view noun);

}  // namespace traitsync::cli
