#include "../../../src/engine/trusted_time.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace traitsync;
using namespace std::chrono_literals;

constexpr std::int64_t month = 31LL * 24 * 3600 * 1000;
constexpr std::int64_t second = 1000;

}  // namespace

BOOST_AUTO_TEST_SUITE(trusted_time)

BOOST_AUTO_TEST_CASE(a_clock_that_is_ahead_for_some_minutes_makes_nothing_old) {
    engine::trusted_time time;
    steady_time const start{1000s};
    BOOST_TEST(time.read(5 * month, start) == 5 * month, "the first time is believed");
    BOOST_TEST(time.read(5 * month + 10 * second, start + 10s) == 5 * month + 10 * second);
    BOOST_TEST(time.read(7 * month, start + 20s) == 5 * month + 20 * second);
    BOOST_TEST(time.read(7 * month + 570 * second, start + 590s) == 5 * month + 590 * second);
    BOOST_TEST(time.read(5 * month + 600 * second, start + 600s) == 5 * month + 600 * second, "it was set right again");
    // Another step is given its time anew.
    BOOST_TEST(time.read(7 * month, start + 630s) == 5 * month + 630 * second);
    BOOST_TEST(time.read(7 * month + 599 * second, start + 1229s) == 5 * month + 1229 * second);
    BOOST_TEST(time.read(7 * month + 600 * second, start + 1230s) == 7 * month + 600 * second, "it has held");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_counts_at_once) {
    engine::trusted_time time;
    steady_time const start{1000s};
    time.read(5 * month, start);
    BOOST_TEST(time.read(4 * month, start + 10s) == 4 * month);
    BOOST_TEST(time.read(4 * month + 50 * second, start + 20s) == 4 * month + 50 * second, "what is little is no step");
}

BOOST_AUTO_TEST_SUITE_END()
