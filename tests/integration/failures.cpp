#include <SQLiteCpp/Database.h>

#include "deployment.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::deployment;
}  // namespace

BOOST_FIXTURE_TEST_SUITE(failures, deployment)

BOOST_AUTO_TEST_CASE(exit_codes_tell_unreachable_refused_and_configuration_apart) {
    put_users(2, "x");
    auto const good = environment;
    environment["TRAITSYNC_MOESIF_TOKEN"] = "another-token-0123456789";
    BOOST_TEST(once().state.code == 4);
    environment = good;
    environment["TRAITSYNC_MOESIF_URL"] = "http://127.0.0.1:1/v1";
    BOOST_TEST(once({"--max-wait", "2s"}).state.code == 3);
    environment = good;
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "0";
    BOOST_TEST(once().state.code == 2);
    environment = good;
    environment["TRAITSYNC_SEGMENT_URL"] = "http://127.0.0.1:1";
    BOOST_TEST(once({"--max-wait", "2s"}).state.code == 1);
    environment = good;
    once_well();
    BOOST_TEST(segment.counts().messages == 2U);
}

BOOST_AUTO_TEST_CASE(a_run_that_leaves_held_messages_exits_with_1_whatever_moesif_says) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "1";
    put_users(5, "x");
    once_well();
    put_users(5, "y");
    BOOST_TEST(once().state.code == 1);
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 4") > 1);
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state < 2") == 0);
    environment["TRAITSYNC_MOESIF_TOKEN"] = "another-token-0123456789";
    BOOST_TEST(once().state.code == 1);
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_with_the_pid_of_the_first) {
    put_users(1, "x");
    test::process first{options({"run"})};
    BOOST_REQUIRE(first.wait_for_errors("started"));
    auto const second = once();
    BOOST_TEST(second.state.code == 4);
    BOOST_TEST(second.errors.find(std::to_string(first.pid())) != std::string::npos, second.errors);
    auto const ended = first.stop();
    BOOST_TEST((ended && ended->clean()));
}

BOOST_AUTO_TEST_CASE(a_stop_in_the_middle_of_a_batch_loses_nothing) {
    put_users(40, "x");
    demo::segment_faults slow;
    slow.hang = 1;
    slow.hang_for = 60s;
    segment.set_faults(slow);
    environment["TRAITSYNC_ADMIN_STOP_TIMEOUT"] = "1s";
    test::process service{options({"run"})};
    BOOST_REQUIRE(segment.wait_for(20s, [](demo::segment_counts const& c) { return c.requests > 0; }));
    auto const ended = service.stop(10s);
    BOOST_REQUIRE(ended);
    BOOST_TEST(ended->clean());
    BOOST_TEST(segment.counts().messages == 0U);
    segment.set_faults({});
    once_well();
    BOOST_TEST(segment.counts().distinct_messages == 40U);
    BOOST_TEST(segment.violations().empty());
}

// What is tried when a run begins comes from anywhere in the queue: by chance from the bad ones, but not ten times.
BOOST_AUTO_TEST_CASE(one_run_after_the_other_comes_past_refused_messages_at_the_front_of_the_queue) {
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "1";
    put_users(60, "x");
    segment.set_refuse([](std::string_view user, std::string_view) { return user < "user00025"; });
    for (int runs = 0; runs < 10; ++runs) {
        BOOST_TEST(once().state.code == 1);
        if (number("SELECT count(*) FROM messages WHERE state < 2") == 0) break;
    }
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state < 2") == 0);
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 3") == 25);
    BOOST_TEST(segment.counts().distinct_messages == 35U);
    BOOST_TEST(once().state.code == 0, "older dead letters are no failure");
}

