// What the service manager hears from the real binary.

#include <algorithm>

#include "../unit/cli/notices.hpp"
#include "operator.hpp"

using namespace traitsync;

BOOST_FIXTURE_TEST_SUITE(under_a_service_manager, test::operated)

BOOST_AUTO_TEST_CASE(it_is_told_of_the_start_of_life_and_of_the_stop) {
    put_users(3, "x");
    auto const path = (folder / "notify").string();
    cli::test::notices const heard{path};
    environment["NOTIFY_SOCKET"] = path;
    environment["WATCHDOG_USEC"] = "20000";
    std::vector<std::string> messages;
    auto const listen = [&](std::string const& until, int times) {
        eventually(until, [&] {
            for (auto m = heard.next(); !m.empty(); m = heard.next()) messages.push_back(std::move(m));
            return std::count(messages.begin(), messages.end(), until) >= times;
        });
    };
    start();
    listen("READY=1", 1);
    // Nothing is said to be ready before it answers.
    BOOST_TEST(api->get("/healthz").status == 200);
    listen("WATCHDOG=1", 3);
    listen("STATUS=running: 0 messages wait, 0 on their way", 1);
    stop();
    for (auto m = heard.next(); !m.empty(); m = heard.next()) messages.push_back(std::move(m));
    BOOST_TEST(messages.front() == "STATUS=opening the store");
    BOOST_TEST(std::count(messages.begin(), messages.end(), "READY=1") == 1);
    BOOST_TEST(std::count(messages.begin(), messages.end(), "STOPPING=1") == 1);
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_not_there_does_not_keep_it_from_serving) {
    environment["NOTIFY_SOCKET"] = "/no/such/socket";
    start();
    BOOST_TEST(service->errors().find("\"event\":\"manager_unreachable\"") != std::string::npos);
    stop();
}

BOOST_AUTO_TEST_SUITE_END()
