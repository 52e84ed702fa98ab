// Measures the shipped binary from outside: a fast source and receiver in this process, `traitsync run --once`
// as a child, its CPU time and memory as the kernel counted them. One table; docs/performance.md has the recorded ones.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include "support/api_client.hpp"
#include "support/process.hpp"
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

using milliseconds = std::chrono::duration<double, std::milli>;

// Clients that send half a head and hang; those that were ended come again.
class slow_clients {
public:
    slow_clients(std::uint16_t port, std::size_t count) : port_{port}, thread_{[this, count] { run(count); }} {}
    ~slow_clients() {
        stop_ = true;
        thread_.join();
    }

private:
    void run(std::size_t count) {
        boost::asio::io_context loop;
        std::deque<boost::asio::ip::tcp::socket> open;
        while (!stop_) {
            for (int i = 0; i < 20; ++i) {
                boost::system::error_code ignored;
                auto& s = open.emplace_back(loop);
                s.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
                boost::asio::write(s, boost::asio::buffer(std::string{"GET /v1/status HTTP/1.1\r\nX-Slow: "}), ignored);
            }
            while (open.size() > count) open.pop_front();
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
    }
    std::uint16_t port_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

void latency_row(char const* what, std::vector<double>& times) {
    std::ranges::sort(times);
    auto const at = [&](double share) { return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * share)]; };
    fmt::print("{:<28} {:>9} {:>11.2f} {:>13.2f} {:>9.2f}\n", what, times.size(), at(0.5), at(0.99), times.back());
}

// The API while full passes run one after the other and 300 clients hang.
void ask_under_load(std::string const& binary, std::vector<std::string> const& environment, std::size_t profiles) {
    test::process_options o{.program = binary, .arguments = {"run"}};
    for (auto const& pair : environment) o.environment[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    o.environment["TRAITSYNC_ADMIN_TOKEN"] = "bench-token-0123456789";
    o.environment["TRAITSYNC_MOESIF_INTERVAL"] = "1h";
    test::process service{o};
    if (!service.wait_for_errors("address=")) throw std::runtime_error{"the service does not listen: " + service.errors()};
    auto const log = service.errors();
    auto const colon = log.find(':', log.find("//", log.find("address=")));
    test::api_client const api{static_cast<std::uint16_t>(std::stoi(log.substr(colon + 1))), "bench-token-0123456789"};
    slow_clients const hanging{api.port(), 300};
    auto const page = api.get("/v1/profiles?limit=500").json();
    std::vector<std::string> users;
    for (auto const& p : page.at("items").as_array()) users.emplace_back(p.at("user_id").as_string());
    std::vector<double> status, lookups, lists, searches;
    auto const timed = [&](std::vector<double>& into, std::string const& path) {
        auto const begun = std::chrono::steady_clock::now();
        auto const reply = api.get(path);
        into.push_back(milliseconds{std::chrono::steady_clock::now() - begun}.count());
        if (reply.status != 200) throw std::runtime_error{path + ": " + reply.body};
    };
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    std::size_t passes = 0;
    for (std::size_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
        if (i % 50 == 0) passes += api.post("/v1/pull", R"({"kind":"full"})").status == 202 ? 1 : 0;
        timed(status, "/v1/status");
        timed(lookups, "/v1/profiles/" + users[i * 7919 % users.size()] + "/explain");
        timed(lists, "/v1/profiles?limit=50");
        timed(searches, "/v1/profiles?limit=50&q=u" + std::to_string(i % 10));
    }
    fmt::print("\nAPI while full passes over {} profiles run and 300 clients hang\n", profiles);
    fmt::print("{:<28} {:>9} {:>11} {:>13} {:>9}\n", "request", "count", "p50 ms", "p99 ms", "most ms");
    latency_row("status", status);
    latency_row("explain", lookups);
    latency_row("list of 50", lists);
    latency_row("search, 50", searches);
    fmt::print("peak {:.1f} MiB\n", static_cast<double>(service.peak_resident_bytes()) / 1024 / 1024);
    auto const ask = [&](std::string const& what, std::string const& body) {
        auto const begun = std::chrono::steady_clock::now();
        auto const reply = api.post("/v1/replays", body);
        fmt::print("{}: {:.1f} s, status {}, peak {:.1f} MiB\n", what, milliseconds{std::chrono::steady_clock::now() - begun}.count() / 1000,
                   reply.status, static_cast<double>(service.peak_resident_bytes()) / 1024 / 1024);
    };
    ask("preview of a replay of all", R"({"all":true,"dry_run":true})");
    service.stop();
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
                                            "TRAITSYNC_ADMIN_LISTEN=127.0.0.1:0"};
        };
        auto const log = (folder / "log").string();
        auto const items = static_cast<double>(profiles);
        fmt::print("{} profiles of {} bytes, one run each\n\n", profiles, bytes / std::min<std::size_t>(1000, profiles));
        fmt::print("{:<28} {:>9} {:>11} {:>13} {:>9} {:>6}\n", "stage", "profiles", "per second", "per CPU s", "peak MiB", "CPU s");
        std::string const first_key(32, 'a'), second_key(32, 'b');
        auto const first = run_child({binary, "run", "--once"}, environment(first_key), log);
        row("first sync, delivered", items, first, first.cpu);
        auto const file_after_first = std::filesystem::file_size(folder / "store.db");
        auto const unchanged = run_child({binary, "run", "--once"}, environment(first_key), log);
        row("unchanged full pass", items, unchanged, unchanged.cpu);
        // Another destination: everything is queued and delivered again after an unchanged pass.
        auto const again = run_child({binary, "run", "--once", "--destination", "resend"}, environment(second_key), log);
        row("resent to another source", items, again, again.cpu);
        row("  of it beyond the pass", items, again, again.cpu - unchanged.cpu);
        auto const file = std::filesystem::file_size(folder / "store.db");
        fmt::print("\nstore: {:.0f} MB after the first sync, {:.0f} MB at the end; of each at most 1 GiB is history\n",
                   static_cast<double>(file_after_first) / 1e6, static_cast<double>(file) / 1e6);
        ask_under_load(binary, environment(second_key), profiles);
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
