// Retries of the lane: back-off, outages, throttling, giving up.
#include <boost/test/unit_test.hpp>

#include "lane_desk.hpp"

namespace traitsync::delivery::test {
namespace {

BOOST_AUTO_TEST_SUITE(delivery_lane_retries)

BOOST_AUTO_TEST_CASE(a_retry_repeats_the_same_messages_in_the_same_batch_and_counts_attempts) {
    desk d{small(3, 2)};
    d.queue(1, 3);
    auto const first = d.must_send();
    d.answer(first, broken_connection());
    d.queue(4, 4);
    BOOST_TEST((d.rows_of(d.must_send()) == rows{4}));
    BOOST_TEST((d.sleeps() == std::nullopt || d.sleeps() == 1000ms));
    d.pass(1s);
    auto const again = d.must_send();
    BOOST_TEST((again.batch == first.batch));
    BOOST_TEST(first.attempt == 1);
    BOOST_TEST(again.attempt == 2);
    BOOST_TEST((d.rows_of(again) == rows{1, 2, 3}));
    BOOST_REQUIRE(d.all.retried.size() == 1u);
    BOOST_TEST((d.all.retried[0].rows == rows{1, 2, 3}));
    BOOST_TEST(d.all.retried[0].error == "Segment closed the connection");
    BOOST_TEST((d.all.retried[0].next_attempt == d.wall));
}

BOOST_AUTO_TEST_CASE(attempts_go_on_counting_where_the_store_left_off) {
    desk d{small(3)};
    d.store.push_back({.row = 1, .body = "1", .attempts = 6});
    BOOST_TEST(d.must_send().attempt == 7);
}

BOOST_AUTO_TEST_CASE(failures_are_retried_for_ever_with_a_wait_of_one_to_sixty_seconds) {
    for (int const status : {0, 408, 410, 460, 500, 501, 502, 503, 504, 505, 529}) {
        auto options = small(3);
        options.random = [] { return 0.999999; };
        desk d{options};
        d.queue(1, 2);
        std::vector<std::int64_t> waits;
        for (int i = 0; i < 50; ++i) {
            auto const s = d.must_send();
            if (status == 0) {
                d.answer(s, broken_connection());
            } else {
                d.answer(s, status);
            }
            auto const wait = d.sleeps().value();
            waits.push_back((wait.count() + 999) / 1000);
            BOOST_TEST((d.l.status().state == lane_state::retrying));
            d.pass(wait);
        }
        BOOST_TEST_CONTEXT(status)
        BOOST_TEST((rows(waits.begin(), waits.begin() + 8) == rows{1, 2, 4, 8, 16, 32, 60, 60}));
        while (auto const s = d.sent()) d.answer(*s, 200);
        BOOST_TEST((d.acknowledged() == rows{1, 2}));
        BOOST_TEST(d.dead().empty());
        BOOST_TEST(d.l.totals().retries_total() == 50u);
        BOOST_TEST((d.l.status().state == lane_state::idle));
    }
}

BOOST_AUTO_TEST_CASE(one_failing_batch_does_not_stop_the_others) {
    desk d{small(2, 3)};
    d.queue(1, 100);
    auto const bad = d.must_send();
    d.answer(bad, 500);
    for (int i = 0; i < 10; ++i) {
        auto const s = d.must_send();
        BOOST_TEST((s.batch != bad.batch));
        d.answer(s, 200);
    }
    BOOST_TEST((d.l.status().state == lane_state::retrying));
    d.pass(1s);
    BOOST_TEST((d.must_send().batch == bad.batch));
}

BOOST_AUTO_TEST_CASE(a_long_outage_freezes_no_more_than_the_slots_hold_and_tries_one_batch_at_a_time) {
    auto options = small(5, 4);
    options.random = [] { return 0.999999; };
    desk d{options};
    d.queue(1, 1000);
    std::vector<send> first;
    while (auto const s = d.sent()) first.push_back(*s);
    BOOST_TEST(first.size() == 4u);
    for (auto const& s : first) d.answer(s, broken_connection());
    rows waits;
    std::vector<std::uint64_t> tried;
    for (int i = 0; i < 8; ++i) {
        auto const wait = d.sleeps().value();
        waits.push_back((wait.count() + 999) / 1000);
        d.pass(wait);
        auto const s = d.must_send();
        tried.push_back(s.batch.value);
        BOOST_TEST(d.is_idle());  // alone
        d.answer(s, 503);
    }
    BOOST_TEST((waits == rows{1, 2, 4, 8, 16, 32, 60, 60}));
    // They take turns, and behind that one message of each.
    BOOST_TEST((tried == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
    BOOST_TEST(d.l.held() == 20u);
    BOOST_TEST(d.store.size() == 980u);

    // The first acceptance ends it for all.
    d.pass(d.sleeps().value());
    d.answer(d.must_send(), 200);
    std::size_t count = 0;
    while (auto const s = d.sent()) {
        ++count;
        d.answer(*s, 200);
    }
    BOOST_TEST(count >= 4u);
    BOOST_TEST((d.acknowledged() == range(1, 1000)));
}

BOOST_AUTO_TEST_CASE(a_retry_after_is_obeyed_within_its_bounds) {
    struct row {
        int status;
        std::optional<std::chrono::seconds> asked, reset;
        std::chrono::milliseconds expected;
    };
    for (auto const& r : std::vector<row>{{503, 30s, {}, 30s},
                                          {503, 0s, {}, 1s},
                                          {503, 4000s, {}, 300s},
                                          {503, {}, 12s, 12s},
                                          {429, 30s, {}, 30s},
                                          {429, 1s, {}, 1s},
                                          {429, 4000s, {}, 300s},
                                          {429, {}, 17s, 17s},
                                          {429, {}, 4000s, 5s},
                                          {429, {}, {}, 5s}}) {
        desk d{small(2)};
        d.queue(1, 4);
        d.answer(d.must_send(), net::reply{.status = r.status, .retry_after = r.asked, .rate_limit_reset = r.reset});
        BOOST_TEST((d.sleeps() == r.expected));
        d.pass(r.expected - 1ms);
        BOOST_TEST((d.sleeps() == 1ms));
        d.pass(1ms);
        BOOST_TEST((d.rows_of(d.must_send()) == rows{1, 2}));
    }
}

BOOST_AUTO_TEST_CASE(one_batch_that_segment_asked_to_wait_waits_while_the_others_go_on) {
    desk d{small(2, 2)};
    d.queue(1, 6);
    auto const s = d.must_send();
    d.answer(s, net::reply{.status = 503, .retry_after = 30s});
    d.answer(d.must_send(), 200);
    d.answer(d.must_send(), 200);
    BOOST_TEST((d.acknowledged() == range(3, 6)));
    BOOST_TEST((d.sleeps() == 30s));
    d.pass(30s);
    BOOST_TEST((d.must_send().batch == s.batch));
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_an_outage_too_because_segment_answers_again) {
    desk d{small(2, 2)};
    d.queue(1, 4);
    auto const first = d.must_send();
    auto const second = d.must_send();
    d.answer(first, broken_connection());
    d.answer(second, broken_connection());
    d.pass(d.sleeps().value());
    d.answer(d.must_send(), 400);
    BOOST_TEST((d.rows_of(d.must_send()) == rows{1}));
    BOOST_TEST((d.rows_of(d.must_send()) == rows{2}));  // both halves at once
}

BOOST_AUTO_TEST_CASE(a_429_stops_all_sending_until_then) {
    desk d{small(2, 3)};
    d.queue(1, 20);
    auto const a = d.must_send();
    auto const b = d.must_send();
    d.answer(a, net::reply{.status = 429, .retry_after = 40s});
    BOOST_TEST((d.sleeps() == 40s));
    d.answer(b, 200);  // what was under way may finish, and changes nothing
    BOOST_TEST((d.sleeps() == 40s));
    BOOST_TEST((d.l.status().state == lane_state::retrying));
    BOOST_TEST((d.l.status().retry_at == d.now + 40s));
    d.pass(40s);
    BOOST_TEST((d.must_send().batch == a.batch));
    BOOST_TEST((d.rows_of(d.must_send()) == rows{5, 6}));
}

BOOST_AUTO_TEST_CASE(throttled_answers_without_a_time_back_off_once_a_round_and_not_once_a_slot) {
    auto options = small(2, 3);
    options.random = [] { return 0.999999; };
    desk d{options};
    d.queue(1, 20);
    for (auto const ceiling : {5s, 10s, 20s, 40s, 60s, 60s}) {
        std::vector<send> sends;
        while (auto const s = d.sent()) sends.push_back(*s);
        BOOST_TEST(sends.size() == 3u);
        for (auto const& s : sends) d.answer(s, 429);
        auto const wait = d.sleeps().value();
        BOOST_TEST((wait <= ceiling && wait > ceiling - 10ms));
        d.pass(wait);
    }
}

BOOST_AUTO_TEST_CASE(with_give_up_after_old_messages_die_at_their_next_failure_and_the_others_go_on) {
    auto options = small(4, 2);
    options.give_up_after = 1h;
    desk d{options};
    BOOST_TEST(d.is_idle());
    d.queue(1, 2);
    auto const s = d.must_send();
    d.pass(59min);
    d.queue(3, 4);
    d.answer(d.must_send(), 500);
    BOOST_TEST(d.dead().empty());
    d.pass(1min);
    d.answer(s, reply_of(503, "over capacity"));
    BOOST_TEST((d.dead() == rows{1, 2}));
    BOOST_TEST((d.all.dead[0].reason == diff::dead_reason::gave_up));
    BOOST_TEST(d.all.dead[0].answer == "over capacity");
    BOOST_TEST(d.all.dead[0].http_status == 503);
    d.pass(2min);
    d.run(always(200));
    BOOST_TEST((d.acknowledged() == rows{3, 4}));
    BOOST_TEST(d.l.totals().gave_up == 2u);
}

BOOST_AUTO_TEST_CASE(with_give_up_after_old_messages_die_within_an_outage_whoever_is_tried_in_it) {
    auto options = small(5, 2);
    options.give_up_after = 1h;
    desk d{options};
    d.queue(1, 10);
    auto const first = d.must_send();
    auto const second = d.must_send();
    d.answer(first, 503);
    d.answer(second, 503);
    for (auto const until = d.now + 59min; d.now < until;) {
        d.pass(d.sleeps().value());
        d.answer(d.must_send(), 503);
    }
    BOOST_TEST(d.dead().empty());
    d.pass(2min);
    d.answer(d.must_send(), 503);
    BOOST_TEST((d.dead() == range(1, 10)));
    BOOST_TEST(d.l.held() == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_is_given_up_because_of_time_in_which_nothing_was_tried) {
    auto options = small(2);
    options.give_up_after = 1h;
    auto const fails_for = [](desk& d, std::chrono::minutes time) {
        for (auto const until = d.now + time; d.now < until;) {
            if (auto const s = d.sent()) {
                d.answer(*s, 503);
            } else {
                d.pass(d.sleeps().value_or(1s));
            }
        }
    };
    for (auto const what : {"a pause", "a block", "a stop", "another destination"}) {
        desk d{options};
        BOOST_TEST(d.is_idle());
        d.queue(1, 2);
        if (what == std::string{"a stop"}) {
            // As a start finds it: offered before, and tried now for the first time.
            d.wall += 2h;
        } else if (what == std::string{"another destination"}) {
            d.answer(d.must_send(), 503);
            d.l.clear();
            d.queue(3, 4);
            d.pass(2h);  // until the operator has decided
        } else if (what == std::string{"a pause"}) {
            d.answer(d.must_send(), 503);
            d.l.pause(true);
            d.pass(2h);
            d.l.pause(false);
        } else {
            d.answer(d.must_send(), 401);
            for (int i = 0; i < 120; ++i) {
                d.pass(1min);
                d.answer(d.must_send(), i % 2 == 0 ? 401 : 503);
            }
            d.queue(3, 3);
            d.pass(1min);
            d.answer(d.must_send(), 200);
            d.queue(4, 5);
        }
        fails_for(d, 50min);
        BOOST_TEST(d.dead().empty(), what);
        fails_for(d, 20min);
        BOOST_TEST(!d.dead().empty(), what);
    }
}

BOOST_AUTO_TEST_CASE(nobody_is_given_up_because_the_machine_slept_or_its_clock_was_set) {
    auto options = small(4);
    options.give_up_after = 1h;
    desk d{options};
    d.queue(1, 2);
    d.answer(d.must_send(), 200);
    d.pass(2h);  // the lane has been trying for long, though not this message
    d.queue(3, 4);
    d.answer(d.must_send(), 503);
    d.wall += 2h;
    d.pass(1s);
    d.answer(d.must_send(), broken_connection());
    BOOST_TEST(d.dead().empty());
    d.pass(59min);
    d.answer(d.must_send(), 503);
    BOOST_TEST(d.dead().empty());
    d.pass(1min);
    d.answer(d.must_send(), 503);
    BOOST_TEST((d.dead() == rows{3, 4}));
}

BOOST_AUTO_TEST_CASE(an_old_message_that_is_accepted_does_not_die) {
    auto options = small(4);
    options.give_up_after = 1s;
    desk d{options};
    d.queue(1, 1);
    d.pass(24h);
    d.answer(d.must_send(), 200);
    BOOST_TEST((d.acknowledged() == rows{1}));
}

BOOST_AUTO_TEST_CASE(a_lane_whose_messages_all_gave_up_takes_new_ones_after_the_outage) {
    auto options = small(4);
    options.give_up_after = 1s;
    desk d{options};
    d.queue(1, 1);
    auto const s = d.must_send();
    d.pass(1s);
    d.answer(s, broken_connection());
    BOOST_TEST((d.dead() == rows{1}));
    d.queue(2, 2);
    BOOST_TEST((d.sleeps() == 1s));
    d.pass(1s);
    d.answer(d.must_send(), 200);
    BOOST_TEST((d.acknowledged() == rows{2}));
    BOOST_TEST(d.is_idle());
    BOOST_TEST((d.l.status().state == lane_state::idle));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery::test
