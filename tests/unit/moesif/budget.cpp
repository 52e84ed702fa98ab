#include "traitsync/moesif/budget.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using traitsync::steady_time;
using traitsync::moesif::budget;

namespace {

steady_time const t0 = steady_time{} + 1000h;
constexpr auto instant = budget::duration{1};

// Goes as fast as the budget lets it, for so long.
std::vector<steady_time> hurry(budget& b, steady_time from, budget::duration length) {
    std::vector<steady_time> spent;
    for (auto now = from; now < from + length;) {
        auto const wait = b.delay(now);
        if (wait == wait.zero()) {
            b.spend(now);
            spent.push_back(now);
        } else {
            now += wait;
        }
    }
    return spent;
}

std::size_t most_within(std::vector<steady_time> const& spent, budget::duration window) {
    std::size_t most = 0;
    for (auto first = spent.begin(); first != spent.end(); ++first) {
        auto const end = std::ranges::find_if(first, spent.end(), [&](steady_time t) { return t - *first >= window; });
        most = std::max(most, static_cast<std::size_t>(end - first));
    }
    return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_budget)

BOOST_AUTO_TEST_CASE(the_first_request_never_waits) {
    for (auto const limit : {0, 1, 2, 11, 12, 13, 240, 100'000}) {
        budget const b{limit};
        BOOST_CHECK(b.delay(t0) == 0s);
        BOOST_CHECK(b.delay_check(t0) == 0s);
    }
}

BOOST_AUTO_TEST_CASE(without_a_budget_nothing_waits_and_nothing_is_kept) {
    budget b{0};
    for (int i = 0; i < 10'000; ++i) b.spend(t0);
    for (int i = 0; i < 10'000; ++i) b.spend_check(t0);
    BOOST_CHECK(b.delay(t0) == 0s);
    BOOST_CHECK(b.delay_check(t0) == 0s);
    BOOST_TEST(b.left(t0) == 1'000'000);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_exactly_a_minute_old_makes_room) {
    budget b{1};
    b.spend(t0);
    BOOST_CHECK(b.delay(t0) == 60s);
    BOOST_CHECK(b.delay(t0 + 20s) == 40s);
    BOOST_CHECK(b.delay(t0 + 60s - instant) == instant);
    BOOST_CHECK(b.delay(t0 + 60s) == 0s);
    BOOST_TEST(b.left(t0 + 60s - instant) == 0);
    BOOST_TEST(b.left(t0 + 60s) == 1);
}

BOOST_AUTO_TEST_CASE(after_the_wait_it_names_a_request_may_go) {
    for (auto const limit : {1, 2, 3, 7, 12, 25, 240}) {
        budget b{limit};
        auto now = t0;
        for (int i = 0; i < 3 * limit; ++i) {
            now += b.delay(now);
            BOOST_CHECK(b.delay(now) == 0s);
            b.spend(now);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_minute_holds_more_requests_than_the_budget) {
    std::mt19937 random{7};
    for (auto const limit : {1, 2, 5, 11, 12, 13, 60, 240, 500}) {
        budget b{limit};
        std::vector<steady_time> spent;
        auto now = t0;
        for (int i = 0; i < 4 * limit + 20; ++i) {
            // Pauses of any length between the requests, now and then a long one.
            now += std::chrono::milliseconds{random() % (i % 17 == 0 ? 45'000 : 300)};
            now += b.delay(now);
            b.spend(now);
            spent.push_back(now);
        }
        BOOST_TEST(most_within(spent, 60s) <= static_cast<std::size_t>(limit), "limit " << limit);
    }
}

BOOST_AUTO_TEST_CASE(a_pass_in_a_hurry_gets_the_whole_budget_but_not_in_one_burst) {
    for (auto const limit : {1, 11, 12, 13, 240, 250, 500}) {
        budget b{limit};
        auto const spent = hurry(b, t0, 10min);
        BOOST_TEST(most_within(spent, 60s) == static_cast<std::size_t>(limit));
        BOOST_TEST(spent.size() == static_cast<std::size_t>(limit) * 10);
        BOOST_TEST(most_within(spent, 5s) <= static_cast<std::size_t>((limit + 11) / 12));
    }
}

BOOST_AUTO_TEST_CASE(what_is_left_is_what_the_last_minute_did_not_use) {
    budget b{24};
    BOOST_TEST(b.left(t0) == 24);
    b.spend(t0);
    b.spend(t0 + 10s);
    BOOST_TEST(b.left(t0 + 10s) == 22);
    BOOST_TEST(b.left(t0 + 60s) == 23);
    BOOST_TEST(b.left(t0 + 70s) == 24);
    for (int i = 0; i < 30; ++i) b.spend(t0 + 80s);
    BOOST_TEST(b.left(t0 + 80s) == 0);
}

BOOST_AUTO_TEST_CASE(checks_take_at_most_a_tenth_and_at_least_one) {
    struct row {
        int limit, checks;
    };
    for (auto const [limit, checks] : {row{1, 1}, row{9, 1}, row{10, 1}, row{20, 2}, row{29, 2}, row{240, 24}}) {
        budget b{limit};
        std::vector<steady_time> spent;
        for (auto now = t0; now < t0 + 5min;) {
            auto const wait = b.delay_check(now);
            if (wait == wait.zero()) {
                b.spend_check(now);
                spent.push_back(now);
            } else {
                now += wait;
            }
        }
        BOOST_TEST(most_within(spent, 60s) == static_cast<std::size_t>(checks), "limit " << limit);
    }
}

BOOST_AUTO_TEST_CASE(a_check_spends_from_the_budget_and_waits_for_it) {
    budget b{1};
    b.spend_check(t0);
    BOOST_CHECK(b.delay(t0) == 60s);
    BOOST_TEST(b.left(t0) == 0);

    budget full{20};
    static_cast<void>(hurry(full, t0, 1min));
    BOOST_TEST(full.left(t0 + 59s) == 0);
    BOOST_CHECK(full.delay_check(t0 + 59s) == full.delay(t0 + 59s));
    BOOST_CHECK(full.delay_check(t0 + 59s) > 0s);
}

BOOST_AUTO_TEST_CASE(what_a_process_before_spent_counts) {
    budget before{24};
    hurry(before, t0, 30s);
    auto const stopped = t0 + 31s;
    BOOST_TEST(before.ages(stopped).all.size() == 12u);
    budget after{24};
    after.spend(t0 + 40s);  // its own clock may begin anywhere
    auto ages = before.ages(stopped).all;
    ages.push_back(61s);
    std::ranges::reverse(ages);
    after.recall({ages, {}}, t0 + 40s);
    BOOST_TEST(after.left(t0 + 40s) == 24 - 13);
    auto spent = hurry(after, t0 + 40s, 120s);
    for (auto const age : ages) spent.push_back(t0 + 40s - age);
    spent.push_back(t0 + 40s);
    std::ranges::sort(spent);
    BOOST_TEST(most_within(spent, 60s) == 24u);
    BOOST_TEST(budget{0}.ages(t0).all.empty());
}

BOOST_AUTO_TEST_CASE(checks_of_processes_that_are_started_again_and_again_take_no_more_than_a_tenth) {
    constexpr int limit = 40;
    budget::past left_behind;
    std::vector<steady_time> checks;
    for (auto start = t0; start < t0 + 2min; start += 2s) {
        budget b{limit};
        b.recall(left_behind, start);
        while (b.delay_check(start) == 0s) {
            b.spend_check(start);
            checks.push_back(start);
        }
        left_behind = b.ages(start + 2s);
    }
    BOOST_TEST(most_within(checks, 60s) == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
