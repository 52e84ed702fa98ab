// What passes find, and what they say.

#include "operator.hpp"
#include "shifted_clock.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::deployment;
using test::number_at;
using test::shifted_clock;

std::size_t count(std::string const& text, std::string const& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}
}  // namespace

BOOST_FIXTURE_TEST_SUITE(after_a_stop_of_hours, shifted_clock, *boost::unit_test::precondition(test::preloads))

BOOST_AUTO_TEST_CASE(an_incremental_pass_finds_what_changed_meanwhile) {
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"a"}})", 1);
    put(1, R"(,"company_id":"acme","name":"before")");
    put(2, R"(,"name":"before")");
    start();
    settle();
    stop();
    shift(3h);
    clock += std::chrono::milliseconds{1h}.count();
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"b"}})", ++clock);
    put(2, R"(,"name":"after")");
    start();
    pull("incremental");
    eventually("the changes arrive", [&] {
        return trait_of(2, "name") == "\"after\"" && trait_of(1, "company").find("\"b\"") != std::string::npos;
    });
    BOOST_TEST(number("SELECT count(*) FROM passes WHERE kind = 'full'") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(one_run, deployment)

// The companies were read before it was killed, and are not read again by the pass that goes on.
BOOST_AUTO_TEST_CASE(a_run_that_goes_on_with_the_pass_of_a_killed_one_ends_with_what_moesif_has_then) {
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1h";
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"a"}})", ++clock);
    for (int i = 0; i < 20; ++i) put(i, R"(,"email":"a@example.com","company_id":"acme")");
    moesif.set_faults({.slow_body = 1, .slow_pause = 20ms});
    {
        test::process killed{options({"run", "--once"})};
        auto const end = std::chrono::steady_clock::now() + 20s;
        auto const reads_users = [&] {
            if (!std::filesystem::exists(folder / "store.db")) return false;
            try {
                return number("SELECT count(*) FROM passes WHERE stage = 'users' AND pages > 3") == 1;
            } catch (SQLite::Exception const&) {
                return false;  // being made
            }
        };
        while (!reads_users()) {
            BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
            std::this_thread::sleep_for(5ms);
        }
        killed.kill();
    }
    moesif.set_faults({});
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"b"}})", ++clock);
    once_well();
    BOOST_TEST(number("SELECT count(*) FROM passes WHERE kind = 'full'") == 1);
    for (int i = 0; i < 20; ++i) {
        BOOST_TEST(trait_of(i, "company").find(R"("tier":"b")") != std::string::npos, trait_of(i, "company"));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(what_passes_say, deployment)

BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_type_counts_as_absent_with_one_warning_a_pass_and_none_when_unchanged) {
    environment["TRAITSYNC_LOG_FORMAT"] = "json";
    for (int i = 0; i < 5; ++i) put(i, R"(,"email":["not","text"],"name":7,"created":"nonsense")");
    auto ended = once();
    BOOST_TEST(ended.state.code == 0);
    BOOST_TEST(count(ended.errors, "\"event\":\"odd_values\"") == 1U, ended.errors);
    BOOST_TEST(count(ended.errors, "\"wrong_type\":10") == 1U, ended.errors);
    BOOST_TEST(count(ended.errors, "\"bad_time\":5") == 1U, ended.errors);
    BOOST_TEST(ended.errors.find("nonsense") == std::string::npos);
    BOOST_TEST(trait_of(1, "email") == "");
    ended = once();
    BOOST_TEST(count(ended.errors, "odd_values") == 0U, ended.errors);
}

BOOST_AUTO_TEST_CASE(a_policy_that_an_array_keeps_from_its_members_is_told_once_a_pass) {
    environment["TRAITSYNC_LOG_FORMAT"] = "json";
    environment["TRAITSYNC_TRAITS_POLICY"] = "metadata.cards.number=never";
    for (int i = 0; i < 3; ++i) put(i, R"(,"metadata":{"cards":[{"number":"4111"}]})");
    auto const ended = once();
    BOOST_TEST(ended.state.code == 0);
    BOOST_TEST(count(ended.errors, "\"event\":\"policy_in_array\"") == 1U, ended.errors);
    BOOST_TEST(count(ended.errors, "\"arrays\":3") == 1U, ended.errors);
    BOOST_TEST(count(ended.errors, "odd_values") == 0U, ended.errors);
}

