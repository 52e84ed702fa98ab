// What an operator asks for is done, and holds after a restart.

#include <boost/json/serialize.hpp>

#include "operator.hpp"

namespace {
using namespace traitsync;
using test::number_at;
using test::operated;
using test::text_at;
}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_an_operator_does, operated)

BOOST_AUTO_TEST_CASE(a_dead_letter_shows_its_answer_and_is_retried_or_discarded) {
    put_users(3, "x");
    segment.set_refuse(
        [](std::string_view user, std::string_view) { return user == "user00001" || user == "user00002"; });
    start();
    eventually("two dead letters", [&] { return queue("dead") == 2; });
    BOOST_TEST(text_at(get("/v1/status"), "state") == "degraded");
    auto const letters = get("/v1/dead-letters");
    auto const& items = letters.at("items").as_array();
    BOOST_REQUIRE(items.size() == 2U);
    BOOST_TEST(text_at(items[0], "reason") == "refused");
    BOOST_TEST(text_at(items[0], "answer").starts_with("400"));
    auto e = explain(1, "email");
    BOOST_TEST(text_at(e, "state") == "dead");
    BOOST_TEST(text_at(e, "reason").find("400") != std::string::npos);
    BOOST_TEST(e.at("segment_value").is_null());
    auto const since = [&] { return text_at(get("/v1/status").at("reasons").at(0), "since"); };
    BOOST_TEST(since() == text_at(items[0], "settled_at"));
    restart();
    BOOST_TEST(since() == text_at(items[0], "settled_at"), "a restart is no news");
    segment.set_refuse({});
    BOOST_TEST(number_at(post("/v1/dead-letters/retry",
                              "{\"message_ids\":[\"" + text_at(items[0], "message_id") + "\"]}", 200),
                         "count") == 1);
    eventually("one left", [&] { return queue("dead") == 1 && queue("waiting") == 0 && queue("offered") == 0; });
    BOOST_TEST(text_at(get("/v1/messages/" + text_at(items[0], "message_id")), "state") == "retried");
    for (auto const* nothing :
         {R"({"all":null})", R"({"reason":null})", R"({"message_ids":null})", R"({"all":false})"}) {
        post("/v1/dead-letters/discard", nothing, 422);
        post("/v1/dead-letters/retry", nothing, 422);
    }
    BOOST_TEST(queue("dead") == 1, "what names none of them settles none");
    BOOST_TEST(number_at(post("/v1/dead-letters/discard", R"({"all":true})", 200), "count") == 1);
    eventually("none left", [&] { return queue("dead") == 0; });
    auto const sent = segment.counts().distinct_messages;
    pull("full");
    BOOST_TEST(segment.counts().distinct_messages == sent, "a discarded value is not sent again");
    auto const discarded = segment.messages_of("user00001").size() == 1 ? 1 : 2;
    BOOST_TEST(state_of_trait(discarded, "email") == "discarded");
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(what_is_rare_among_many_messages_is_found_by_pages_that_end_before_all_were_looked_at) {
    put_users(2, "x");
    start();
    settle();
    {
        SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READWRITE, 5000};
        // Sixty thousand were refused, and behind them one was too large.
        db.exec(
            "WITH RECURSIVE up(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM up WHERE i < 60001) INSERT INTO "
            "messages SELECT 1000 + i, CAST(printf('%016d', i) AS BLOB), user_no, 3, 0, traits, due, remaining, 0, "
            "created, timestamp, first_offered, settled, pass, 1, 0, 1 + (i > 60000), '400', 0 FROM messages JOIN "
            "up WHERE no = (SELECT min(no) FROM messages)");
    }
    struct {
        char const* list;
        std::size_t found;
    } const lists[]{{"/v1/dead-letters?reason=too_large", 1}, {"/v1/messages?state=acknowledged", 2}};
    for (auto const& [list, found] : lists) {
        auto const first = get(list);
        BOOST_TEST(first.at("items").as_array().empty(), list);
        BOOST_REQUIRE(!first.at("next_cursor").is_null());
        auto const second = get(list + ("&cursor=" + text_at(first, "next_cursor")));
        BOOST_TEST(second.at("items").as_array().size() == found, list);
        BOOST_TEST(second.at("next_cursor").is_null(), list);
    }
}

