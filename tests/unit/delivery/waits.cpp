// The waits: back-off, rate gate, outage.
#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

#include "traitsync/delivery/back_off.hpp"
#include "traitsync/delivery/outage.hpp"
#include "traitsync/delivery/rate_gate.hpp"

namespace traitsync::delivery {
namespace {
using namespace std::chrono_literals;
constexpr auto t0 = steady_time{} + 1h;
BOOST_AUTO_TEST_SUITE(delivery_waits)

BOOST_AUTO_TEST_CASE(a_back_off_doubles_its_ceiling_from_one_second_to_sixty_and_never_waits_less_than_one) {
    std::vector<std::chrono::milliseconds> const ceilings = {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
    for (int failures = 1; failures <= 8; ++failures) {
        auto const ceiling = ceilings[static_cast<std::size_t>(failures) - 1];
        BOOST_TEST((back_off(failures, 1s, [] { return 0.0; }) == 1s));
        BOOST_TEST((back_off(failures, 1s, [] { return 1.0; }) == ceiling));
        BOOST_TEST((back_off(failures, 1s, [] { return 0.5; }) == 1s + (ceiling - 1s) / 2));
    }
    BOOST_TEST((back_off(1'000'000'000, 1s, [] { return 1.0; }) == 60s));
}

BOOST_AUTO_TEST_CASE(a_throttled_back_off_begins_at_five_seconds) {
    BOOST_TEST((back_off(1, 5s, [] { return 1.0; }) == 5s));
    BOOST_TEST((back_off(2, 5s, [] { return 1.0; }) == 10s));
    BOOST_TEST((back_off(9, 5s, [] { return 1.0; }) == 60s));
    BOOST_TEST((back_off(9, 5s, [] { return 0.0; }) == 5s));
}

BOOST_AUTO_TEST_CASE(a_rate_gate_lets_a_burst_pass_and_then_the_rate) {
    rate_gate gate{100, 500};
    BOOST_TEST((gate.open_at(500) <= t0));
    gate.take(500, t0);
    BOOST_TEST((gate.open_at(1) == t0 + 10ms));
    BOOST_TEST((gate.open_at(500) == t0 + 5s));
    gate.take(1, t0 + 10ms);
    BOOST_TEST((gate.open_at(1) == t0 + 20ms));
    // A long pause fills the bucket, not more.
    BOOST_TEST((gate.open_at(500) <= t0 + 1h));
    gate.take(500, t0 + 1h);
    BOOST_TEST((gate.open_at(1) == t0 + 1h + 10ms));
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_lets_everything_pass) {
    rate_gate gate{0, 500};
    for (int i = 0; i < 100; ++i) gate.take(2500, t0);
    BOOST_TEST((gate.open_at(2500) <= t0));
}

BOOST_AUTO_TEST_CASE(no_window_of_time_sees_more_than_the_burst_and_the_rate) {
    std::mt19937 dice{7};
    for (int const rate : {1, 3, 70, 500, 999'999}) {
        int const burst = 50;
        rate_gate gate{rate, burst};
        std::vector<std::pair<steady_time, int>> sent;
        auto now = t0;
        for (int i = 0; i < 400; ++i) {
            auto const n = 1 + static_cast<int>(dice() % burst);
            now =
                std::max(now + std::chrono::microseconds{dice() % 100'000}, gate.open_at(static_cast<std::size_t>(n)));
            gate.take(static_cast<std::size_t>(n), now);
            sent.emplace_back(now, n);
        }
        for (std::size_t from = 0; from < sent.size(); ++from) {
            double total = 0;
            for (std::size_t to = from; to < sent.size(); ++to) {
                total += sent[to].second;
                std::chrono::duration<double> const window = sent[to].first - sent[from].first;
                BOOST_REQUIRE_LE(total, burst + rate * window.count() + 1e-6);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_outage_begins_when_as_many_requests_in_a_row_failed_as_there_are_slots) {
    outage o;
    auto const least = [] { return 0.0; };
    auto const most = [] { return 1.0; };
    for (int i = 0; i < 3; ++i) o.failed(false, 4, t0, least);
    BOOST_TEST(!o.active());
    o.failed(false, 4, t0, least);
    BOOST_TEST(o.active());
    BOOST_TEST((o.until() == t0 + 1s));
    o.failed(false, 4, t0 + 500ms, most);  // was under way before: no news
    BOOST_TEST((o.until() == t0 + 1s));
    o.failed(true, 4, t0 + 1s, most);
    BOOST_TEST((o.until() == t0 + 3s));
    o.over();
    BOOST_TEST(!o.active());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery
