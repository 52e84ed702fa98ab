#include "api_load.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <thread>

#include "service.hpp"

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

latency of(std::string request, std::vector<double>& times) {
    std::ranges::sort(times);
    auto const at = [&](double share) {
        return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * share)];
    };
    return {std::move(request), times.size(), at(0.5), at(0.99), times.back()};
}

double timed(test::api_client const& api, std::string const& path) {
    auto const begun = std::chrono::steady_clock::now();
    auto const reply = api.get(path);
    if (reply.status != 200) throw std::runtime_error{path + ": " + reply.body};
    return milliseconds{std::chrono::steady_clock::now() - begun}.count();
}

}  // namespace

api_results ask_under_load(std::string const& binary, surroundings const& around) {
    service traitsync{binary, around.environment()};
    auto const& api = traitsync.api();
    slow_clients const hanging{api.port(), 300};
    auto const page = api.get("/v1/profiles?limit=500").json();
    std::vector<std::string> users;
    for (auto const& p : page.at("items").as_array()) users.emplace_back(p.at("user_id").as_string());
    std::vector<double> status, lookups, lists, searches;
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    for (std::size_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
        if (i % 50 == 0) api.post("/v1/pull", R"({"kind":"full"})");
        status.push_back(timed(api, "/v1/status"));
        lookups.push_back(timed(api, "/v1/profiles/" + users[i * 7919 % users.size()] + "/explain"));
        lists.push_back(timed(api, "/v1/profiles?limit=50"));
        searches.push_back(timed(api, "/v1/profiles?limit=50&q=u" + std::to_string(i % 10)));
    }
    api_results r;
    r.requests.push_back(of("`GET /v1/status`", status));
    r.requests.push_back(of("`GET /v1/profiles/{id}/explain`", lookups));
    r.requests.push_back(of("`GET /v1/profiles?limit=50`", lists));
    r.requests.push_back(of("`GET /v1/profiles?limit=50&q=`", searches));
    auto const begun = std::chrono::steady_clock::now();
    auto const preview = api.post("/v1/replays", R"({"all":true,"dry_run":true})");
    if (preview.status != 200) throw std::runtime_error{"no preview: " + preview.body};
    r.preview = milliseconds{std::chrono::steady_clock::now() - begun}.count() / 1000;
    r.peak_mib = static_cast<double>(traitsync.peak_bytes()) / 1024 / 1024;
    traitsync.stop();
    return r;
}

}  // namespace traitsync::bench