BOOST_AUTO_TEST_CASE(a_long_outage_with_changes_keeps_the_queue_within_two_messages_a_user) {
    put_users(30, "x");
    segment.listen(false);
    environment["TRAITSYNC_SEGMENT_TIMEOUT"] = "1s";
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "5";
    test::process service{options({"run"})};
    for (int round = 0; round < 4; ++round) {
        auto const seen = moesif.counts().user_searches;
        put_users(30, "plan" + std::to_string(round));
        BOOST_REQUIRE(moesif.wait_for(20s, [&](demo::moesif_counts const& c) { return c.user_searches > seen + 2; }));
        BOOST_TEST(number("SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM messages WHERE state IN (0, 1) "
                          "GROUP BY user_no)") <= 2);
        BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 1") <= 4 * 5);
    }
    segment.listen(true);
    auto const limit = std::chrono::steady_clock::now() + 90s;
    while (trait_of(29, "metadata") != R"({"plan":"plan3"})" && std::chrono::steady_clock::now() < limit) {
        auto const seen = segment.counts().requests;
        segment.wait_for(2s, [&](demo::segment_counts const& c) { return c.requests > seen; });
    }
    BOOST_TEST(trait_of(29, "metadata") == R"({"plan":"plan3"})", service.errors());
    auto const ended = service.stop();
    BOOST_TEST((ended && ended->clean()));
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(another_write_key_waits_for_the_operators_word) {
    put_users(10, "x");
    once_well();
    environment["TRAITSYNC_SEGMENT_WRITE_KEY"] = "anotherkey0000000anotherkey00000";
    auto const asked = run(options({"run", "--once"}));
    BOOST_TEST(asked.state.code != 0);
    BOOST_TEST(asked.errors.find("resend") != std::string::npos);
    BOOST_TEST(segment.counts().messages == 10U);
    BOOST_TEST(run(options({"run", "--once", "--destination", "resend"})).state.code == 0);
    BOOST_TEST(segment.counts().messages == 20U);
    BOOST_TEST(run(options({"run", "--once"})).state.code == 0);
    environment["TRAITSYNC_SEGMENT_WRITE_KEY"] = write_key;
    BOOST_TEST(run(options({"run", "--once", "--destination", "keep"})).state.code == 0);
    BOOST_TEST(segment.counts().messages == 20U);
}

BOOST_AUTO_TEST_CASE(a_full_disk_stops_it_with_words_and_it_goes_on_when_space_returns) {
    put_users(400, std::string(2000, 'x'));
    auto small = options({"run", "--once", "--max-wait", "3s"});
    small.max_file_bytes = 600'000;
    auto const ended = run(std::move(small));
    BOOST_TEST(ended.state.code == 1);
    BOOST_TEST(ended.errors.find("store") != std::string::npos, ended.errors);
    once_well();
    BOOST_TEST(segment.counts().distinct_messages == 400U);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_or_newer_store_is_named_and_not_touched) {
    put_users(1, "x");
    once_well();
    { SQLite::Database{(folder / "store.db").string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 77"); }
    auto const newer = once();
    BOOST_TEST(newer.state.code == 4);
    BOOST_TEST(newer.errors.find("77") != std::string::npos);
    folder.write("store.db", std::string(5000, 'z'));
    auto const damaged = once();
    BOOST_TEST(damaged.state.code == 1);
    BOOST_TEST(damaged.errors.find("damaged") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_service_that_ignores_or_refuses_the_cursor_ends_the_pass_or_is_read_otherwise) {
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "10";
    put_users(35, "x");
    demo::moesif_faults f;
    f.requests_per_minute = 0;
    f.ignore_search_after = true;
    moesif.set_faults(f);
    BOOST_TEST(once({"--max-wait", "5s"}).state.code == 1);
    f.ignore_search_after = false;
    f.refuse_id_sort = true;
    moesif.set_faults(f);
    once_well();
    BOOST_TEST(segment.counts().distinct_messages == 35U);
}

BOOST_AUTO_TEST_CASE(moesifs_other_forms_of_answers_are_read) {
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "10";
    put_users(25, "x");
    auto const form = [&](auto set) {
        demo::moesif_faults f;
        f.requests_per_minute = 0;
        set(f);
        moesif.set_faults(f);
        once_well();
    };
    form([](auto& f) { f.bare_answers = true; });
    BOOST_TEST(segment.counts().distinct_messages == 25U);
    form([](auto& f) { f.spelling = demo::search_spelling::older_only; });
    form([](auto& f) { f.total_as_object = f.created_status = f.chunked = true; });
    form([](auto& f) { f.largest_page = 3; });
    BOOST_TEST(segment.counts().distinct_messages == 25U);
}

BOOST_AUTO_TEST_SUITE_END()
