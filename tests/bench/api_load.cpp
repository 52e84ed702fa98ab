#include "api_load.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <thread>

#include "support/api_client.hpp"
#include "support/process.hpp"

namespace traitsync::bench {
namespace {

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
    auto const at = [&](double share) {
        return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * share)];
    };
    fmt::print("{:<28} {:>9} {:>11.2f} {:>13.2f} {:>9.2f}\n", what, times.size(), at(0.5), at(0.99), times.back());
}

}  // namespace

void ask_under_load(std::string const& binary, std::vector<std::string> const& environment, std::size_t profiles) {
    test::process_options o{.program = binary, .arguments = {"run"}};
    for (auto const& pair : environment)
        o.environment[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    o.environment["TRAITSYNC_ADMIN_TOKEN"] = "bench-token-0123456789";
    o.environment["TRAITSYNC_MOESIF_INTERVAL"] = "1h";
    test::process service{o};
    if (!service.wait_for_errors("address="))
        throw std::runtime_error{"the service does not listen: " + service.errors()};
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
        fmt::print("{}: {:.1f} s, status {}, peak {:.1f} MiB\n", what,
                   milliseconds{std::chrono::steady_clock::now() - begun}.count() / 1000, reply.status,
                   static_cast<double>(service.peak_resident_bytes()) / 1024 / 1024);
    };
    ask("preview of a replay of all", R"({"all":true,"dry_run":true})");
    service.stop();
}

}  // namespace traitsync::bench
