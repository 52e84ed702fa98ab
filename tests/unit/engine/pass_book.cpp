// Where a pass begins to read, and what it counts.
#include "../../../src/engine/pass_book.hpp"

#include <boost/test/unit_test.hpp>

#include <SQLiteCpp/Database.h>

#include "support/temp_dir.hpp"
#include "traitsync/engine/ingest.hpp"
#include "traitsync/moesif/page.hpp"

namespace {

using namespace traitsync;
using engine::close_pass;
using engine::open_pass;
using store::pass_kind;

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t begin = 1'700'000'000'000;

struct a_book {
    test::temp_dir folder;
    store::session session{store::database::open((folder / "store.db").string()).value()};
    config::moesif_settings moesif;
    config::trait_settings traits;
    std::int64_t overlap = moesif.overlap.count();

    store::pass_row opened(std::int64_t now, pass_kind kind) {
        auto const next = open_pass(session, moesif, {.now = now}).value();
        BOOST_REQUIRE(next.pass.has_value());
        BOOST_REQUIRE((next.pass->kind == kind));
        return *next.pass;
    }
    void closed(store::pass_row pass, std::int64_t now, std::string const& failure = {}) {
        close_pass(session, pass, failure, traits, now).value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_pass_begins, a_book)

BOOST_AUTO_TEST_CASE(where_the_full_pass_before_it_began_however_long_nothing_was_read_since) {
    closed(opened(begin, pass_kind::full), begin + 2 * hour);
    auto const pass = opened(begin + 5 * hour, pass_kind::incremental);
    BOOST_TEST(pass.since_users.value() == begin - overlap);
    BOOST_TEST(pass.since_companies.value() == begin - overlap);
    // Nothing had changed: what changes while nobody reads is found by the next one.
    closed(pass, begin + 5 * hour + 1000);
    auto const later = opened(begin + 20 * hour, pass_kind::incremental);
    BOOST_TEST(later.since_users.value() <= begin + 5 * hour - overlap);
    BOOST_TEST(later.since_companies.value() <= begin + 5 * hour - overlap);
}

BOOST_AUTO_TEST_CASE(by_the_times_of_moesif_where_it_told_any) {
    auto pass = opened(begin, pass_kind::full);
    pass.newest_users = begin - 3 * hour;  // this machine's clock is ahead
    closed(pass, begin + 1000);
    pass = opened(begin + hour, pass_kind::incremental);
    BOOST_TEST(pass.since_users.value() == begin - 3 * hour - overlap);
    pass.newest_users = begin + 500 * hour;  // set by a writer
    closed(pass, begin + hour + 1000);
    pass = opened(begin + 2 * hour, pass_kind::incremental);
    BOOST_TEST(pass.since_users.value() == begin + hour - overlap);
}

BOOST_AUTO_TEST_CASE(where_the_last_good_pass_began_and_not_where_one_failed) {
    closed(opened(begin, pass_kind::full), begin + 1000);
    auto failed = opened(begin + hour, pass_kind::incremental);
    failed.newest_users = begin + hour;
    closed(failed, begin + hour + 1000, "refused");
    BOOST_TEST(opened(begin + 2 * hour, pass_kind::incremental).since_users.value() == begin - overlap);
}

BOOST_AUTO_TEST_CASE(once_in_full_after_a_clock_that_had_run_ahead_and_by_changes_from_there) {
    closed(opened(begin + 1000 * hour, pass_kind::full), begin + 1001 * hour);
    closed(opened(begin, pass_kind::full), begin + 1000);
    closed(opened(begin + hour, pass_kind::incremental), begin + hour + 1000);
    auto const pass = opened(begin + 2 * hour, pass_kind::incremental);
    BOOST_TEST(pass.since_users.value() == begin + hour - overlap);
    BOOST_TEST(pass.since_companies.value() == begin + hour - overlap);
}

BOOST_AUTO_TEST_CASE(in_full_where_nothing_was_read_whole_whatever_was_asked_for) {
    BOOST_TEST((engine::ask_for_pass(session, pass_kind::incremental).kind == pass_kind::full));
    auto const first = opened(begin, pass_kind::full);
    auto const asked = engine::ask_for_pass(session, pass_kind::incremental);
    BOOST_TEST((asked.kind == pass_kind::incremental), "behind the first one, which may end well");
    closed(first, begin + 1000, "refused");
    auto const again = opened(begin + 2000, pass_kind::full);
    BOOST_TEST(again.no == asked.no);
    BOOST_TEST(again.first_sync);
    BOOST_TEST(!again.since_users.has_value());
    BOOST_TEST((session.passes.find(asked.no)->kind == pass_kind::full), "the list of runs tells so");
    closed(again, begin + 3000);
    engine::ask_for_pass(session, pass_kind::incremental);
    opened(begin + 4000, pass_kind::incremental);
}

BOOST_AUTO_TEST_CASE(in_a_store_without_marks_where_everything_was_read_last) {
    closed(opened(begin, pass_kind::full), begin + 1000);
    session.meta.remove("high_water_users");
    session.meta.remove("high_water_companies");
    auto const pass = opened(begin + 9 * hour, pass_kind::incremental);
    BOOST_TEST(pass.since_users.value() == begin - overlap);
    BOOST_TEST(pass.since_companies.value() == begin - overlap);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {
struct other_rules : a_book {
    // What a start under these policies finds.
    bool changed(std::map<std::string, config::policy> const& policies) {
        config::trait_settings settings;
        settings.policies = policies;
        return engine::ingest{settings}.prepare(session).value().changed;
    }
    std::optional<store::pass_row> next(std::int64_t now, bool changed) {
        return open_pass(session, moesif, {.rules_changed = changed, .now = now}).value().pass;
    }
    void synced() {
        BOOST_TEST(!changed({}));
        session.profiles.add({.user_id = "a"});
    }
};
constexpr auto never = config::policy::never;
}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_pass_over_the_store, other_rules)

BOOST_AUTO_TEST_CASE(goes_before_one_that_was_interrupted_which_goes_on_after_it) {
    synced();
    auto const full = opened(begin, pass_kind::full);
    BOOST_TEST(changed({{"name", never}}));
    auto const rediff = next(begin + 1000, true).value();
    BOOST_TEST((rediff.kind == pass_kind::rediff));
    BOOST_TEST(next(begin + 2000, true)->no == rediff.no, "after a restart");
    closed(rediff, begin + 3000);
    BOOST_TEST(next(begin + 4000, false)->no == full.no);
}

BOOST_AUTO_TEST_CASE(begins_anew_when_the_policies_change_before_its_end_and_goes_on_when_they_do_not) {
    synced();
    BOOST_TEST(changed({{"name", never}}));
    auto pass = next(begin, true).value();
    pass.stage = store::pass_stage::users;
    pass.search_after = "17";
    session.passes.save(pass);
    BOOST_TEST(changed({{"name", never}}));
    BOOST_TEST(session.passes.unfinished()->search_after == "17");
    // Also back to those of before: some users were compared under the others by then.
    BOOST_TEST(changed({}));
    BOOST_TEST(session.passes.unfinished()->search_after == "");
    BOOST_TEST((session.passes.unfinished()->stage == store::pass_stage::companies));
    BOOST_TEST(session.meta.integer("full_wanted").has_value(), "what the others hid must come back");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_pass_counts, a_book)

BOOST_AUTO_TEST_CASE(who_is_found_gone_while_it_reads_and_after_its_end) {
    engine::ingest rules{traits};
    BOOST_REQUIRE(rules.prepare(session).has_value());
    auto const shown = moesif::split_page(R"({"hits":{"hits":[
        {"_id":"a","_source":{"user_id":"a"},"sort":["a"]},
        {"_id":"b","_source":{"user_id":"b"},"sort":["b"]},
        {"_id":"c","_source":{"user_id":"c"},"sort":["c"]}]}})")
                           .value();
    auto first = opened(begin, pass_kind::full);
    BOOST_REQUIRE(engine::turn_to_users(session, first).has_value());
    BOOST_REQUIRE(rules.page(session, first, shown, begin).has_value());
    closed(first, begin + 1000);
    auto pass = opened(begin + 48 * hour, pass_kind::full);
    auto const gone = [&](std::string const& id) {
        session.passes.add_missing(store::profile_kind::user, id, pass.no);
        BOOST_REQUIRE(rules.gone(session, {store::profile_kind::user, id, pass.no}, false, begin).has_value());
    };
    gone("a");
    BOOST_TEST(session.passes.find(pass.no)->gone == 1);
    // What it knew of itself before is not written over what was counted meanwhile, and learns of it.
    BOOST_REQUIRE(engine::turn_to_users(session, pass).has_value());
    BOOST_TEST(pass.gone == 1);
    gone("b");
    closed(pass, begin + 49 * hour);
    gone("c");
    gone("c");
    gone("nobody");
    BOOST_TEST(session.passes.find(pass.no)->gone == 3, "each once, and nobody who was not there");
    BOOST_TEST(session.passes.find(first.no)->gone == 0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {
struct many_gone : a_book {
    many_gone() {
        traits.on_delete = config::on_delete::null;
        traits.brake_min = 2;
        traits.brake_percent = 30;
        for (int i = 0; i < 10; ++i) {
            auto const no = session.profiles.add({.user_id = std::to_string(i), .doc_id = std::to_string(i)});
            session.profiles.put_document(std::to_string(i), {no, {}, 0});
        }
        closed(opened(begin, pass_kind::full), begin + 1000);
    }
    void not_shown(store::pass_row const& pass, int count) {
        for (int i = 0; i < count; ++i) session.passes.add_missing(kind, std::to_string(i), pass.no);
    }
    bool holds() {
        auto const next = session.passes.next_missing(store::profile_kind::company, "");
        BOOST_REQUIRE(next.has_value());
        return engine::holds_gone(session, *next);
    }
    static constexpr auto kind = store::profile_kind::user;
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(whom_a_full_pass_does_not_show, many_gone)

BOOST_AUTO_TEST_CASE(is_not_asked_for_before_its_end_decides_what_the_brake_holds) {
    auto const pass = opened(begin + 48 * hour, pass_kind::full);
    not_shown(pass, 4);
    BOOST_TEST(!session.passes.next_missing(store::profile_kind::company, "").has_value());
    closed(pass, begin + 49 * hour);
    BOOST_TEST(holds());
}

BOOST_AUTO_TEST_CASE(is_held_where_the_pass_failed_too) {
    auto const pass = opened(begin + 48 * hour, pass_kind::full);
    not_shown(pass, 4);
    closed(pass, begin + 49 * hour, "refused");
    BOOST_TEST(holds());
}

BOOST_AUTO_TEST_CASE(goes_where_there_are_few_of_them) {
    auto const pass = opened(begin + 48 * hour, pass_kind::full);
    not_shown(pass, 3);
    closed(pass, begin + 49 * hour);
    BOOST_TEST(!holds());
}

BOOST_AUTO_TEST_CASE(is_held_where_nulls_are_asked_for_only_behind_its_end) {
    traits.on_delete = config::on_delete::ignore;
    auto const pass = opened(begin + 48 * hour, pass_kind::full);
    not_shown(pass, 4);
    closed(pass, begin + 49 * hour);
    BOOST_TEST(holds());
}

BOOST_AUTO_TEST_CASE(a_release_is_of_the_pass_that_closed_it_also_while_another_one_runs) {
    auto full = opened(begin + 48 * hour, pass_kind::full);
    full.brake_closed = true;
    session.passes.save(full);
    auto const rediff = open_pass(session, moesif, {.rules_changed = true, .now = begin + 49 * hour}).value();
    BOOST_REQUIRE((rediff.pass && rediff.pass->kind == pass_kind::rediff));
    engine::note_release(session);
    BOOST_TEST(engine::is_released(session, full.no));
    BOOST_TEST(!engine::is_released(session, rediff.pass->no));
}

BOOST_AUTO_TEST_CASE(a_release_is_of_all_that_closed_it_and_still_read) {
    auto full = opened(begin + 48 * hour, pass_kind::full);
    auto rediff = *open_pass(session, moesif, {.rules_changed = true, .now = begin + 49 * hour}).value().pass;
    for (auto* pass : {&full, &rediff}) {
        pass->brake_closed = true;
        session.passes.save(*pass);
    }
    engine::note_release(session);
    BOOST_TEST(engine::is_released(session, full.no));
    BOOST_TEST(engine::is_released(session, rediff.no));
    closed(rediff, begin + 50 * hour);
    BOOST_TEST(!engine::is_released(session, rediff.no));
    BOOST_TEST(engine::is_released(session, full.no));
}

BOOST_AUTO_TEST_CASE(a_release_is_of_a_pass_that_waits_behind_any_number_of_others) {
    auto full = opened(begin + 48 * hour, pass_kind::full);
    full.brake_closed = true;
    session.passes.save(full);
    for (int i = 0; i < 6; ++i) {
        auto rediff = *open_pass(session, moesif, {.rules_changed = true, .now = begin + 49 * hour}).value().pass;
        BOOST_TEST((engine::passes_at_the_gate(session) == std::vector{rediff.no}));
        closed(rediff, begin + 50 * hour);
    }
    engine::note_release(session);
    BOOST_TEST(engine::is_released(session, full.no));
    BOOST_TEST(engine::passes_at_the_gate(session).empty());
}

BOOST_AUTO_TEST_CASE(only_users_count_of_those_who_are_not_shown) {
    auto const pass = opened(begin + 48 * hour, pass_kind::full);
    not_shown(pass, 3);
    for (int i = 0; i < 50; ++i) session.passes.add_missing(store::profile_kind::company, std::to_string(i), pass.no);
    closed(pass, begin + 49 * hour);
    BOOST_TEST(!holds());
}

BOOST_AUTO_TEST_CASE(follows_what_the_operator_released_and_is_decided_anew_by_the_next_one) {
    auto pass = opened(begin + 48 * hour, pass_kind::full);
    not_shown(pass, 4);
    closed(pass, begin + 49 * hour);
    engine::note_released_rows(session, {pass.no});
    BOOST_TEST(!holds());
    pass = opened(begin + 96 * hour, pass_kind::full);
    not_shown(pass, 5);
    closed(pass, begin + 97 * hour);
    BOOST_TEST(holds());
    pass = opened(begin + 144 * hour, pass_kind::full);
    for (int i = 1; i < 5; ++i) session.passes.remove_missing(kind, std::to_string(i));
    closed(pass, begin + 145 * hour);
    BOOST_TEST(!holds(), "most were shown");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_full_pass_that_is_owed, a_book)

BOOST_AUTO_TEST_CASE(stands_until_one_has_read_everything_and_waits_after_a_failure) {
    closed(opened(begin, pass_kind::full), begin + 1000);
    engine::owe_full_pass(session);
    auto const failing = opened(begin + 2000, pass_kind::full);
    BOOST_TEST(!engine::full_pass_owed(session), "this one is it");
    closed(failing, begin + 3000, "refused");
    BOOST_TEST(engine::full_pass_owed(session));
    BOOST_TEST(!open_pass(session, moesif, {.now = begin + 3001}).value().pass.has_value());
    closed(opened(begin + 3000 + moesif.interval.count(), pass_kind::full), begin + hour);
    BOOST_TEST(!engine::full_pass_owed(session));
    opened(begin + hour + moesif.interval.count(), pass_kind::incremental);
}

BOOST_AUTO_TEST_CASE(stands_when_it_was_wished_for_while_one_read) {
    auto const reading = opened(begin, pass_kind::full);
    engine::owe_full_pass(session);
    closed(reading, begin + 1000);
    BOOST_TEST(engine::full_pass_owed(session));
}

BOOST_AUTO_TEST_SUITE_END()
