// Load for a long time: profiles change at changing rates, both services misbehave in turns, clients read the page's
// events and the API. Memory, descriptors, threads and the file must stay flat, and in the end every user's picture be
// true. TRAITSYNC_SOAK_SECONDS says how long (60). Prints one line every ten seconds: seconds, resident KiB,
// descriptors, threads, file KiB, messages
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "storm.hpp"
#include "support/api_client.hpp"

namespace {

using namespace traitsync;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

struct sample {
    double resident = 0, descriptors = 0, threads = 0, file = 0;
};

double count_of(std::filesystem::path const& folder) {
    return static_cast<double>(
        std::distance(std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{}));
}

sample look(test::storm const& s, test::process const& child) {
    auto const proc = std::filesystem::path{"/proc"} / std::to_string(child.pid());
    return {.resident = static_cast<double>(child.resident_bytes()) / 1024,
            .descriptors = count_of(proc / "fd"),
            .threads = count_of(proc / "task"),
            .file = static_cast<double>(std::filesystem::file_size(s.folder / "store.db")) / 1024};
}

// The listening port, from the log.
std::uint16_t port_of(test::process& child) {
    BOOST_REQUIRE(child.wait_for_errors("listening"));
    auto const log = child.errors();
    auto const colon = log.find("127.0.0.1:", log.find("listening"));
    return static_cast<std::uint16_t>(std::stoi(log.substr(colon + 10)));
}

// Asks until told to end; counts what was not answered with 200.
void ask(std::uint16_t port, std::atomic<bool> const& over, std::atomic<long>& asked, std::atomic<long>& wrong) {
    test::api_client api{port, std::string{test::admin_token}};
    constexpr std::array paths{"/v1/status", "/v1/profiles?limit=50", "/metrics", "/v1/messages?limit=50", "/v1/runs",
                               "/"};
    for (std::size_t i = 0; !over; ++i) {
        if (api.get(paths[i % paths.size()]).status != 200) ++wrong;
        ++asked;
        std::this_thread::sleep_for(50ms);  // the clients' rate
    }
}

double largest(std::vector<sample> const& all, std::size_t from, std::size_t to, double sample::*what) {
    double most = 0;
    for (auto i = from; i < to; ++i) most = std::max(most, all[i].*what);
    return most;
}

}  // namespace

BOOST_AUTO_TEST_CASE(under_load_for_long_memory_descriptors_threads_and_file_stay_flat) {
    auto const* const text = std::getenv("TRAITSYNC_SOAK_SECONDS");
    std::chrono::seconds const length{text != nullptr ? std::atoi(text) : 60};
    test::storm s{2000};
    // History is trimmed by size, so that the file can be flat within minutes.
    auto child = s.start({{"TRAITSYNC_STORE_MAX_HISTORY", "4MiB"},
                          {"TRAITSYNC_MOESIF_FULL_INTERVAL", "60s"},
                          {"TRAITSYNC_MOESIF_PAGE_SIZE", "200"},
                          {"TRAITSYNC_SEGMENT_BATCH_SIZE", "200"}});
    auto const port = port_of(child);
    std::atomic<bool> over = false;
    std::atomic<long> asked = 0, wrong = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) clients.emplace_back([&] { ask(port, over, asked, wrong); });
    std::vector<sample> all;
    auto const begun = steady::now();
    auto next = begun + 10s;
    for (std::uint64_t turn = 1; steady::now() - begun < length; ++turn) {
        // Three minutes of faults, three without.
        auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(steady::now() - begun).count();
        if (turn % 20 == 1) s.misbehave(minutes / 3 % 2 == 0, turn);
        auto const rate = 1 + turn / 50 % 5;
        for (std::uint64_t i = 0; i < rate; ++i) s.change_some();
        BOOST_REQUIRE_MESSAGE(child.running(), child.errors());
        std::this_thread::sleep_for(200ms);  // the rate of changes
        if (steady::now() < next) continue;
        next += 10s;
        all.push_back(look(s, child));
        auto const& now = all.back();
        std::printf("%ld %.0f %.0f %.0f %.0f %zu\n", static_cast<long>((steady::now() - begun) / 1s), now.resident,
                    now.descriptors, now.threads, now.file, s.segment.counts().distinct_messages);
        std::fflush(stdout);
    }
    over = true;
    for (auto& c : clients) c.join();
    s.misbehave(false, 1);
    auto const left = s.calm_down(child, 120s);
    BOOST_TEST(left.empty(), left);
    auto const ended = child.stop();
    BOOST_TEST((ended && ended->clean()));
    s.check_what_segment_saw();
    s.check_that_no_secret_was_printed();
    BOOST_TEST(wrong == 0);
    // The second half against the second quarter: by then caches and history are full.
    auto const n = all.size();
    BOOST_REQUIRE(n >= 4U);
    for (auto const& [what, name, slack] :
         std::vector<std::tuple<double sample::*, char const*, double>>{{&sample::resident, "resident memory", 1.15},
                                                                        {&sample::descriptors, "descriptors", 1.3},
                                                                        {&sample::threads, "threads", 1.0},
                                                                        {&sample::file, "file", 1.15}}) {
        auto const before = largest(all, n / 4, n / 2, what), after = largest(all, n / 2, n, what);
        BOOST_TEST(after <= before * slack, name << " grew from " << before << " to " << after);
        std::printf("%s: %.0f at most in the second quarter, %.0f in the second half\n", name, before, after);
    }
    std::printf("%ld API requests, %zu messages, %zu repeats\n", asked.load(), s.segment.counts().distinct_messages,
                s.segment.counts().repeats);
}
