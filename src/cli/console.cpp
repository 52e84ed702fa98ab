#include "console.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "traitsync/ops/escape.hpp"

namespace traitsync::cli {
namespace {

constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[1;33m";
constexpr std::string_view plain_again = "\x1b[0m";

bool wants_colour(int descriptor) {
    auto const* none = std::getenv("NO_COLOR");
    auto const* terminal = std::getenv("TERM");
    bool const dumb = terminal == nullptr || std::string_view{terminal} == "dumb";
    return ::isatty(descriptor) == 1 && (none == nullptr || *none == '\0') && !dumb;
}

void print(console& c, config::problem p, std::string_view word, std::string_view paint) {
    auto const text = std::move(p.text);
    p.text.clear();
    auto place = config::to_string(p);  // ends with ": " unless it is empty
    c.err << ops::plain(place);
    if (c.colour) c.err << paint;
    c.err << word << ':';
    if (c.colour) c.err << plain_again;
    c.err << ' ' << ops::plain(text) << '\n';
}

}  // namespace

console standard_console() { return {std::cout, std::cerr, wants_colour(STDERR_FILENO), wants_colour(STDOUT_FILENO)}; }

bool reader_has_left(console const& c) {
    if (&c.out != &std::cout) return false;
    ::pollfd out{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

void print_problem(console& c, config::problem const& p) { print(c, p, "error", red); }
void print_warning(console& c, config::problem const& p) { print(c, p, "warning", yellow); }

void print_failure(console& c, std::string_view text) { c.err << "traitsync: " << ops::plain(text) << '\n'; }

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

}  // namespace traitsync::cli
