#include <csignal>

#include "command_line.hpp"

int main(int argc, char** argv) {
    using namespace traitsync;
    // A reader that went away is an error of that write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    auto console = cli::standard_console();
    cli::command_set const commands{
        .run = cli::run_run,
        .demo = cli::run_demo,
        .init = [&](cli::init_arguments const& a) { return cli::run_init(a, console); },
        .check = [&](cli::check_arguments const& a) { return cli::run_check(a, console); },
        .backup = [&](cli::backup_arguments const& a) { return cli::run_backup(a, console); },
        .client = [&](cli::client_arguments const& a) { return cli::run_client(a, console); },
        .version = [&] { return cli::run_version(console); },
    };
    return cli::run_command_line(argc, argv, commands, console);
}
