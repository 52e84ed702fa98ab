#include "traitsync/engine/schedule.hpp"

#include <boost/test/unit_test.hpp>

#include "support/temp_dir.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using engine::pass_history;
using engine::plan;
using store::pass_kind;

constexpr std::int64_t a_minute = 60'000;
constexpr std::int64_t an_hour = 60 * a_minute;
constexpr std::int64_t schedule_now = 1'800'000'000'000;

config::moesif_settings every(std::chrono::minutes interval) {
    config::moesif_settings s;
    s.interval = interval;
    s.full_interval = std::chrono::hours{24};
    return s;
}

// A full pass was good a day ago, and failed so many times since, the last one just now.
pass_history failed(std::int64_t times) {
    return {.now = schedule_now,
            .last_full_end = schedule_now - 25 * an_hour,
            .last_end = schedule_now,
            .last_failed = true,
            .full_failures = times,
            .last_full_failed = schedule_now};
}

// The kinds of the passes of so many hours, where full ones always fail. In minutes, when full ones were tried.
std::vector<std::int64_t> full_ones(config::moesif_settings const& s, std::int64_t hours, int& changes) {
    auto h = failed(1);
    std::vector<std::int64_t> at;
    changes = 0;
    while (h.now < schedule_now + hours * an_hour) {
        auto const next = plan(h, s);
        h.now = std::max(h.now, next.at);
        h.last_end = h.now;
        h.last_failed = next.kind == pass_kind::full;
        if (h.last_failed) {
            at.push_back((h.now - schedule_now) / a_minute);
            ++h.full_failures;
            h.last_full_failed = h.now;
        } else {
            ++changes;
        }
    }
    return at;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule)

BOOST_AUTO_TEST_CASE(changes_are_read_while_full_passes_fail_which_are_tried_at_growing_distance) {
    int changes = 0;
    auto const tried = full_ones(every(std::chrono::minutes{1}), 4, changes);
    BOOST_TEST(tried == (std::vector<std::int64_t>{2, 6, 14, 30, 62, 122, 182}), boost::test_tools::per_element());
    BOOST_TEST(changes > 200);
    // Where passes are hours apart every other one is for the changes.
    BOOST_TEST(full_ones(every(std::chrono::minutes{120}), 12, changes).size() == 3U);
    BOOST_TEST(changes == 3);
}

BOOST_AUTO_TEST_CASE(one_that_was_asked_for_and_failed_is_tried_again_before_another_is_due) {
    auto h = failed(1);
    h.last_full_end = schedule_now - an_hour;
    h.now += a_minute;
    h.last_end = h.now;
    h.last_failed = false;
    auto const next = plan(h, every(std::chrono::minutes{1}));
    BOOST_TEST((next.kind == pass_kind::full));
    BOOST_TEST(next.at == schedule_now + 2 * a_minute);
}

BOOST_AUTO_TEST_CASE(before_a_first_good_full_pass_there_are_no_changes_to_read) {
    auto h = failed(3);
    h.last_full_end.reset();
    auto const next = plan(h, every(std::chrono::minutes{1}));
    BOOST_TEST((next.kind == pass_kind::full));
    BOOST_TEST(next.at == schedule_now + a_minute);
}

BOOST_AUTO_TEST_CASE(a_full_pass_that_is_asked_for_does_not_wait_for_its_turn) {
    auto h = failed(9);
    h.full_wanted = true;
    BOOST_TEST((plan(h, every(std::chrono::minutes{1})).kind == pass_kind::full));
    BOOST_TEST(plan(h, every(std::chrono::minutes{1})).at == schedule_now);
}

BOOST_AUTO_TEST_CASE(full_passes_that_fail_stay_told_while_changes_are_read) {
    test::temp_dir folder;
    store::session s{*store::database::open((folder / "store.db").string())};
    store::session::transaction tx{s};
    auto const pass = [&](pass_kind kind, std::int64_t ended, char const* error) {
        store::pass_row row{.kind = kind, .started = ended - 1};
        row.no = s.passes.add(row);
        row.ended = ended;
        row.error = error;
        s.passes.save(row);
    };
    pass(pass_kind::full, 10, "");
    BOOST_TEST(!s.passes.failing());
    pass(pass_kind::incremental, 15, "refused");
    BOOST_TEST(s.passes.failing()->since == 15);
    pass(pass_kind::full, 20, "refused");
    pass(pass_kind::incremental, 30, "");
    pass(pass_kind::full, 40, "refused again");
    pass(pass_kind::incremental, 50, "");
    auto const failing = s.passes.failing();
    BOOST_REQUIRE(failing.has_value());
    BOOST_TEST(failing->since == 20);
    BOOST_TEST(failing->latest.error == "refused again");
    BOOST_TEST(failing->count == 2);
    pass(pass_kind::full, 60, "");
    BOOST_TEST(!s.passes.failing());
    tx.commit();
}

BOOST_AUTO_TEST_SUITE_END()
