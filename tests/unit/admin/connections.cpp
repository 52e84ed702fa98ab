#include "../../../src/admin/connections.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {
using traitsync::admin::connections;
using namespace std::chrono_literals;

struct desk {
    connections all;
    std::vector<int> closed, interrupted;
    connections::time_point now = connections::time_point{} + 1h;

    connections::place open(int name) {
        connections::entry e;
        e.close = [this, name] { closed.push_back(name); };
        e.interrupt = [this, name] { interrupted.push_back(name); };
        e.headless_since = now + std::chrono::milliseconds{name};
        e.deadline = now + 5s;
        return all.add(std::move(e));
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(open_connections, desk)

BOOST_AUTO_TEST_CASE(who_is_over_its_deadline_is_interrupted_first_and_closed_a_second_later) {
    open(1);
    all.sweep(now + 4s);
    BOOST_TEST(interrupted.empty());
    all.sweep(now + 5s);
    BOOST_TEST(interrupted.size() == 1U);
    BOOST_TEST(closed.empty());
    all.sweep(now + 6s);
    all.sweep(now + 9s);
    BOOST_TEST(closed.size() == 1U, "closed once");
}

BOOST_AUTO_TEST_CASE(a_new_connection_takes_the_place_of_the_one_longest_without_a_head) {
    for (int i = 0; i < static_cast<int>(connections::most); ++i) open(i)->headless = i != 0 && i != 1;
    open(1000);
    BOOST_TEST(closed == std::vector<int>{2}, boost::test_tools::per_element());
    open(1001);
    BOOST_TEST(closed.back() == 3, "one that is being closed is not chosen again");
}

BOOST_AUTO_TEST_CASE(when_all_are_being_answered_the_oldest_that_is_no_event_stream_goes) {
    for (int i = 0; i < static_cast<int>(connections::most); ++i) {
        auto const p = open(i);
        p->headless = false;
        p->stream = i < 5;
    }
    open(1000);
    BOOST_TEST(closed == std::vector<int>{5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