BOOST_AUTO_TEST_CASE(a_token_of_another_organisation_is_noticed_once) {
    environment["TRAITSYNC_LOG_FORMAT"] = "json";
    put(1, R"(,"org_id":"177:3")");
    auto ended = once();
    BOOST_TEST(count(ended.errors, "organisation_changed") == 0U, ended.errors);
    BOOST_TEST(number("SELECT count(*) FROM meta WHERE value LIKE '%177:3%'") == 0);
    put(1, R"(,"org_id":"178:4")");
    ended = once();
    BOOST_TEST(count(ended.errors, "\"event\":\"organisation_changed\"") == 1U, ended.errors);
    ended = once();
    BOOST_TEST(count(ended.errors, "organisation_changed") == 0U, ended.errors);
    BOOST_TEST(number("SELECT count(*) FROM meta WHERE key = 'full_wanted'") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(while_profiles_change, test::operated)

BOOST_AUTO_TEST_CASE(an_incremental_pass_ends_although_they_change_faster_than_they_are_read) {
    constexpr int users = 20;
    put_users(users, "before");
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
    start();
    settle();
    int round = 0;
    auto const change_all = [&] {
        ++round;
        for (int i = 0; i < users; ++i) {
            clock = to_millis(system_clock().wall()) - 1;
            put(i, fmt::format(R"(,"name":"{}")", round));
        }
    };
    auto const ended = [&] { return number("SELECT count(*) FROM passes WHERE kind = 'incremental' AND ended > 0"); };
    auto const before = ended();
    eventually(
        "passes end",
        [&] {
            change_all();
            return ended() >= before + 3;
        },
        60s);
    for (int i = 0; i < users; ++i) {
        eventually("the last change arrives", [&] { return trait_of(i, "name") == fmt::format("\"{}\"", round); });
    }
}

BOOST_FIXTURE_TEST_CASE(an_incremental_pass_ends_although_all_their_times_are_ahead_of_this_machine, shifted_clock,
                        *boost::unit_test::precondition(test::preloads)) {
    shift(-3min);
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "100ms";
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "5";
    put_users(5, "before");
    start();
    settle();
    int round = 0;
    // One of them changes before each page is read: no page is empty.
    moesif.set_before_page([&](demo::page_event const&) {
        clock = std::max(clock, to_millis(system_clock().wall()));
        put(++round % 2, fmt::format(R"(,"name":"{}")", round));
    });
    auto const ended = [&] { return number("SELECT count(*) FROM passes WHERE kind = 'incremental' AND ended > 0"); };
    auto const before = ended();
    eventually("passes end", [&] { return ended() >= before + 3; });
    moesif.set_before_page({});
}

BOOST_AUTO_TEST_CASE(those_with_a_time_still_to_come_are_read_to_their_end) {
    constexpr int users = 300;
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "100ms";
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
    put(0, R"(,"name":"before")");
    start();
    settle();
    clock = to_millis(system_clock().wall()) + std::chrono::milliseconds{24h}.count();
    for (int i = 0; i < users; ++i) put(i, R"(,"name":"later")");
    eventually("the last one arrives", [&] { return trait_of(users - 1, "name") == "\"later\""; });
}

BOOST_AUTO_TEST_CASE(each_counts_the_users_and_companies_that_it_found_gone) {
    put_users(5, "x");
    for (auto const* id : {"acme", "other"}) {
        moesif.put_company(id, fmt::format(R"({{"company_id":"{}","metadata":{{"tier":"a"}}}})", id), ++clock);
    }
    start();
    settle();
    auto const counts = [&] {
        std::vector<std::int64_t> newest_first;
        auto const runs = get("/v1/runs");
        for (auto const& run : runs.at("items").as_array()) newest_first.push_back(number_at(run, "gone"));
        return newest_first;
    };
    BOOST_TEST(counts() == (std::vector<std::int64_t>{0}), boost::test_tools::per_element());
    moesif.remove_user(user_key(2));
    moesif.remove_user(user_key(3));
    moesif.remove_company("acme");
    pull("full");
    eventually("all three are asked for", [&] { return number("SELECT count(*) FROM missing") == 0; });
    BOOST_TEST(counts() == (std::vector<std::int64_t>{3, 0}), boost::test_tools::per_element());
    pull("full");
    BOOST_TEST(counts() == (std::vector<std::int64_t>{0, 3, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(an_operator_who_watches_a_pass, operated)

// What is read of the store tells the end before the service has heard of it: the numbers must be there already. The
// gap is small, so many passes are asked.
BOOST_AUTO_TEST_CASE(sees_what_it_queued_in_the_status_as_soon_as_it_has_ended) {
    put(0, R"(,"email":"a@example.com")");
    start();
    settle();
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    for (int i = 1; i <= 100; ++i) {
        put(i, R"(,"email":"a@example.com")");
        auto const id = number_at(post("/v1/pull", R"({"kind":"incremental"})", 202), "id");
        eventually("end of the pass", [&] {
            auto const newest = get("/v1/runs?limit=1").at("items").at(0);
            return number_at(newest, "id") == id && !newest.at("ended").is_null();
        });
        BOOST_REQUIRE(queue("waiting") == i);
    }
}

BOOST_AUTO_TEST_SUITE_END()
