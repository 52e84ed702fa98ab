// Batches, concurrency, rate, pause and stop of the lane.
#include <boost/test/unit_test.hpp>

#include "lane_desk.hpp"
#include "traitsync/delivery/batch_body.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery::test {
namespace {

BOOST_AUTO_TEST_SUITE(delivery_lane_batches)

BOOST_AUTO_TEST_CASE(an_empty_store_is_asked_once_and_then_the_lane_is_idle) {
    desk d{small(3)};
    BOOST_TEST(d.is_idle());
    BOOST_TEST(d.is_idle());
    BOOST_TEST(d.fetches.size() == 1u);
    d.l.wake();
    BOOST_TEST(d.is_idle());
    BOOST_TEST(d.fetches.size() == 2u);
    BOOST_TEST((d.l.status().state == lane_state::idle));
}

BOOST_AUTO_TEST_CASE(a_partial_batch_goes_at_once_when_the_store_has_no_more) {
    desk d{small(10)};
    d.queue(1, 3);
    auto const s = d.must_send();
    BOOST_TEST((d.rows_of(s) == rows{1, 2, 3}));
    BOOST_TEST((d.l.status().state == lane_state::delivering));
    d.answer(s, 200);
    BOOST_TEST((d.acknowledged() == rows{1, 2, 3}));
    BOOST_TEST(d.is_idle());
}

BOOST_AUTO_TEST_CASE(what_came_is_sent_though_the_store_has_news_at_every_answer) {
    lane l{small(10)};
    for (int row = 1; row <= 5; ++row) {
        BOOST_REQUIRE(std::holds_alternative<fetch>(l.next({})));
        l.wake();  // while the store is being asked
        l.give({{.row = row, .body = std::to_string(row), .first_offered = {}, .attempts = 0}}, false);
        auto const next = l.next({});
        BOOST_REQUIRE(std::holds_alternative<send>(next));
        l.on_reply(std::get<send>(next).batch, reply_of(200), {}, {});
    }
    BOOST_TEST(l.totals().acknowledged == 5u);
}

BOOST_AUTO_TEST_CASE(a_batch_has_at_most_batch_size_messages_and_at_most_concurrency_are_in_flight) {
    desk d{small(4, 2)};
    d.queue(1, 20);
    auto const a = d.must_send();
    auto const b = d.must_send();
    BOOST_TEST(d.is_idle());
    BOOST_TEST(d.l.in_flight() == 2u);
    BOOST_TEST(d.l.held() == 8u);  // nothing is frozen ahead of the slots
    BOOST_TEST((d.rows_of(a) == range(1, 4)));
    BOOST_TEST((d.rows_of(b) == range(5, 8)));
    d.answer(b, 200);
    BOOST_TEST((d.rows_of(d.must_send()) == range(9, 12)));
    BOOST_TEST(d.is_idle());
}

BOOST_AUTO_TEST_CASE(a_batch_body_never_exceeds_475000_bytes) {
    lane l{small(2500)};
    BOOST_TEST(std::get<fetch>(l.next({})).bytes == batch_room_bytes);
    std::vector<frozen_message> given;
    for (int row = 1; row <= 20; ++row) given.push_back({.row = row, .body = std::string(31'999, 'x')});
    l.give(std::move(given), false);
    std::size_t total = 0;
    for (int i = 0; i < 2; ++i) {
        auto const s = std::get<send>(l.next({}));
        auto const bodies = l.messages_of(s.batch);
        BOOST_TEST(batch_body(bodies, {}).size() <= limits::max_batch_bytes);
        total += bodies.size();
        l.on_reply(s.batch, reply_of(200), {}, {});
    }
    BOOST_TEST(total == 20u);
}

BOOST_AUTO_TEST_CASE(a_store_that_stops_early_because_of_bytes_is_not_asked_again_for_the_same_batch) {
    lane l{small(100)};
    BOOST_TEST(std::get<fetch>(l.next({})).messages == 100u);
    l.give({{.row = 1, .body = "1"}, {.row = 2, .body = "2"}}, true);
    BOOST_TEST(l.messages_of(std::get<send>(l.next({})).batch).size() == 2u);
}

BOOST_AUTO_TEST_CASE(parts_that_nobody_asked_for_go_out_with_what_the_store_has) {
    desk d{small(5)};
    d.l.add({{.row = 1, .body = "1"}});
    d.queue(2, 9);
    BOOST_TEST((d.rows_of(d.must_send()) == range(1, 5)));
    BOOST_TEST(d.fetches.at(0).messages == 4u);
    BOOST_TEST(d.fetches.at(0).bytes == batch_room_bytes - 2);
}

BOOST_AUTO_TEST_CASE(what_comes_while_a_fetch_is_under_way_is_fetched_after_it) {
    lane l{small(5)};
    BOOST_TEST(std::holds_alternative<fetch>(l.next({})));
    l.wake();  // after the store looked, before it answered
    l.give({}, false);
    BOOST_TEST(std::holds_alternative<fetch>(l.next({})));
}

BOOST_AUTO_TEST_CASE(a_failed_fetch_is_asked_again) {
    lane l{small(5)};
    BOOST_TEST(std::holds_alternative<fetch>(l.next({})));
    BOOST_TEST(std::holds_alternative<idle>(l.next({})));  // one outstanding at a time
    l.give({}, true);
    BOOST_TEST(std::holds_alternative<fetch>(l.next({})));
}

BOOST_AUTO_TEST_CASE(messages_leave_at_the_rate_after_a_burst_of_one_batch) {
    desk d{{.batch_size = 100, .concurrency = 4, .rate_limit = 50}};
    d.queue(1, 210);
    BOOST_TEST(d.rows_of(d.must_send()).size() == 100u);
    BOOST_TEST((d.sleeps() == 2000ms));
    d.pass(1999ms);
    BOOST_TEST((d.sleeps() == 1ms));
    d.pass(1ms);
    BOOST_TEST(d.rows_of(d.must_send()).size() == 100u);
    BOOST_TEST((d.sleeps() == 200ms));  // ten are left
}

BOOST_AUTO_TEST_CASE(a_paused_lane_sends_and_fetches_nothing_and_takes_the_answers_to_what_is_under_way) {
    desk d{small(2, 2)};
    d.queue(1, 10);
    auto const s = d.must_send();
    d.l.pause(true);
    auto const fetched = d.fetches.size();
    BOOST_TEST(d.is_idle());
    d.answer(s, 200);
    BOOST_TEST((d.acknowledged() == rows{1, 2}));
    BOOST_TEST(d.is_idle());
    BOOST_TEST(d.fetches.size() == fetched);
    BOOST_TEST((d.l.status().state == lane_state::paused));
    d.l.pause(false);
    BOOST_TEST((d.rows_of(d.must_send()) == rows{3, 4}));
}

BOOST_AUTO_TEST_CASE(a_stopped_lane_sends_nothing_more_and_loses_nothing) {
    desk d{small(2, 3)};
    d.queue(1, 10);
    auto const a = d.must_send();
    auto const b = d.must_send();
    auto const c = d.must_send();
    d.l.stop();
    BOOST_TEST(d.is_idle());
    d.answer(a, 200);
    d.answer(b, error{.kind = fault::cancelled, .what = "stopping"});
    d.answer(c, 400);
    BOOST_TEST(d.is_idle());
    BOOST_TEST((d.acknowledged() == rows{1, 2}));
    BOOST_TEST(d.dead().empty());
    // What was refused would have gone on in halves.
    BOOST_REQUIRE(d.all.retried.size() == 1u);
    BOOST_TEST(d.all.retried[0].rows.size() == 2u);
    BOOST_TEST(d.l.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(misuse_is_a_bug_and_not_weather) {
    BOOST_CHECK_THROW(lane{small(0)}, broken_invariant);
    BOOST_CHECK_THROW(lane{small(2501)}, broken_invariant);
    BOOST_CHECK_THROW((lane{small(5, 0)}), broken_invariant);
    lane l{small(1)};
    BOOST_CHECK_THROW(l.give({}, false), broken_invariant);
    BOOST_CHECK_THROW(l.messages_of({7}), broken_invariant);
    BOOST_CHECK_THROW(l.on_reply({7}, reply_of(200), {}, {}), broken_invariant);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery::test
