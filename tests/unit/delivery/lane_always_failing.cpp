// Messages that Segment never answers well, whatever it does with the others.
#include <boost/test/unit_test.hpp>

#include "lane_desk.hpp"

namespace traitsync::delivery::test {
namespace {

BOOST_AUTO_TEST_SUITE(delivery_lane_always_failing)

BOOST_AUTO_TEST_CASE(a_message_that_always_fails_ends_alone_and_holds_up_nobody) {
    struct row {
        lane_options options;
        rows bad;
    };
    for (auto const& [options, bad] : std::vector<row>{{small(10, 1), {5}},
                                                       {small(10, 4), {5, 17, 23, 29}},
                                                       {small(1, 1), {1}},
                                                       {small(1, 4), {1, 2, 3, 4, 5, 6}},
                                                       {small(100, 4), {1, 15, 30}}}) {
        desk d{options};
        d.queue(1, 30);
        std::set<std::int64_t> const always{bad.begin(), bad.end()};
        auto const answer_one = [&] {
            auto chosen = d.next();
            for (; std::holds_alternative<sleep>(chosen); chosen = d.next())
                d.pass(std::chrono::ceil<std::chrono::milliseconds>(std::get<sleep>(chosen).until - d.now));
            auto const s = std::get<send>(chosen);
            auto const sent = d.rows_of(s);
            auto const fails = std::ranges::any_of(sent, [&](auto row) { return always.contains(row); });
            d.answer(s, fails ? 500 : 200);
        };
        auto const good = 30 - always.size();
        for (int i = 0; i < 200 && d.acknowledged().size() < good; ++i) answer_one();
        BOOST_REQUIRE(d.acknowledged().size() == good);
        // In a quiet hour too, in which nothing but the bad ones is tried.
        for (int i = 0; i < 50; ++i) answer_one();
        d.queue(1000, 1000);
        for (int i = 0; i < 3 && d.acknowledged().back() != 1000; ++i) answer_one();
        BOOST_TEST(d.acknowledged().back() == 1000);
        BOOST_TEST(d.dead().empty());
        BOOST_TEST(d.l.held() == bad.size());
    }
}

BOOST_AUTO_TEST_CASE(a_few_messages_that_always_fail_are_no_outage_for_the_others) {
    struct row {
        lane_options options;
        std::int64_t messages, each;  // one of so many always fails
        std::chrono::minutes within;
    };
    for (auto const& [options, messages, each, within] : std::vector<row>{{small(100, 4), 200, 25, 2min},
                                                                          {small(500, 4), 1000, 100, 2min},
                                                                          {small(100, 1), 200, 50, 3min},
                                                                          {small(1, 4), 200, 16, 1min}}) {
        for (auto const chance : {0.1, 0.5, 0.999999}) {
            auto drawn = options;
            drawn.random = [chance] { return chance; };
            desk d{drawn};
            d.queue(1, messages);
            auto const good = static_cast<std::size_t>(messages - messages / each);
            std::deque<send> under_way;
            // Each request takes a tenth of a second; as many as there are slots are under way together.
            for (auto const end = d.now + within; d.acknowledged().size() < good && d.now < end;) {
                auto const chosen = d.next();
                if (auto const* s = std::get_if<send>(&chosen)) {
                    under_way.push_back(*s);
                } else if (!under_way.empty()) {
                    d.pass(100ms);
                    for (; !under_way.empty(); under_way.pop_front()) {
                        auto const sent = d.rows_of(under_way.front());
                        auto const fails = std::ranges::any_of(sent, [&](auto r) { return r % each == 0; });
                        d.answer(under_way.front(), fails ? 500 : 200);
                    }
                } else {
                    auto const* waits = std::get_if<sleep>(&chosen);
                    BOOST_REQUIRE(waits != nullptr);
                    d.pass(std::chrono::ceil<std::chrono::milliseconds>(waits->until - d.now));
                }
            }
            BOOST_TEST(d.acknowledged().size() == good, "batches of " << options.batch_size << ", " << chance);
            BOOST_TEST(d.dead().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(messages_that_always_time_out_leave_a_way_to_the_others) {
    struct row {
        int slots;
        std::int64_t bad;
    };
    struct request {
        steady_time ends;
        send sent;
        bool fails;
    };
    for (auto const& [slots, bad] : std::vector<row>{{1, 1}, {1, 10}, {4, 10}, {4, 40}, {32, 100}}) {
        auto options = small(100, slots);
        options.random = [] { return 0.5; };
        desk d{options};
        std::vector<request> under_way;
        // Bad ones take as long as the time-out.
        auto const run = [&](steady_time until, std::size_t good) {
            while (d.now < until && d.acknowledged().size() < good) {
                auto const chosen = d.next();
                if (auto const* s = std::get_if<send>(&chosen)) {
                    auto const fails = std::ranges::any_of(d.rows_of(*s), [&](auto r) { return r <= bad; });
                    under_way.push_back({d.now + (fails ? 15'000ms : 100ms), *s, fails});
                    continue;
                }
                auto wakes = std::holds_alternative<sleep>(chosen) ? std::get<sleep>(chosen).until : until;
                for (auto const& r : under_way) wakes = std::min(wakes, r.ends);
                BOOST_REQUIRE((wakes > d.now));
                d.pass(std::chrono::ceil<std::chrono::milliseconds>(wakes - d.now));
                auto const ended =
                    std::ranges::stable_partition(under_way, [&](auto const& r) { return r.ends > d.now; });
                std::vector<request> const answered{ended.begin(), ended.end()};
                under_way.erase(ended.begin(), ended.end());
                for (auto const& r : answered) d.answer(r.sent, r.fails ? 500 : 200);
            }
        };
        // Until each of them fails alone.
        d.queue(1, bad);
        run(d.now + 1h, 1);
        constexpr std::int64_t good = 5'000;
        d.queue(bad + 1, bad + good);
        auto const begun = d.now;
        run(begun + 5min, good);
        BOOST_TEST(d.acknowledged().size() == static_cast<std::size_t>(good), slots << " slots, " << bad << " bad");
        BOOST_TEST(std::chrono::duration_cast<std::chrono::seconds>(d.now - begun).count() < 200);
        BOOST_TEST(d.dead().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery::test