BOOST_AUTO_TEST_CASE(pausing_survives_a_restart_and_a_pass_cannot_be_asked_for_meanwhile) {
    put_users(3, "x");
    start();
    settle();
    post("/v1/pause", R"({"scope":"all"})", 200);
    auto const reasons = get("/v1/status").at("reasons");
    BOOST_REQUIRE(reasons.as_array().size() == 2U);
    restart();
    auto status = get("/v1/status");
    BOOST_TEST(status.at("reasons") == reasons, "since the operator paused, not since the restart");
    BOOST_TEST(text_at(status, "state") == "paused");
    BOOST_TEST(text_at(status.at("moesif"), "state") == "paused");
    BOOST_TEST(text_at(status.at("segment"), "state") == "paused");
    post("/v1/pull", "", 409);
    BOOST_TEST(api->get("/readyz").status == 200);
    put(1, R"(,"email":"new@example.com")");
    post("/v1/resume", R"({"scope":"pull"})", 200);
    pull();
    BOOST_TEST(queue("waiting") == 1);
    post("/v1/resume", "", 200);
    eventually("delivered", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    BOOST_TEST(trait_of(1, "email") == R"("new@example.com")");
}

BOOST_AUTO_TEST_CASE(a_stop_tells_when_it_was_asked_for) {
    put_users(3, "x");
    start();
    settle();
    demo::segment_faults slow;
    slow.hang = 1;
    slow.hang_for = std::chrono::seconds{60};
    segment.set_faults(slow);
    put(1, R"(,"email":"new@example.com")");
    pull();
    eventually("offered", [&] { return queue("offered") == 1; });
    auto const before = to_rfc3339(system_clock().wall());
    service->signal(SIGTERM);
    eventually("stopping", [&] { return text_at(get("/v1/status"), "state") == "stopping"; });
    auto const reason = get("/v1/status").at("reasons").at(0);
    BOOST_TEST(text_at(reason, "code") == "stopping");
    BOOST_TEST(text_at(reason, "since") >= before);
    BOOST_TEST(api->get("/readyz").status == 503);
    service->kill();
}

BOOST_AUTO_TEST_CASE(a_single_run_over_a_paused_store_says_what_it_waits_for) {
    put_users(3, "x");
    start();
    settle();
    for (auto const* scope : {"pull", "deliver"}) {
        post("/v1/resume", "", 200);
        post("/v1/pause", fmt::format(R"({{"scope":"{}"}})", scope), 200);
        stop();
        put(1, fmt::format(R"(,"email":"{}@example.com")", scope));
        auto const ended = once({"--max-wait", "1s"});
        BOOST_TEST(ended.state.code == 1);
        BOOST_TEST(ended.errors.find("paused by the operator: \"traitsync resume\"") != std::string::npos,
                   ended.errors);
        start();
    }
}

BOOST_AUTO_TEST_CASE(one_pass_waits_behind_the_running_one_and_a_full_one_wins) {
    put_users(50, "x");
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
    moesif.listen(false);
    start();
    eventually("a running pass", [&] { return get("/v1/runs").at("items").as_array().size() == 1U; });
    auto const first = post("/v1/pull", R"({"kind":"incremental"})", 202);
    BOOST_TEST(text_at(first, "state") == "queued");
    auto const second = post("/v1/pull", R"({"kind":"full"})", 202);
    BOOST_TEST(number_at(first, "id") == number_at(second, "id"));
    BOOST_TEST(text_at(second, "kind") == "full");
    auto const third = post("/v1/pull", R"({"kind":"incremental"})", 202);
    BOOST_TEST(text_at(third, "kind") == "full");
    moesif.listen(true);
    eventually("both passes", [&] {
        auto const list = get("/v1/runs");
        auto const& runs = list.at("items").as_array();
        return runs.size() == 2U && text_at(runs[0], "state") == "done" && text_at(runs[1], "state") == "done";
    });
    BOOST_TEST(segment.counts().unchanged_messages == 0U);
}

BOOST_AUTO_TEST_CASE(the_brake_shows_what_it_holds_and_releases_it) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "10";
    put_users(60, "x");
    start();
    settle();
    // Not in the order in which they came to be known.
    for (int i = 60; i-- > 0;) put(i, fmt::format(R"(,"email":"u{}@example.com","metadata":{{"plan":"y"}})", i));
    pull();
    eventually("held", [&] { return queue("held") > 0 && queue("waiting") == 0; });
    auto const brake = get("/v1/brake");
    BOOST_TEST(text_at(brake, "state") == "closed");
    BOOST_TEST(number_at(brake, "held") == queue("held"));
    BOOST_TEST(text_at(brake.at("traits").at(0), "trait") == "metadata");
    BOOST_TEST(brake.at("samples").as_array().size() == 20U);
    BOOST_TEST(text_at(get("/v1/status"), "state") == "degraded");
    BOOST_TEST(get("/v1/profiles?state=held&limit=500").at("items").as_array().size() ==
               static_cast<std::size_t>(queue("held")));
    auto const since = [&] { return text_at(get("/v1/status").at("reasons").at(0), "since"); };
    auto const before = since();
    BOOST_TEST(before == to_rfc3339(from_millis(number("SELECT min(created) FROM messages WHERE state = 4"))));
    restart();
    BOOST_TEST(since() == before, "a restart is no news");
    auto const held = queue("held");
    BOOST_TEST(state_of_trait(0, "metadata") == "held");
    BOOST_TEST(number_at(post("/v1/brake/release", "", 200), "count") == held);
    eventually("all delivered", [&] { return queue("held") == 0 && queue("waiting") == 0 && queue("offered") == 0; });
    for (int i = 0; i < 60; ++i) BOOST_TEST(trait_of(i, "metadata") == R"({"plan":"y"})");
    BOOST_TEST(text_at(get("/v1/brake"), "state") == "open");
}

