// Too few file descriptors: whoever takes them all from the API, the service lives, and goes on when there are some
// again. And the three that a program is given: where they are closed, nothing else takes their numbers.

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

BOOST_FIXTURE_TEST_SUITE(closed_streams, test::operated)

BOOST_AUTO_TEST_CASE(no_file_takes_the_place_of_a_standard_stream_that_was_closed) {
    auto const program = options({}).program.string();
    put_users(3, "x");
    std::size_t sent = 0;
    for (auto const* closing : {"2>&-", "<&- >&- 2>&-"}) {
        auto const store = folder / fmt::format("store{}.db", sent);
        environment["TRAITSYNC_STORE_PATH"] = store.string();
        auto closed = options({"-c", fmt::format("exec \"$0\" run {}", closing), program});
        closed.program = "/bin/sh";
        service = std::make_unique<test::process>(std::move(closed));
        sent += 3;
        eventually_without_api([&] { return segment.counts().distinct_messages == sent; });
        auto const errors = std::filesystem::path{"/proc"} / std::to_string(service->pid()) / "fd/2";
        BOOST_TEST(std::filesystem::read_symlink(errors) == "/dev/null", closing);
        auto const second = once();
        BOOST_TEST(second.state.code == 4);
        BOOST_TEST(test::has(second.errors, fmt::format("in use by process {}:", service->pid())), second.errors);
        stop();
        // The lock holds a number and what it remembers, and nothing of the log.
        BOOST_TEST(std::filesystem::file_size(store.string() + ".lock") < 64U);
    }
}

BOOST_AUTO_TEST_CASE(what_a_command_cannot_say_is_still_a_failure) {
    auto closed = options({"-c", "exec \"$0\" version >&-", options({}).program.string()});
    closed.program = "/bin/sh";
    auto const done = test::run(std::move(closed));
    BOOST_TEST(done.state.code == 1);
    BOOST_TEST(done.errors == "traitsync: standard output cannot be written\n");
}

BOOST_AUTO_TEST_SUITE_END()
