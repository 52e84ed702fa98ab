// Measures the shipped binary from outside: a fast source and receiver in this process, the contender as one child that
// goes through all stages, its CPU time and memory between two points as the kernel counted them. Beside it, in the
// same run, the bare limit (limit/) and a peer (peer/). docs/performance.md has the recorded tables.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "report.hpp"

namespace {

using namespace traitsync;

struct wishes {
    std::vector<std::size_t> profiles{10'000, 100'000, 1'000'000};
    std::string binary = TS_BINARY, markdown;
    bool quick = false, no_traitsync = false, no_limit = false, no_peer = false, no_api = false;
    std::size_t peer_up_to = 1'000'000, rounds = 0;

    // Stages of a second say little once.
    std::size_t rounds_of(std::size_t size) const { return rounds != 0 ? rounds : size <= 20'000 ? 3 : 1; }
};

bench::run_of_size measure(wishes const& w, std::size_t profiles, std::filesystem::path const& folder) {
    bench::surroundings around{profiles, folder};
    bench::run_of_size run{.profiles = profiles, .profile_bytes = around.profile_bytes()};
    fmt::print(stderr, "{} profiles\n", profiles);
    std::vector<bench::results> limit, own, peer;
    auto const rounds = run.rounds = w.rounds_of(profiles);
    for (std::size_t round = 1; round <= rounds; ++round) {
        if (!w.no_limit) limit.push_back(bench::run_limit(TS_LIMIT, around));
        if (!w.no_traitsync) {
            own.push_back(bench::run_traitsync(w.binary, around, w.quick));
            if (!w.no_api && !w.quick && round == rounds) run.api = bench::ask_under_load(w.binary, around);
            around.remove_store();
        }
        if (!w.no_peer && profiles <= w.peer_up_to) peer.push_back(bench::run_peer(TS_PEER, around));
    }
    if (!limit.empty()) run.limit = bench::median(limit);
    if (!own.empty()) run.traitsync = bench::median(own);
    if (!peer.empty()) run.peer = bench::median(peer);
    return run;
}

void write_markdown(std::string const& path, std::string const& machine, std::vector<bench::run_of_size> const& runs) {
    if (path.empty()) return;
    std::ofstream{path} << machine << ".\n\n" << bench::markdown_report(runs);
}

}  // namespace

int main(int argc, char** argv) {
    wishes w;
    CLI::App options{"Rates of traitsync, of the bare limit and of a peer, in one run"};
    options.add_option("--profiles", w.profiles, "sizes, with commas")->delimiter(',')->check(CLI::PositiveNumber);
    options.add_option("--binary", w.binary, "another traitsync");
    options.add_option("--markdown", w.markdown, "write the tables to this file too");
    options.add_option("--peer-up-to", w.peer_up_to, "no peer beyond so many profiles");
    options
        .add_option("--rounds", w.rounds,
                    "the median of so many runs by turns; without: 3 up to 20,000 profiles, else 1")
        ->check(CLI::PositiveNumber);
    options.add_flag("--quick", w.quick, "of traitsync only the first sync and the unchanged pass");
    options.add_flag("--no-traitsync", w.no_traitsync);
    options.add_flag("--no-limit", w.no_limit);
    options.add_flag("--no-peer", w.no_peer);
    options.add_flag("--no-api", w.no_api, "do not ask the API under load");
    CLI11_PARSE(options, argc, argv);

    auto const folder = std::filesystem::temp_directory_path() / fmt::format("traitsync-bench-{}", ::getpid());
    std::filesystem::create_directories(folder);
    std::vector<bench::run_of_size> runs;
    auto const machine = bench::machine(folder);
    fmt::print("{}\n", machine);
    try {
        for (auto const size : w.profiles) {
            runs.push_back(measure(w, size, folder));
            fmt::print("{}", bench::text_report(runs.back()));
            std::fflush(stdout);
            write_markdown(w.markdown, machine, runs);
        }
    } catch (std::exception const& e) {
        fmt::print(stderr, "bench: {}\nThe store is left in {}\n", e.what(), folder.string());
        return 1;
    }
    std::filesystem::remove_all(folder);
    return 0;
}