BOOST_AUTO_TEST_CASE(discarded_held_messages_are_not_sent_until_the_value_changes) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "10";
    put_users(60, "x");
    start();
    settle();
    put_users(60, "y");
    pull();
    eventually("held", [&] { return queue("held") > 0 && queue("waiting") == 0 && queue("offered") == 0; });
    auto const held = queue("held");
    auto const sent = segment.counts().distinct_messages;
    BOOST_TEST(number_at(post("/v1/brake/discard", "{}", 200), "count") == held);
    pull("full");
    eventually("nothing waits", [&] { return queue("waiting") == 0; });
    BOOST_TEST(segment.counts().distinct_messages == sent);
    int discarded = -1;
    for (int i = 0; i < 60 && discarded < 0; ++i) {
        if (state_of_trait(i, "metadata") == "discarded") discarded = i;
    }
    BOOST_REQUIRE(discarded >= 0);
    auto const message = get("/v1/messages/" + text_at(explain(discarded, "metadata"), "message_id"));
    BOOST_TEST(message.at("body").is_null());
    BOOST_TEST(message.at("first_offered_at").is_null());
    BOOST_TEST(!message.at("frozen").as_bool(), "it was never offered");
    put(discarded, R"(,"email":"u@example.com","metadata":{"plan":"z"})");
    pull();
    eventually("sent", [&] { return trait_of(discarded, "metadata") == R"({"plan":"z"})"; });
}

BOOST_AUTO_TEST_CASE(another_write_key_blocks_until_the_operator_decides) {
    put_users(5, "x");
    start();
    settle();
    stop();
    environment["TRAITSYNC_SEGMENT_WRITE_KEY"] = "anotherkey0anotherkey0anotherkey";
    start();
    // From the first answer on: a decision that is sent at once is none too early.
    BOOST_TEST(text_at(get("/v1/status"), "state") == "blocked");
    BOOST_TEST(api->get("/readyz").status == 503);
    post("/v1/destination", R"({"action":"resent"})", 422);
    post("/v1/destination", R"({"action":"resend"})", 200);
    eventually("sent again", [&] { return segment.counts().distinct_messages == 10U; });
    eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
    post("/v1/destination", R"({"action":"keep"})", 409);
}

BOOST_AUTO_TEST_CASE(a_resend_that_was_cut_short_and_called_off_leaves_nobody_out_of_a_later_one) {
    auto const with_key = [&](char const* key) {
        if (service) stop();
        environment["TRAITSYNC_SEGMENT_WRITE_KEY"] = key;
    };
    auto const was_cut_short = [&] {
        SQLite::Database{(folder / "store.db").string(), SQLite::OPEN_READWRITE}.exec(
            "INSERT INTO meta VALUES ('resend_after', 3)");
    };
    put_users(5, "x");
    start();
    settle();
    with_key("anotherkey0anotherkey0anotherkey");
    was_cut_short();
    start();
    post("/v1/destination", R"({"action":"keep"})", 200);
    with_key("thirdkey00thirdkey00thirdkey0000");
    BOOST_TEST(number("SELECT count(*) FROM meta WHERE key = 'resend_after'") == 0);
    was_cut_short();
    with_key("anotherkey0anotherkey0anotherkey");
    start();
    eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
    with_key("thirdkey00thirdkey00thirdkey0000");
    start();
    segment.forget();  // another source
    post("/v1/destination", R"({"action":"resend"})", 200);
    eventually("all of them", [&] { return segment.counts().distinct_messages == 5U; });
}

BOOST_AUTO_TEST_SUITE_END()
