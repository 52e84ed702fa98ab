// How fast, how long and in which form Segment is sent to.

#include <mutex>

#include "operator.hpp"
#include "shifted_clock.hpp"
#include "support/scripted_server.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using test::operated;
using test::scripted_answer;
using test::text_at;
}  // namespace

BOOST_FIXTURE_TEST_SUITE(pace, operated)

BOOST_AUTO_TEST_CASE(the_rate_limit_is_never_exceeded) {
    constexpr int rate = 100;
    constexpr std::size_t users = 350;
    environment["TRAITSYNC_SEGMENT_RATE_LIMIT"] = std::to_string(rate);
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "10";
    put_users(users, "x");
    std::vector<std::pair<steady::time_point, std::size_t>> seen;  // messages there at that moment
    start();
    for (std::size_t count = 0; count < users;) {
        BOOST_REQUIRE(segment.wait_for(20s, [&](demo::segment_counts const& c) { return c.messages > count; }));
        count = segment.counts().messages;
        seen.emplace_back(steady::now(), count);
    }
    // Of the bucket's full depth (a second's worth) at the start, then at the rate. Seeing an arrival late only makes
    // the bound looser for those that follow; the first one may be late by what a loaded machine takes: one batch.
    for (auto const& [at, count] : seen) {
        auto const seconds = std::chrono::duration<double>(at - seen.front().first).count();
        BOOST_TEST(static_cast<double>(count) <= rate + rate * (seconds + 0.3) + 10);
    }
    BOOST_TEST((seen.back().first - seen.front().first >= 2s));
}

BOOST_AUTO_TEST_CASE(a_message_given_up_is_a_dead_letter_that_says_so) {
    put_users(3, "x");
    demo::segment_faults down;
    down.always_status = 503;
    segment.set_faults(down);
    environment["TRAITSYNC_SEGMENT_GIVE_UP_AFTER"] = "1s";
    start();
    eventually("given up", [&] { return queue("dead") == 3; });
    auto const letters = get("/v1/dead-letters");
    for (auto const& letter : letters.at("items").as_array()) {
        BOOST_TEST(text_at(letter, "reason") == "gave_up");
        BOOST_TEST(text_at(letter, "answer").find("503") != std::string::npos, text_at(letter, "answer"));
    }
    segment.set_faults({});
    post("/v1/dead-letters/retry", R"({"reason":"gave_up"})", 200);
    // Asked one after the other: in the order of a message's way, or one that moves on between is not seen.
    eventually("retried", [&] { return queue("dead") == 0 && queue("waiting") == 0 && queue("offered") == 0; });
    for (int i = 0; i < 3; ++i) BOOST_TEST(trait_of(i, "metadata") == R"({"plan":"x"})");
}

BOOST_AUTO_TEST_CASE(retry_after_of_segment_is_obeyed_and_the_same_bytes_go_again) {
    put_users(1, "x");
    test::scripted_server sink;
    std::mutex lock;
    std::vector<steady::time_point> asked_at;
    sink.answer_with([&](test::seen_request const&) -> scripted_answer {
        std::lock_guard const held{lock};
        asked_at.push_back(steady::now());
        if (asked_at.size() > 1) return {.body = R"({"success":true})"};
        return {.status = 429, .headers = {{"Retry-After", "2"}}};
    });
    environment["TRAITSYNC_SEGMENT_URL"] = sink.url("/v1");  // the /v1 is dropped
    environment["TRAITSYNC_SEGMENT_GZIP"] = "true";
    start();
    settle();
    auto const requests = sink.requests();
    BOOST_REQUIRE(requests.size() == 2U);
    BOOST_TEST((asked_at[1] - asked_at[0] >= 1990ms));
    BOOST_TEST(requests[0].target == "/v1/batch");
    BOOST_TEST(requests[0].header("Content-Encoding") == "gzip");
    auto const message = [](test::seen_request const& r) {
        auto const body = test::gunzipped(r.body);
        auto const from = body.find("{\"type\"");
        return body.substr(from, body.find("]", from) - from);
    };
    BOOST_TEST(message(requests[0]) == message(requests[1]));
    BOOST_TEST(requests[1].header("X-Retry-Count") == "1");
}

