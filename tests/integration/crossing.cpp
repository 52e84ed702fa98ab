// What an operator asks for while something else is under way: neither disturbs the other.

#include <boost/json/serialize.hpp>

#include "operator.hpp"

namespace {
using namespace traitsync;
using test::number_at;
using test::operated;
using test::text_at;

struct crossing : operated {
    // A pass of changes that the brake holds.
    std::int64_t close_brake(int first, int last, std::string const& plan) {
        for (int i = first; i < last; ++i) put(i, fmt::format(R"(,"metadata":{{"plan":"{}"}})", plan));
        pull();
        eventually("held", [&] { return queue("held") == last - first; });
        return newest_run();
    }
    std::int64_t newest_run() const { return number_at(get("/v1/runs").at("items").at(0), "id"); }
    std::string replay(std::string const& selector) const {
        return "/v1/replays/" + text_at(post("/v1/replays", selector, 202), "id");
    }
    std::string state_of(std::string const& replay) const { return text_at(get(replay), "state"); }
    // While delivery is paused.
    std::string replay_of_six_of_whom_two_are_gone() {
        put_users(6, "x");
        start();
        settle();
        post("/v1/pause", R"({"scope":"deliver"})", 200);
        auto all = replay(R"({"all":true})");
        eventually("the replay waits", [&] { return queue("waiting") == 6; });
        for (int i = 0; i < 2; ++i) moesif.remove_user(user_key(i));
        pull("full");
        eventually("gone", [&] { return number_at(get(all), "done") == 2; });
        return all;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_crosses, crossing)

BOOST_AUTO_TEST_CASE(dead_letters_that_die_again_are_retried_once) {
    constexpr int people = 450;  // more than are settled at a time, twice
    auto const large = std::string(33'000, 'x');
    for (int i = 0; i < people; ++i) put(i, R"(,"metadata":{"a":")" + large + "\"}");
    start();
    settle();
    eventually("dead", [&] { return queue("dead") == people; });
    BOOST_TEST(number_at(post("/v1/dead-letters/retry", R"({"reason":"too_large"})", 200), "count") == people);
    eventually("dead again", [&] { return queue("dead") == people && queue("waiting") == 0; });
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 5") == people);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_replay_that_waits_for_the_brake_keeps_no_other_from_going) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "5";
    put_users(30, "x");
    start();
    settle();
    close_brake(10, 30, "held");
    auto const waits = replay(R"({"user_ids":["user00010"]})");
    auto const goes = replay(R"({"user_ids":["user00001"]})");
    eventually("the second replay's end", [&] { return state_of(goes) == "done"; });
    BOOST_TEST(segment.messages_of("user00001").size() == 2U);
    BOOST_TEST(state_of(waits) == "running");
    restart();
    auto const later = replay(R"({"user_ids":["user00002","user00010"]})");
    eventually("what is not held", [&] { return segment.messages_of("user00002").size() == 2U; });
    post("/v1/brake/release", "", 200);
    eventually("all ends", [&] { return state_of(waits) == "done" && state_of(later) == "done"; });
    BOOST_TEST(segment.messages_of("user00010").size() == 2U, "both in one message");
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(what_waits_is_none_of_a_pass_that_changes_nothing_of_it) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "5";
    environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "10";
    put_users(30, "x");
    start();
    settle();
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    auto const all = replay(R"({"all":true})");
    eventually("the replay waits", [&] { return queue("waiting") == 30; });
    // A field that is no trait, and a riding one.
    for (int i = 0; i < 30; ++i) {
        put(i,
            fmt::format(R"(,"email":"u{0}@example.com","metadata":{{"plan":"x"}},"tags":["t"],"last_seen_time":"{1}")",
                        i, to_rfc3339(from_millis(clock))));
    }
    pull();
    BOOST_TEST(queue("held") == 0);
    auto const run = get("/v1/runs").at("items").at(0);
    BOOST_TEST(number_at(run, "changed") == 30);
    BOOST_TEST(number_at(run, "queued") == 0, "nothing is queued that was not before");
    // What it does change is its own, the replay's claims on it or not.
    close_brake(0, 30, "y");
    post("/v1/brake/release", "", 200);
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    eventually("the replay's end", [&] { return state_of(all) == "done"; });
    for (int i = 0; i < 30; ++i) BOOST_TEST(segment.messages_of(user_key(i)).size() == 2U);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_replay_counts_profiles_that_went_away_as_done) {
    auto const all = replay_of_six_of_whom_two_are_gone();
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    eventually("the end", [&] { return state_of(all) == "done"; });
    auto const ended = get(all);
    BOOST_TEST(number_at(ended, "messages") == 6);
    BOOST_TEST(number_at(ended, "done") == 6);
    BOOST_TEST(segment.messages_of(user_key(0)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_replay_that_is_cancelled_keeps_what_was_done_of_it) {
    auto const all = replay_of_six_of_whom_two_are_gone();
    BOOST_TEST(number_at(post(all + "/cancel", "", 200), "done") == 2);
    BOOST_TEST(number_at(get(all), "done") == 2);
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    eventually("nothing waits", [&] { return queue("waiting") == 0; });
    BOOST_TEST(number_at(get(all), "done") == 2);
}

BOOST_AUTO_TEST_CASE(a_replay_that_what_is_held_stops_does_not_keep_run_once_from_its_end) {
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "1";
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "1";
    put_users(100, "x");
    start();
    settle();
    put_users(100, "y");
    pull("full");
    eventually("the brake", [&] { return queue("held") >= 99; });
    auto const all = replay(R"({"all":true})");
    eventually("as many of them are claimed as may be",
               [&] { return number("SELECT count(*) FROM marks WHERE replay_no > 0") >= 40; });
    stop();
    auto const ended = once({"--max-wait", "90s"});
    BOOST_TEST(ended.state.code == 1);
    BOOST_TEST(ended.errors.find("are held by the brake") != std::string::npos, ended.errors);
    BOOST_TEST(ended.errors.find("--max-wait") == std::string::npos, ended.errors);
    start();
    BOOST_TEST(state_of(all) == "running");
    post("/v1/brake/release", "", 200);
    eventually("its end", [&] { return state_of(all) == "done"; });
    BOOST_TEST(number_at(get(all), "done") == 100);
}

BOOST_AUTO_TEST_CASE(a_preview_s_traits_go_and_no_others) {
    put(1, R"(,"email":"a@example.com","name":"A")");
    start();
    settle();
    auto const preview = post("/v1/replays", R"({"all":true,"traits":["email"],"dry_run":true})", 200);
    auto const with_token = [&](std::string const& rest) {
        return "{" + rest + R"("preview_token":")" + text_at(preview, "preview_token") + "\"}";
    };
    post("/v1/replays", with_token(R"("traits":["name"],)"), 422);
    post("/v1/replays", with_token(R"("all":true,"traits":["email","name"],)"), 422);
    for (auto const* rest : {R"("all":true,)", "", R"("traits":["email"],)"}) {
        auto const before = segment.messages_of(user_key(1)).size();
        auto const started = post("/v1/replays", with_token(rest), 202);
        BOOST_TEST(boost::json::serialize(started.at("selector")) == R"({"all":true,"traits":["email"]})");
        eventually("its end", [&] { return state_of("/v1/replays/" + text_at(started, "id")) == "done"; });
        auto const sent = segment.messages_of(user_key(1));
        BOOST_REQUIRE(sent.size() == before + 1);
        auto const traits = boost::json::parse(sent.back().body).at("traits").as_object();
        BOOST_TEST((traits.size() == 1 && traits.contains("email")));
    }
}

BOOST_AUTO_TEST_CASE(a_null_that_died_with_its_message_is_sent_again) {
    environment["TRAITSYNC_TRAITS_NESTED_NULLS"] = "true";
    for (int i = 1; i <= 2; ++i) put(i, R"(,"metadata":{"plan":"x","n":1})");
    start();
    settle();
    segment.set_refuse(
        [](std::string_view, std::string_view body) { return body.find(R"("n":2)") != std::string_view::npos; });
    for (int i = 1; i <= 2; ++i) put(i, R"(,"metadata":{"n":2})");
    pull();
    eventually("dead", [&] { return queue("dead") == 2; });
    // One is changed again, the other sent again.
    put(1, R"(,"metadata":{"n":3})");
    pull();
    eventually("changed", [&] { return trait_of(1, "metadata").find(R"("n":3)") != std::string::npos; });
    segment.set_refuse({});
    post("/v1/dead-letters/retry", R"({"all":true})", 200);
    eventually("retried", [&] { return trait_of(2, "metadata").find(R"("n":2)") != std::string::npos; });
    for (int i = 1; i <= 2; ++i) {
        BOOST_TEST(trait_of(i, "metadata").find(R"("plan":null)") != std::string::npos, trait_of(i, "metadata"));
    }
    // Once Segment has taken it, it does not come again.
    put(1, R"(,"metadata":{"n":4})");
    pull();
    eventually("changed", [&] { return trait_of(1, "metadata").find(R"("n":4)") != std::string::npos; });
    BOOST_TEST(segment.messages_of(user_key(1)).back().body.find("plan") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_brake_tells_of_the_pass_that_closed_it) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "5";
    put_users(30, "x");
    start();
    settle();
    auto const closed = close_brake(10, 30, "held");
    put(10, R"(,"metadata":{"plan":"changed again"})");
    pull();
    BOOST_REQUIRE(newest_run() != closed);
    auto const brake = get("/v1/brake");
    BOOST_TEST(number_at(brake, "held") == 20);
    BOOST_TEST(number_at(brake.at("run"), "id") == closed);
}

BOOST_AUTO_TEST_SUITE_END()
