#include <malloc.h>

#include <csignal>

#include "command_line.hpp"

namespace {

// By its defaults glibc gives the store's thread a heap of its own that grows by one page and one system call at a
// time, and hands each page of profiles and each batch back to the kernel, which must clear the memory again for the
// next one: a third of the page faults and a tenth of the CPU time of a delivery of 10,000 messages.
void keep_memory_at_hand() {
    constexpr int mebibyte = 1 << 20;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, mebibyte);
    mallopt(M_MMAP_THRESHOLD, 4 * mebibyte);
    mallopt(M_TRIM_THRESHOLD, 4 * mebibyte);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace traitsync;
    keep_memory_at_hand();
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
