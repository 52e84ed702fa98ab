#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "command_line.hpp"

namespace {

// By its defaults glibc gives the store's thread a heap of its own that grows by one page and one system call at a
// time, and hands each page of profiles and each batch back to the kernel, which must clear the memory again for the
// next one: a third of the page faults and a tenth of the CPU time of a delivery of 10,000 messages.
//
// The first touch of each 4 KB is dear in some virtual machines (10 to 17 µs were measured): a new process paid a third
// of a first sync of 10,000 profiles for the memory that it works in. That much of the heap stands in one piece, for
// which the kernel is asked for pages of 2 MB; what is not touched of it takes no memory.
void keep_memory_at_hand() {
    constexpr int mebibyte = 1 << 20;
    constexpr int worked_in = 64 * mebibyte;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 4 * mebibyte);
    mallopt(M_TRIM_THRESHOLD, worked_in + 4 * mebibyte);
    mallopt(M_TOP_PAD, worked_in);
    auto const begin = reinterpret_cast<std::uintptr_t>(::sbrk(0));
    void* volatile piece = std::malloc(mebibyte);
    std::free(piece);
    auto const end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
    mallopt(M_TOP_PAD, mebibyte);
    auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    auto const first = (begin + page - 1) / page * page;
    // A kernel without such pages refuses, and nothing is lost.
    if (end > first) static_cast<void>(::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE));
}

// Where one of these was closed, a file that is opened would get its number: the log would be written into the store's
// lock. What stands in its place fails as the closed one does: nothing can be read from it, or written to it.
void occupy_standard_streams() {
    for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

}  // namespace

int main(int argc, char** argv) {
    using namespace traitsync;
    occupy_standard_streams();
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
