// What was done over the last hour and day is told by the service, and outlives it.

#include "shifted_clock.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::number_at;
using test::shifted_clock;
using test::text_at;

struct watched : shifted_clock {
    std::chrono::minutes ahead{0};

    boost::json::array steps(std::string const& over) const {
        return get("/v1/activity?over=" + over).at("steps").as_array();
    }
    static std::int64_t sum(boost::json::array const& steps, char const* of) {
        std::int64_t all = 0;
        for (auto const& step : steps) all += number_at(step, of);
        return all;
    }
    // The child's clock goes on, and the minute that was is closed.
    void pass(std::chrono::minutes by) {
        auto const before = number("SELECT max(minute) FROM activity");
        ahead += by;
        shift(ahead);
        eventually("another minute", [&] { return number("SELECT max(minute) FROM activity") > before; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(activity, watched, *boost::unit_test::precondition(test::preloads))

BOOST_AUTO_TEST_CASE(each_minute_is_told_and_survives_a_kill) {
    put_users(40, "x");
    start();
    settle();
    eventually("the first note", [&] { return number("SELECT count(*) FROM activity") > 0; });
    BOOST_TEST(get("/v1/activity").at("over").as_string() == "hour");
    pass(1min);
    auto hour = steps("hour");
    BOOST_TEST(sum(hour, "profiles_read") == 40);
    BOOST_TEST(sum(hour, "messages_sent") == 40);
    auto const savings = get("/v1/status").at("savings");
    for (auto const* name : {"traits_compared", "traits_sent"}) {
        BOOST_TEST(sum(hour, name) == number_at(savings, name), name);
    }

    // What was counted in the minute of the kill is not lost, and the minutes without a process are none.
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    put_users(30, "y");
    pull("full");
    service->kill();
    ahead += 20min;
    shift(ahead);
    start();
    eventually("the next note", [&] { return sum(steps("hour"), "profiles_read") == 80; });
    pass(1min);
    hour = steps("hour");
    BOOST_TEST(hour.size() <= 5U, hour.size());
    BOOST_TEST(number_at(hour.back(), "queued") == 30);
    BOOST_TEST(number_at(hour.back(), "seconds") == 60);
    auto const day = steps("day");
    BOOST_TEST(sum(day, "profiles_read") == 80);
    BOOST_TEST(sum(day, "seconds") == sum(hour, "seconds"));
    for (auto const& step : day) BOOST_TEST(number_at(step, "seconds") <= 300);

    pass(90min);
    BOOST_TEST(sum(steps("hour"), "profiles_read") == 0);
    BOOST_TEST(sum(steps("day"), "profiles_read") == 80);
    pass(std::chrono::hours{25});
    BOOST_TEST(sum(steps("day"), "profiles_read") == 0);
    BOOST_TEST(number("SELECT count(*) FROM activity") == 1);
}

BOOST_AUTO_TEST_CASE(a_viewer_may_ask_and_a_wrong_span_is_named) {
    start();
    eventually("an answer", [&] { return api->get("/v1/activity?over=day").status == 200; });
    auto const viewer = api->with_token(viewer_token);
    BOOST_TEST(viewer.get("/v1/activity?over=hour").status == 200);
    for (auto const* nothing : {"?over=", "?over"})
        BOOST_TEST(api->get(std::string{"/v1/activity"} + nothing).status == 422);
    auto const wrong = api->get("/v1/activity?over=week");
    BOOST_TEST(wrong.status == 422);
    BOOST_TEST(wrong.body.find("/over") != std::string::npos, wrong.body);
    BOOST_TEST(wrong.body.find("hour") != std::string::npos, wrong.body);
    BOOST_TEST(api->get("/v1/activity?limit=3").status == 422);
}

BOOST_AUTO_TEST_SUITE_END()
