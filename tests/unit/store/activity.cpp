// The counters of each minute: exact over restarts, gaps and clocks that jump, and bounded.
#include "traitsync/store/activity.hpp"

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "support/temp_dir.hpp"
#include "traitsync/store/reader.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;

struct minutes {
    test::temp_dir folder;
    std::string path = (folder / "store.db").string();
    store::session s{*store::database::open(path)};

    void note(std::int64_t minute, std::int64_t read, std::int64_t queued = 0) {
        store::session::transaction tx{s};
        s.activity.note(minute, {.profiles_read = read,
                                 .messages_sent = read / 10,
                                 .traits_compared = read * 13,
                                 .traits_sent = read / 5,
                                 .queued = queued});
        tx.commit();
    }
    // minute:read for each point.
    std::string points(std::int64_t from = 0) {
        auto const reader = *store::reader::open(path);
        std::string all;
        for (auto const& p : reader->activity.since(from))
            all += fmt::format("{}:{} ", p.minute, p.at_end.profiles_read);
        return all;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(activity, minutes)

BOOST_AUTO_TEST_CASE(each_minute_is_closed_once_by_the_first_note_of_the_next) {
    note(100, 0);
    note(100, 10);
    note(101, 20, 7);
    note(101, 30);
    note(102, 40);
    BOOST_TEST(points() == "99:0 100:20 101:40 ");
    BOOST_TEST(points(101) == "101:40 ");
    auto const reader = *store::reader::open(path);
    auto const found = reader->activity.since(100);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0].at_end.messages_sent == 2);
    BOOST_TEST(found[0].at_end.traits_compared == 260);
    BOOST_TEST(found[0].at_end.traits_sent == 4);
    BOOST_TEST(found[0].at_end.queued == 7);
    BOOST_TEST(found[1].at_end.queued == 0);
}

BOOST_AUTO_TEST_CASE(what_was_counted_before_an_end_stands_in_the_minute_of_that_end) {
    note(100, 0);
    note(101, 20);
    // 15 more were read in minute 101, then nothing ran until minute 110.
    note(110, 35);
    note(111, 50);
    BOOST_TEST(points() == "99:0 100:20 101:35 109:35 110:50 ");
    // A minute's pause leaves no gap.
    note(113, 60);
    BOOST_TEST(points(109) == "109:35 110:50 111:60 112:60 ");
}

BOOST_AUTO_TEST_CASE(a_day_is_kept) {
    for (std::int64_t minute = 1; minute <= 4000; ++minute) note(minute, minute);
    auto const reader = *store::reader::open(path);
    auto const found = reader->activity.since(0);
    BOOST_TEST(static_cast<std::int64_t>(found.size()) == store::activity::most_points);
    BOOST_TEST(found.front().minute == 4000 - store::activity::most_points);
    BOOST_TEST(found.back().minute == 3999);
    // After more than a day without a process nothing old is left.
    note(9000, 5000);
    BOOST_TEST(points() == "8999:5000 ");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_put_back_or_forward_costs_points_and_not_the_counting) {
    note(100, 0);
    note(101, 10);
    note(300, 20);
    BOOST_TEST(points() == "99:0 100:10 101:20 299:20 ");
    note(150, 30);
    BOOST_TEST(points() == "99:0 100:10 101:20 102:30 149:30 ");
    note(151, 40);
    BOOST_TEST(points(149) == "149:30 150:40 ");
    note(100, 50);
    BOOST_TEST(points() == "99:50 ");
    note(101, 60);
    BOOST_TEST(points() == "99:50 100:60 ");
}

BOOST_AUTO_TEST_SUITE_END()
