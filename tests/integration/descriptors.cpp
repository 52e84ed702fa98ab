// Too few file descriptors: whoever takes them all from the API, the service lives, and goes on when there are some
// again.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "operator.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;

// Connections that say nothing.
struct silent_clients {
    std::vector<int> sockets;
    void open(std::uint16_t port, int count) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (int i = 0; i < count; ++i) {
            auto const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            BOOST_REQUIRE(s >= 0);
            static_cast<void>(::connect(s, reinterpret_cast<sockaddr const*>(&to), sizeof to));
            sockets.push_back(s);
        }
    }
    void close() {
        for (auto const s : sockets) ::close(s);
        sockets.clear();
    }
    ~silent_clients() { close(); }
};

// The API cannot be asked meanwhile.
void eventually_without_api(std::function<bool()> const& holds) {
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
        BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
        std::this_thread::sleep_for(5ms);
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(out_of_descriptors, test::operated)

BOOST_AUTO_TEST_CASE(without_descriptors_it_lives_and_goes_on_when_there_are_some_again) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    put_users(5, "x");
    auto limited = options({"run"});
    limited.max_open_files = 48;
    start(std::move(limited));
    settle();
    auto const log = service->errors();
    auto const colon = log.find(':', log.find("//", log.rfind("\"address\":\"")));
    silent_clients crowd;
    crowd.open(static_cast<std::uint16_t>(std::stoi(log.substr(colon + 1))), 200);
    // The API takes as many as it may have, and leaves enough for the main job.
    auto const folder = std::filesystem::path{"/proc"} / std::to_string(service->pid()) / "fd";
    auto const open_files = [&] {
        return std::distance(std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{});
    };
    eventually_without_api([&] { return open_files() >= 24; });
    put_users(5, "y");
    eventually_without_api([&] { return trait_of(4, "metadata") == R"({"plan":"y"})"; });
    crowd.close();
    BOOST_TEST(service->running());
    eventually("it answers again", [&] { return api->get("/healthz").status == 200; });
    settle();
    BOOST_TEST(segment.violations().empty());
    BOOST_TEST(segment.counts().unchanged_messages == 0U);
    stop();
}

BOOST_AUTO_TEST_SUITE_END()
