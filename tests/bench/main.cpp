// Measures the shipped binary from outside: a fast source and receiver in this process, `traitsync run --once`
// as a child, its CPU time and memory as the kernel counted them. One table; docs/performance.md has the recorded ones.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/population.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace {

using namespace traitsync;

struct measured {
    double wall = 0;
    double cpu = 0;
    long peak_kib = 0;
    int code = -1;
};

double seconds(timeval const& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

measured run_child(std::vector<std::string> const& arguments, std::vector<std::string> const& environment, std::string const& log) {
    std::vector<char*> argv, envp;
    for (auto const& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    for (auto const& e : environment) envp.push_back(const_cast<char*>(e.c_str()));
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    auto const begin = std::chrono::steady_clock::now();
    auto const child = ::fork();
    if (child == 0) {
        auto const out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(out, 1);
        ::dup2(out, 2);
        ::execve(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child) throw std::runtime_error{"the child cannot be waited for"};
    measured m;
    m.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    m.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    m.peak_kib = usage.ru_maxrss;
    m.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return m;
}

void row(char const* stage, double items, measured const& m, double cpu) {
    fmt::print("{:<28} {:>9.0f} {:>11.0f} {:>13.0f} {:>9.1f} {:>6.2f}\n", stage, items, items / m.wall, items / cpu,
               static_cast<double>(m.peak_kib) / 1024, m.cpu);
    if (m.code != 0) throw std::runtime_error{fmt::format("{} ended with exit code {}", stage, m.code)};
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t profiles = 100'000;
    std::string binary = TS_BINARY;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--profiles") == 0) profiles = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--binary") == 0) binary = argv[i + 1];
    }
    auto const folder = std::filesystem::temp_directory_path() / fmt::format("traitsync-bench-{}", ::getpid());
    std::filesystem::create_directories(folder);
    try {
        demo::population people{{.users = profiles, .companies = profiles / 100 + 1, .odd_share = 0.0}};
        demo::moesif_options source;
        source.faults.requests_per_minute = 0;
        demo::moesif_service moesif{source};
        moesif.set_generated_users(demo::generated_users(people));
        moesif.set_generated_companies(demo::generated_companies(people));
        demo::segment_options sink;
        sink.record = demo::recording::off;
        demo::segment_service segment{sink};

        std::size_t bytes = 0;
        for (std::size_t i = 0; i < 1000 && i < profiles; ++i) bytes += people.user(i).source.size();
        auto const environment = [&](std::string const& key) {
            return std::vector<std::string>{"PATH=/usr/bin:/bin",
                                            "TRAITSYNC_MOESIF_URL=" + moesif.url(),
                                            "TRAITSYNC_MOESIF_TOKEN=" + source.token,
                                            "TRAITSYNC_MOESIF_PAGE_SIZE=1000",
                                            "TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE=0",
                                            "TRAITSYNC_SEGMENT_URL=" + segment.url(),
                                            "TRAITSYNC_SEGMENT_WRITE_KEY=" + key,
                                            "TRAITSYNC_SEGMENT_RATE_LIMIT=0",
                                            "TRAITSYNC_SEGMENT_BATCH_SIZE=2500",
                                            "TRAITSYNC_STORE_PATH=" + (folder / "store.db").string(),
                                            "TRAITSYNC_STORE_MIN_FREE=0",
                                            "TRAITSYNC_ADMIN_LISTEN=127.0.0.1:0",
                                            "TRAITSYNC_ADMIN_LISTEN=127.0.0.1:0"};
        };
        auto const log = (folder / "log").string();
        auto const items = static_cast<double>(profiles);
        fmt::print("{} profiles of {} bytes, one run each\n\n", profiles, bytes / std::min<std::size_t>(1000, profiles));
        fmt::print("{:<28} {:>9} {:>11} {:>13} {:>9} {:>6}\n", "stage", "profiles", "per second", "per CPU s", "peak MiB", "CPU s");
        std::string const first_key(32, 'a'), second_key(32, 'b');
        auto const first = run_child({binary, "run", "--once"}, environment(first_key), log);
        row("first sync, delivered", items, first, first.cpu);
        auto const unchanged = run_child({binary, "run", "--once"}, environment(first_key), log);
        row("unchanged full pass", items, unchanged, unchanged.cpu);
        // Another destination: everything is queued and delivered again after an unchanged pass.
        auto const again = run_child({binary, "run", "--once", "--destination", "resend"}, environment(second_key), log);
        row("resent to another source", items, again, again.cpu);
        row("  of it beyond the pass", items, again, again.cpu - unchanged.cpu);
        auto const file = std::filesystem::file_size(folder / "store.db");
        fmt::print("\nstore: {:.0f} MB, of it history {} at most\n", static_cast<double>(file) / 1e6, "1 GiB");
        auto const taken = segment.counts().messages;
        fmt::print("Segment took {} messages\n", taken);
        if (taken != 2 * profiles) throw std::runtime_error{"not every message arrived exactly once"};
    } catch (std::exception const& e) {
        fmt::print(stderr, "bench: {}; see {}\n", e.what(), (folder / "log").string());
        return 1;
    }
    std::filesystem::remove_all(folder);
    return 0;
}