BOOST_AUTO_TEST_CASE(an_answer_that_repeats_our_credentials_is_kept_and_shown_without_them) {
    put_users(2, "x");
    test::scripted_server sink;
    std::string credentials;
    sink.answer_with([&](test::seen_request const& r) -> scripted_answer {
        auto const sent = r.header("Authorization");
        return {.status = r.body.find("user00000") == std::string::npos ? 200 : 400,
                .body = "refused: Authorization: " + sent + " key=" + write_key + " " + sent.substr(6, 20)};
    });
    environment["TRAITSYNC_SEGMENT_URL"] = sink.url();
    environment["TRAITSYNC_LOG_LEVEL"] = "debug";
    start();
    eventually("a dead letter", [&] { return queue("dead") == 1; });
    auto const encoded = sink.requests().front().header("Authorization").substr(6);
    auto const shown = api->get("/v1/dead-letters").body + api->get("/v1/status").body + api->get("/v1/messages").body;
    BOOST_TEST(shown.find("Authorization: Basic ***") != std::string::npos, shown);
    auto const written = service->errors() + service->output();
    for (auto const& text : {shown, written}) {
        BOOST_TEST(text.find(encoded) == std::string::npos);
        BOOST_TEST(text.find(write_key) == std::string::npos);
    }
    stop();
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE answer LIKE '%" + encoded + "%'") == 0);
}

BOOST_AUTO_TEST_CASE(an_outage_in_which_segment_hangs_keeps_two_messages_a_user_and_then_brings_all_in_order) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    environment["TRAITSYNC_SEGMENT_TIMEOUT"] = "1s";
    put_users(20, "v0");
    start();
    settle();
    demo::segment_faults hanging;
    hanging.hang = 1;
    hanging.hang_for = 2s;
    segment.set_faults(hanging);
    for (int round = 1; round <= 4; ++round) {
        put_users(20, "v" + std::to_string(round));
        auto const seen = moesif.counts().user_searches;
        BOOST_REQUIRE(moesif.wait_for(20s, [&](demo::moesif_counts const& c) { return c.user_searches > seen + 3; }));
        BOOST_TEST(queue("waiting") + queue("offered") <= 40);
    }
    BOOST_TEST(text_at(get("/v1/status"), "state") == "degraded");
    segment.set_faults({});
    auto const all = [&] { return queue("waiting") == 0 && queue("offered") == 0; };
    eventually("all delivered", all, 70s);
    for (int i = 0; i < 20; ++i) {
        BOOST_TEST(trait_of(i, "metadata") == R"({"plan":"v4"})");
        BOOST_TEST(segment.messages_of(user_key(i)).size() <= 3U);
    }
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct budgeted : test::shifted_clock {
    static constexpr std::int64_t budget = 240;
    budgeted() { environment["TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE"] = std::to_string(budget); }
    std::int64_t left() const { return test::number_at(get("/v1/status").at("moesif"), "requests_left_this_minute"); }
    std::int64_t asked() const { return static_cast<std::int64_t>(moesif.counts().exchanges()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(requests_left, budgeted, *boost::unit_test::precondition(test::preloads))

BOOST_AUTO_TEST_CASE(what_is_left_of_the_budget_is_shown_at_once_and_grows_again_by_itself) {
    put_users(3, "x");
    start();
    settle();
    BOOST_TEST(asked() > 2);
    BOOST_TEST(left() == budget - asked());
    BOOST_TEST(test::has(api->get("/metrics").body, fmt::format("\ntraitsync_moesif_requests_left {}\n", left())));
    post("/v1/pause", R"({"scope":"pull"})", 200);
    stop();
    // What was asked is nearly a minute ago; and nothing more is asked.
    auto const before = asked();
    shift(50s);
    start();
    eventually("recalled", [&] { return left() == budget - before; });
    eventually("given back", [&] { return left() == budget; });
    BOOST_TEST(asked() == before);
}

BOOST_AUTO_TEST_SUITE_END()
