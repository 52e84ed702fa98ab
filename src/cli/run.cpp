#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>

#include <fmt/core.h>
#include <boost/system/system_error.hpp>

#include "commands.hpp"
#include "exit.hpp"
#include "service.hpp"

namespace traitsync::cli {
namespace {

// Where the terminal went away nobody looks: what cannot be written is lost, and the run goes on.
void write_to_terminal(std::string const& text) {
    static_cast<void>(std::fputs(text.c_str(), stderr));
    static_cast<void>(std::fflush(stderr));
}

// A bar for `run --once` on a terminal; Moesif does not say reliably how many profiles there are, so the bar
// is of the queue and the pass is told in numbers.
void draw_progress(engine::status const& s) {
    auto const& n = s.numbers;
    auto const done = s.push.acknowledged;
    // What is acknowledged is known at once, the queue as of some time ago, when so many had been.
    auto const all_acknowledged = store::value_of(n.totals, store::total::acknowledged);
    static auto const before_this_run = all_acknowledged - done;
    auto const since_then = std::max<std::int64_t>(done - (all_acknowledged - before_this_run), 0);
    auto const total = done + std::max<std::int64_t>(n.waiting + n.offered - since_then, 0);
    constexpr int width = 30;
    auto const filled = total == 0 ? 0 : static_cast<int>(done * width / total);
    std::string const bar =
        std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(width - filled), '.');
    auto const read = s.pull.pass ? s.pull.pass->read : n.users + n.companies;
    // The cursor goes back to its begin: a line of the log then stands in its place and not behind it.
    write_to_terminal(
        fmt::format("\r[{}] {} profiles read, {} of {} messages acknowledged\x1b[K\r", bar, read, done, total));
}

// A stop that is asked for before the loop takes the signals: what a start does may end at any instruction, as by a
// crash. Left to the signal itself it would look like a failure, and the first process of a container would not hear
// it.
extern "C" void end_the_start(int) { ::_exit(exit_done); }
extern "C" void end_the_start_of_a_single_run(int) { ::_exit(exit_failed); }

}  // namespace

int run_run(run_arguments const& arguments) {
    for (auto const number : {SIGINT, SIGTERM}) {
        static_cast<void>(std::signal(number, arguments.once ? end_the_start_of_a_single_run : end_the_start));
    }
    auto c = standard_console();
    auto const loaded = load_for(arguments.config, c);
    if (!loaded) return exit_usage;
    auto const& settings = loaded->values;
    auto const log = make_log(settings);
    engine::engine_options options;
    options.once = arguments.once;
    options.max_wait = arguments.max_wait;
    options.destination = arguments.destination;
    service_hooks hooks;
    hooks.reload = [file = loaded->file] {
        config::sources from;
        from.file = file;
        from.environment = config::process_environment();
        return config::load(from);
    };
    if (arguments.once && ::isatty(STDERR_FILENO)) {
        hooks.tick = draw_progress;
        hooks.ended = [] { write_to_terminal("\n"); };
    }
    try {
        return run_service(*loaded, std::move(options), *log, c, std::move(hooks));
    } catch (boost::system::system_error const& e) {
        // The loop and its signals need descriptors; the store is closed in order all the same.
        auto const few = e.code() == boost::system::errc::too_many_files_open ||
                         e.code() == boost::system::errc::too_many_files_open_in_system;
        print_failure(c, fmt::format("cannot start: {}{}", e.code().message(),
                                     few ? "; 32 open files are enough (ulimit -n)" : ""));
        return exit_failed;
    }
}

}  // namespace traitsync::cli
