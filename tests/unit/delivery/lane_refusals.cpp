// Halving and suspects of the lane.
#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

#include "lane_desk.hpp"

namespace traitsync::delivery::test {
namespace {

BOOST_AUTO_TEST_SUITE(delivery_lane_refusals)

BOOST_AUTO_TEST_CASE(a_refused_batch_is_halved_until_the_refused_message_stands_alone_and_dies) {
    for (int const status : {400, 413, 409, 422}) {
        desk d{small(16)};
        d.queue(1, 16);
        int requests = 0;
        d.run([&](rows const& sent) {
            ++requests;
            return refusing({11}, status)(sent);
        });
        BOOST_TEST((d.dead() == rows{11}));
        BOOST_TEST((d.all.dead.at(0).reason == diff::dead_reason::refused));
        BOOST_TEST(d.all.dead.at(0).http_status == status);
        BOOST_TEST(d.acknowledged().size() == 15u);
        BOOST_TEST(requests == 9);  // 16, then two for each of 8, 4, 2, 1
        BOOST_TEST(d.is_idle());
        BOOST_TEST(d.l.held() == 0u);
        BOOST_TEST(d.l.totals().refused == 1u);
    }
}

BOOST_AUTO_TEST_CASE(each_request_that_a_message_was_in_is_an_attempt) {
    desk d{small(16)};
    d.queue(1, 16);
    std::map<std::int64_t, int> requests;
    d.run([&](rows const& sent) {
        for (auto const row : sent) ++requests[row];
        return refusing({11}, 400)(sent);
    });
    std::map<std::int64_t, int> noted;
    for (auto const& attempt : d.all.retried) {
        for (auto const row : attempt.rows) ++noted[row];
    }
    for (auto const& [row, count] : requests)
        BOOST_TEST(noted[row] == (row == 11 ? count : count - 1), "message " << row);
    BOOST_TEST(requests[11] > 4);
}

BOOST_AUTO_TEST_CASE(the_dead_message_carries_segments_answer) {
    desk d{small(2)};
    d.queue(1, 2);
    while (auto const s = d.sent()) {
        auto const bad = d.rows_of(*s).front() == 1;
        d.answer(*s, reply_of(bad ? 400 : 200, bad ? "{\"code\":\"invalid\"}" + std::string(3000, ' ') : "ok"));
    }
    BOOST_REQUIRE(d.all.dead.size() == 1u);
    BOOST_TEST(d.all.dead[0].answer.starts_with("{\"code\":\"invalid\"}"));
    BOOST_TEST(d.all.dead[0].answer.size() == 2048u);
}

BOOST_AUTO_TEST_CASE(halves_do_not_wait_and_are_batches_of_their_own) {
    desk d{small(4, 2)};
    d.queue(1, 4);
    auto const s = d.must_send();
    d.answer(s, 413);
    auto const left = d.must_send();
    auto const right = d.must_send();
    BOOST_TEST((left.batch != s.batch && right.batch != s.batch && left.batch != right.batch));
    BOOST_TEST((d.rows_of(left) == rows{1, 2}));
    BOOST_TEST((d.rows_of(right) == rows{3, 4}));
    BOOST_TEST(left.attempt == 2);
}

BOOST_AUTO_TEST_CASE(while_pieces_wait_nothing_new_is_fetched) {
    desk d{small(64)};
    d.queue(1, 1000);
    std::size_t most = 0;
    for (int i = 0; i < 60; ++i) {
        auto const s = d.sent();
        if (!s) break;
        most = std::max(most, d.l.held());
        d.answer(*s, refusing({1, 3, 9, 33, 60})(d.rows_of(*s)));
    }
    BOOST_TEST(most <= 64u);
}

BOOST_AUTO_TEST_CASE(a_message_refused_alone_is_not_dead_before_something_else_is_accepted) {
    desk d{small(1, 2)};
    d.queue(1, 2);
    auto const bad = d.must_send();
    auto const good = d.must_send();
    d.answer(bad, 400);
    BOOST_TEST(d.dead().empty());
    BOOST_TEST(d.l.status().suspects == 1u);
    BOOST_TEST((d.all.retried.at(0).rows == rows{1}));
    d.answer(good, 200);
    BOOST_TEST((d.dead() == rows{1}));
    BOOST_TEST((d.acknowledged() == rows{2}));
}

BOOST_AUTO_TEST_CASE(a_message_refused_alone_dies_at_once_when_there_is_nothing_else_to_send) {
    desk d{small(5)};
    d.queue(1, 1);
    d.run(always(400));
    BOOST_TEST((d.dead() == rows{1}));
    BOOST_TEST((d.l.status().state == lane_state::idle));
}

BOOST_AUTO_TEST_CASE(whether_there_is_something_else_is_asked_of_the_store) {
    desk d{small(1)};
    d.queue(1, 1);
    auto const s = d.must_send();
    d.queue(2, 2);
    d.answer(s, 400);
    BOOST_TEST(d.dead().empty());  // the store may have more
    auto const other = d.must_send();
    BOOST_TEST(d.dead().empty());
    d.answer(other, 500);
    BOOST_TEST(d.dead().empty());  // no acceptance
    d.pass(1s);
    d.answer(d.must_send(), 200);
    BOOST_TEST((d.dead() == rows{1}));
}

BOOST_AUTO_TEST_CASE(messages_trickling_to_a_wrong_address_end_as_at_most_19_dead_letters) {
    desk d{small(10)};
    for (std::int64_t row = 1; row <= 100; ++row) {
        d.queue_one(row);
        d.run(always(400));
        d.pass(1s);
    }
    BOOST_TEST(d.dead().size() == 19u);
    BOOST_TEST((d.l.status().state == lane_state::blocked));
    BOOST_TEST((d.l.status().blocked == block_reason::refused_alone));
    BOOST_TEST(d.l.held() + d.store.size() == 81u);
}

BOOST_AUTO_TEST_CASE(the_count_of_refusals_goes_on_after_a_restart_where_it_is_known) {
    desk d{small(10)};
    d.l.refused_before(18);
    for (std::int64_t row = 1; row <= 5; ++row) {
        d.queue_one(row);
        d.run(always(400));
    }
    BOOST_TEST(d.dead().size() == 1u);
    BOOST_TEST((d.l.status().state == lane_state::blocked));
    BOOST_TEST(d.l.refused_in_a_row() == 20);
}

BOOST_AUTO_TEST_CASE(what_was_refused_alone_does_not_die_while_the_store_gives_nothing_yet) {
    desk d{small(1, 2)};
    d.queue(1, 2);
    auto const first = d.must_send();
    auto const second = d.must_send();
    d.l.wake();
    d.answer(first, 400);
    BOOST_REQUIRE(std::holds_alternative<fetch>(d.l.next(d.now)));
    d.l.give_nothing_yet();
    d.answer(second, 400);
    BOOST_TEST(d.dead().empty());
    BOOST_TEST(d.is_idle());
    d.l.wake();
    BOOST_TEST(d.is_idle());
    BOOST_TEST((d.dead() == rows{1, 2}));
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_a_throttle_so_that_the_next_message_is_not_told_as_failing) {
    desk d{small(1)};
    d.queue(1, 1);
    d.answer(d.must_send(), 429);
    d.pass(10s);
    d.answer(d.must_send(), 400);
    d.queue(2, 2);
    BOOST_REQUIRE(d.sent().has_value());
    BOOST_TEST((d.l.status().state == lane_state::delivering));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery::test
