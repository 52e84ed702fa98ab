// Blocking of the lane: by statuses and by refusals.
#include <boost/test/unit_test.hpp>

#include <set>

#include "lane_desk.hpp"

namespace traitsync::delivery::test {
namespace {

BOOST_AUTO_TEST_SUITE(delivery_lane_blocks)

BOOST_AUTO_TEST_CASE(a_full_queue_at_a_wrong_address_stays_whole) {
    for (int const concurrency : {1, 4}) {
        desk d{small(500, concurrency)};
        d.queue(1, 3000);
        d.run(always(400));
        BOOST_TEST((d.l.status().state == lane_state::blocked));
        BOOST_TEST(d.l.status().detail.find("refused alone") != std::string::npos);
        BOOST_TEST((d.l.status().since == d.wall));
        BOOST_TEST(d.dead().empty());
        BOOST_TEST(d.l.totals().requests < 60u);  // the pieces of one batch are followed down first
        BOOST_TEST(d.l.held() <= static_cast<std::size_t>(500 * concurrency + 3));  // and what was sounded
        // A day at one request a minute.
        auto const before = d.l.totals().requests;
        for (int minute = 0; minute < 1440; ++minute) {
            BOOST_REQUIRE((d.sleeps() == 60s));
            d.pass(60s);
            auto const s = d.must_send();
            BOOST_REQUIRE(d.rows_of(s).size() == 1u);
            d.answer(s, 400);
        }
        BOOST_TEST(d.l.totals().requests == before + 1440);
        BOOST_TEST(d.dead().empty());
        // The address is put right.
        d.pass(60s);
        d.run(always(200));
        BOOST_TEST(d.acknowledged().size() == 3000u);
        BOOST_TEST(d.dead().empty());
        BOOST_TEST((d.l.status().state == lane_state::idle));
    }
}

BOOST_AUTO_TEST_CASE(a_blocked_lane_prefers_a_message_not_yet_refused_and_asks_the_store_for_one) {
    desk d{small(20)};
    d.queue(1, 20);
    d.run(always(400));
    BOOST_TEST((d.l.status().state == lane_state::blocked));
    BOOST_TEST(d.l.status().suspects == 20u);
    d.queue(21, 22);
    std::vector<rows> tried;
    for (int i = 0; i < 5; ++i) {
        d.pass(60s);
        auto const s = d.must_send();
        tried.push_back(d.rows_of(s));
        d.answer(s, 400);
    }
    BOOST_TEST((tried == std::vector<rows>{{21}, {22}, {1}, {2}, {3}}));
    BOOST_TEST(d.fetches.back().messages == 1u);
}

std::set<std::int64_t> rows_up_to(std::int64_t last) {
    auto const list = range(1, last);
    return {list.begin(), list.end()};
}

// One batch for each slot is sent before the first answer.
void refuse_first_batches(desk& d, int slots) {
    std::vector<send> first;
    for (int i = 0; i < slots; ++i) first.push_back(d.must_send());
    for (auto const& s : first) d.answer(s, 400);
}

BOOST_AUTO_TEST_CASE(hundreds_of_bad_messages_in_front_do_not_block_while_others_in_the_queue_are_accepted) {
    for (int const concurrency : {1, 4}) {
        desk d{small(100, concurrency)};
        d.queue(1, 1000);
        auto const refuses = refusing(rows_up_to(400));
        refuse_first_batches(d, concurrency);
        d.run([&](rows const& sent) {
            BOOST_TEST((d.l.status().state != lane_state::blocked));
            return refuses(sent);
        });
        BOOST_TEST((d.acknowledged() == range(401, 1000)));
        BOOST_TEST((d.dead() == range(1, 400)));
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_goes_before_the_answer_to_the_one_from_elsewhere) {
    desk d{small(100, 4)};
    d.queue(1, 1000);
    refuse_first_batches(d, 4);
    for (int refused = 0; refused < 5;) {
        auto const s = d.must_send();
        refused += d.rows_of(s).size() == 1;
        d.answer(s, 400);
    }
    auto const sounding = d.must_send();
    BOOST_TEST((d.rows_of(sounding) == rows{941}));
    BOOST_TEST(d.is_idle());
    d.answer(sounding, 503);
    BOOST_TEST(d.must_send().batch.value != sounding.batch.value, "what got no answer tells nothing, and all goes on");
}

BOOST_AUTO_TEST_CASE(started_again_behind_many_refusals_it_tries_one_from_elsewhere_before_what_was_offered) {
    for (int const status : {200, 400}) {
        desk d{small(100)};
        d.l.refused_before(20);
        for (std::int64_t row = 1; row <= 20; ++row)
            d.l.add({{.row = row, .body = std::to_string(row), .first_offered = d.wall, .attempts = 2}});
        d.queue(21, 60);
        auto const first = d.must_send();
        BOOST_TEST((d.rows_of(first) == rows{57}));
        BOOST_TEST((d.l.status().state != lane_state::blocked));
        d.answer(first, status);
        BOOST_TEST((d.l.status().state == lane_state::blocked) == (status == 400));
        if (status == 400) continue;
        d.run(refusing(rows_up_to(20)));
        BOOST_TEST((d.acknowledged() == range(21, 60)));
        BOOST_TEST((d.dead() == range(1, 20)));
    }
}

BOOST_AUTO_TEST_CASE(a_good_message_somewhere_behind_the_refused_ones_unblocks_within_minutes) {
    desk d{small(100, 4)};
    d.place = 0;
    d.queue(1, 1000);
    auto const refuses = refusing(rows_up_to(430));
    refuse_first_batches(d, 4);
    d.run(refuses);
    BOOST_REQUIRE((d.l.status().state == lane_state::blocked));
    d.place = 0.9;
    int minutes = 0;
    for (; minutes < 5 && d.l.status().state == lane_state::blocked; ++minutes) {
        d.pass(60s);
        auto const s = d.must_send();
        d.answer(s, refuses(d.rows_of(s)));
    }
    BOOST_TEST(minutes == 2);
    d.run(refuses);
    BOOST_TEST((d.acknowledged() == range(431, 1000)));
    BOOST_TEST((d.dead() == range(1, 430)));
}

BOOST_AUTO_TEST_CASE(after_an_acceptance_suspects_are_tried_again_alone_and_die_when_refused_again) {
    std::set<std::int64_t> bad;
    for (std::int64_t row = 1; row <= 20; ++row) bad.insert(row);
    desk d{small(20)};
    d.queue(1, 20);
    d.run(refusing(bad));
    BOOST_TEST((d.l.status().state == lane_state::blocked));
    d.queue(21, 60);
    bad.erase(7);  // had only been refused by what stood in the way
    for (int minute = 0; minute < 5; ++minute) {
        d.pass(60s);
        d.run(refusing(bad));
    }
    bad.insert(7);
    BOOST_TEST(d.dead() == rows({1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}),
               boost::test_tools::per_element());
    BOOST_TEST(d.acknowledged().size() == 41u);
    BOOST_TEST((d.l.status().state == lane_state::idle));
}

BOOST_AUTO_TEST_CASE(no_more_than_19_in_a_row_die_after_a_block_either) {
    desk d{small(30)};
    d.queue(1, 30);
    d.run(always(400));
    d.pass(60s);
    d.answer(d.must_send(), 200);  // for a moment
    d.run(always(400));
    BOOST_TEST((d.l.status().state == lane_state::blocked));
    BOOST_TEST(d.dead().size() <= 19u);
    BOOST_TEST(d.dead().size() + d.acknowledged().size() + d.l.held() == 30u);
    for (int minute = 0; minute < 60; ++minute) {
        d.pass(60s);
        d.run(always(400));
    }
    BOOST_TEST(d.dead().size() <= 19u);
    d.pass(60s);
    d.run(always(200));
    BOOST_TEST(d.dead().size() + d.acknowledged().size() == 30u);
}

BOOST_AUTO_TEST_CASE(statuses_of_a_wrong_key_or_address_block_and_keep_everything) {
    std::vector<std::pair<int, block_reason>> const table = {
        {301, block_reason::misdirected},  {302, block_reason::misdirected},  {307, block_reason::misdirected},
        {401, block_reason::unauthorized}, {402, block_reason::unauthorized}, {403, block_reason::unauthorized},
        {404, block_reason::misdirected},  {405, block_reason::misdirected},  {406, block_reason::misdirected},
        {407, block_reason::misdirected}};
    for (auto const& [status, reason] : table) {
        desk d{small(2, 3)};
        d.queue(1, 100);
        auto const since = d.wall;
        std::vector<send> first;
        while (auto const s = d.sent()) first.push_back(*s);
        for (auto const& s : first) d.answer(s, status);
        BOOST_TEST((d.l.status().state == lane_state::blocked));
        BOOST_TEST((d.l.status().blocked == reason));
        BOOST_TEST((d.l.status().retry_at == d.now + 60s));
        BOOST_TEST(d.all.retried.size() == 3u);
        std::vector<std::uint64_t> tried;
        for (int minute = 0; minute < 6; ++minute) {
            BOOST_TEST((d.sleeps() == 60s));
            d.pass(60s);
            auto const s = d.must_send();
            tried.push_back(s.batch.value);
            BOOST_TEST(d.is_idle());
            d.answer(s, status);
        }
        BOOST_TEST((tried == std::vector<std::uint64_t>{1, 2, 3, 1, 2, 3}));
        BOOST_TEST(d.dead().empty());
        BOOST_TEST(d.l.held() == 6u);
        BOOST_TEST((d.l.status().since == since));
        d.pass(60s);
        d.answer(d.must_send(), 200);
        BOOST_TEST((d.l.status().state != lane_state::blocked));
        d.run(always(200));
        BOOST_TEST(d.acknowledged().size() == 100u);
    }
}

BOOST_AUTO_TEST_CASE(any_acceptance_unblocks_at_once) {
    desk d{small(1, 2)};
    d.queue(1, 10);
    auto const a = d.must_send();
    auto const b = d.must_send();
    d.answer(a, 401);
    BOOST_TEST((d.l.status().state == lane_state::blocked));
    d.answer(b, 200);
    BOOST_TEST((d.l.status().state != lane_state::blocked));
    BOOST_TEST((d.must_send().batch == a.batch));
}

BOOST_AUTO_TEST_CASE(an_answer_to_what_was_under_way_when_the_lane_blocked_does_not_postpone_the_next_try) {
    desk d{small(1, 3)};
    d.queue(1, 3);
    auto const a = d.must_send();
    auto const b = d.must_send();
    auto const c = d.must_send();
    d.answer(a, 401);
    d.pass(10s);
    d.answer(b, 404);
    d.answer(c, 400);
    BOOST_TEST((d.l.status().blocked == block_reason::unauthorized));
    BOOST_TEST((d.sleeps() == 50s));
}

BOOST_AUTO_TEST_CASE(parts_that_come_while_the_lane_is_blocked_are_tried_one_by_one) {
    desk d{small(20)};
    d.queue(1, 20);
    d.run(always(400));
    d.l.add({{.row = 21, .body = "21"}, {.row = 22, .body = "22"}});
    d.pass(60s);
    auto const first = d.must_send();
    BOOST_TEST((d.rows_of(first) == rows{22}));
    d.answer(first, 400);
    d.pass(60s);
    d.run(always(200));
    BOOST_TEST((d.acknowledged() == range(1, 22)));
}

BOOST_AUTO_TEST_CASE(suspects_from_before_a_block_are_tried_again_after_it) {
    desk d{small(1, 2)};
    d.queue(1, 2);
    auto const a = d.must_send();
    auto const b = d.must_send();
    d.answer(a, 400);
    d.answer(b, 403);
    d.pass(60s);
    auto const again = d.must_send();
    BOOST_TEST((again.batch == b.batch));
    d.answer(again, 200);
    BOOST_TEST(d.dead().empty());
    auto const suspect = d.must_send();
    BOOST_TEST((d.rows_of(suspect) == rows{1}));
    d.answer(suspect, 200);
    BOOST_TEST((d.acknowledged() == rows{1, 2}));
}

BOOST_AUTO_TEST_CASE(a_blocked_lane_whose_try_is_refused_goes_on_because_segment_judges_messages_again) {
    desk d{small(8)};
    d.queue(1, 8);
    d.answer(d.must_send(), 401);
    d.pass(60s);
    d.run(refusing({3}));
    BOOST_TEST((d.dead() == rows{3}));
    BOOST_TEST(d.acknowledged().size() == 7u);
}

BOOST_AUTO_TEST_CASE(an_outage_does_not_end_a_block) {
    desk d{small(1)};
    d.queue(1, 30);
    d.run(always(400));
    BOOST_TEST((d.l.status().blocked == block_reason::refused_alone));
    for (int const status : {503, 429, 500}) {
        d.pass(60s);
        d.answer(d.must_send(), status);
        BOOST_TEST((d.l.status().blocked == block_reason::refused_alone));
        BOOST_TEST((d.sleeps() == 60s));
    }
    d.pass(60s);
    d.answer(d.must_send(), net::reply{.status = 429, .retry_after = 200s});
    BOOST_TEST((d.sleeps() == 200s));
    d.pass(200s);
    d.answer(d.must_send(), 403);
    BOOST_TEST((d.l.status().blocked == block_reason::unauthorized));
    d.pass(60s);
    d.answer(d.must_send(), 400);
    BOOST_TEST((d.l.status().blocked == block_reason::refused_alone));  // the count still stands
    d.pass(60s);
    d.run(always(200));
    BOOST_TEST(d.acknowledged().size() == 30u);
    BOOST_TEST(d.dead().empty());
}

BOOST_AUTO_TEST_CASE(a_suspect_whose_retry_fails_takes_its_turn_again) {
    desk d{small(20)};
    d.queue(1, 20);
    d.run(always(400));
    std::vector<rows> turns;
    for (std::size_t minute = 0; minute < 45; ++minute) {
        d.pass(60s);
        auto const s = d.must_send();
        turns.push_back(d.rows_of(s));
        if (minute >= 20) BOOST_TEST((turns[minute] == turns[minute - 20]));
        d.answer(s, minute % 3 == 0 ? 500 : minute % 3 == 1 ? 429 : 400);
        BOOST_TEST(d.l.status().suspects == 20u);
    }
    BOOST_TEST((std::set<rows>{turns.begin(), turns.begin() + 20}.size() == 20u));
}

BOOST_AUTO_TEST_CASE(memory_stays_bounded_however_long_refusals_block) {
    desk d{small(5)};
    for (std::int64_t row = 1; row <= 1500; ++row) d.queue_one(row);
    d.run(always(400));
    for (int minute = 0; minute < 3000; ++minute) {
        d.pass(60s);
        d.answer(d.must_send(), 400);
    }
    BOOST_TEST(d.l.held() <= 1005u);
    BOOST_TEST(d.dead().empty());
    d.pass(60s);
    d.run(always(200));
    BOOST_TEST(d.acknowledged().size() == 1500u);
}

BOOST_AUTO_TEST_CASE(cleared_for_another_destination_it_holds_nothing_and_tries_at_once_what_comes_back) {
    for (auto const status : {401, 400, 503, 429}) {
        desk d{small(20)};
        d.queue(1, 25);
        d.run(always(status));
        BOOST_TEST(d.l.held() > 0U);
        d.take();
        auto const settled = d.all.acknowledged.size() + d.all.dead.size();
        d.l.clear();
        BOOST_TEST(d.l.held() == 0U);
        d.store.clear();
        d.l.add({{.row = 7, .body = "7", .first_offered = d.wall, .attempts = 3}});
        auto const s = d.must_send();
        BOOST_TEST((d.rows_of(s) == rows{7}));
        d.answer(s, 200);
        BOOST_TEST(d.all.acknowledged.size() + d.all.dead.size() == settled + 1);
        BOOST_TEST(!d.l.status().blocked);
    }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery::test
