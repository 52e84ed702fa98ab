// Sending again: the preview is true, each profile is sent once, ordinary changes go on.

#include <boost/json/serialize.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <csignal>

#include "operator.hpp"

namespace {
using namespace traitsync;
using boost::asio::ip::tcp;
using test::number_at;
using test::operated;
using test::text_at;

struct replayed : operated {
    boost::json::value done(boost::json::value const& started) const {
        auto const path = "/v1/replays/" + text_at(started, "id");
        eventually(
            "the replay's end", [&] { return text_at(get(path), "state") != "running"; }, std::chrono::seconds{60});
        return get(path);
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_is_sent_again, replayed)

BOOST_AUTO_TEST_CASE(a_replay_sends_exactly_what_its_preview_said) {
    put_users(120, "x");
    put(7, fmt::format(R"(,"email":"a@example.com","name":"{}","metadata":{{"big":"{}"}})", std::string(20'000, 'n'),
                       std::string(20'000, 'm')));
    start();
    settle();
    auto const before = segment.counts();
    auto const preview = post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
    BOOST_TEST(number_at(preview, "profiles") == 120);
    BOOST_TEST(number_at(preview, "messages") == 121, "one profile needs two messages");
    BOOST_REQUIRE(preview.at("sample").as_array().size() == 5U);
    BOOST_TEST(preview.at("sample").at(0).at("messageId").is_null());
    BOOST_TEST(segment.counts().distinct_messages == before.distinct_messages, "a preview sends nothing");
    auto const started =
        post("/v1/replays", R"({"all":true,"preview_token":")" + text_at(preview, "preview_token") + "\"}", 202);
    auto const end = done(started);
    BOOST_TEST(text_at(end, "state") == "done");
    BOOST_TEST(number_at(end, "done") == 121);
    BOOST_TEST(number_at(end, "messages") == 121);
    BOOST_TEST(segment.counts().distinct_messages - before.distinct_messages == 121U);
    auto const user = text_at(preview.at("sample").at(0), "userId");
    auto sent = boost::json::parse(segment.messages_of(user).back().body);
    sent.as_object()["messageId"] = nullptr;
    sent.as_object()["timestamp"] = nullptr;
    BOOST_TEST(sent == preview.at("sample").at(0));
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_replay_of_everything_begins_before_all_is_counted_and_ends_with_what_was_made) {
    put_users(4000, "x");
    put(3000, fmt::format(R"(,"email":"a@example.com","name":"{}","metadata":{{"big":"{}"}})", std::string(20'000, 'n'),
                          std::string(20'000, 'm')));
    put(3500, "");
    start();
    settle();
    moesif.remove_user(user_key(3600));
    pull("full");
    eventually("gone", [&] { return number_at(get("/v1/status").at("moesif"), "gone") == 1; });
    auto const before = segment.counts();
    auto const exact = post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
    BOOST_TEST(number_at(exact, "profiles") == 3999);
    BOOST_TEST(number_at(exact, "messages") == 4000, "one profile, of those behind, needs two messages");
    auto const started = post("/v1/replays", R"({"all":true})", 202);
    BOOST_TEST(number_at(started, "profiles") == 3999);
    BOOST_TEST(number_at(started, "messages") == 3999, "as those that were looked at");
    auto const reckoned = number_at(started, "bytes");
    BOOST_TEST(reckoned < number_at(exact, "bytes"));
    BOOST_TEST(reckoned > number_at(exact, "bytes") * 9 / 10);
    auto const end = done(started);
    BOOST_TEST(text_at(end, "state") == "done");
    BOOST_TEST(number_at(end, "done") == 4000);
    BOOST_TEST(number_at(end, "messages") == 4000);
    BOOST_TEST(segment.counts().distinct_messages - before.distinct_messages == 4000U);
    BOOST_TEST(segment.messages_of(user_key(3600)).size() == 1U, "who is gone is not reached");
    BOOST_TEST(segment.messages_of(user_key(3999)).size() == 2U);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(selectors_combine_and_traits_limit_what_is_sent) {
    put(1, R"(,"email":"a@example.com","name":"A","company_id":"acme")");
    put(2, R"(,"email":"b@example.com","name":"B","company_id":"acme")");
    put(3, R"(,"email":"c@example.com","name":"C")");
    start();
    settle();
    auto const count = [&](std::string const& body) { return number_at(post("/v1/replays", body, 200), "profiles"); };
    BOOST_TEST(count(R"({"company_id":"acme","dry_run":true})") == 2);
    BOOST_TEST(count(R"({"company_id":"acme","user_ids":["user00002","user00003","nobody"],"dry_run":true})") == 1);
    BOOST_TEST(count(R"({"modified_since":"2999-01-01T00:00:00Z","dry_run":true})") == 0);
    BOOST_TEST(count(R"({"acknowledged_between":["2020-01-01T00:00:00Z","2999-01-01T00:00:00Z"],"dry_run":true})") ==
               3);
    BOOST_TEST(count(R"({"acknowledged_between":["2020-01-01T00:00:00Z","2021-01-01T00:00:00Z"],"dry_run":true})") ==
               0);
    BOOST_TEST(count(R"({"all":true,"traits":["campaign"],"dry_run":true})") == 0);
    auto const started = post("/v1/replays", R"({"user_ids":["user00001"],"traits":["email"]})", 202);
    BOOST_TEST(number_at(done(started), "done") == 1);
    auto const last = boost::json::parse(segment.messages_of("user00001").back().body);
    BOOST_TEST(boost::json::serialize(last.at("traits")) == R"({"email":"a@example.com"})");
    post("/v1/replays", R"({"traits":["email"]})", 422);
    post("/v1/replays", R"({"all":true,"traits":["emial"]})", 422);
}

BOOST_AUTO_TEST_CASE(a_preview_whose_profiles_changed_is_refused_with_the_difference) {
    put_users(10, "x");
    start();
    settle();
    auto const preview = post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
    put(50, R"(,"email":"new@example.com")");
    moesif.remove_user(user_key(3));
    pull("full");
    eventually("gone", [&] { return number_at(get("/v1/status").at("moesif"), "gone") == 1; });
    auto const refused =
        post("/v1/replays", R"({"all":true,"preview_token":")" + text_at(preview, "preview_token") + "\"}", 409);
    BOOST_TEST(number_at(refused, "joined") == 1);
    BOOST_TEST(number_at(refused, "left") == 1);
    post("/v1/replays", R"({"all":true,"preview_token":"nonsense"})", 422);
}

BOOST_AUTO_TEST_CASE(traits_beside_a_preview_token_limit_what_is_sent) {
    put(1, R"(,"email":"a@example.com","name":"A","company_id":"acme")");
    put(2, R"(,"email":"b@example.com","name":"B","company_id":"acme")");
    put(3, R"(,"email":"c@example.com","name":"C")");
    start();
    settle();
    auto const preview = post("/v1/replays", R"({"company_id":"acme","dry_run":true})", 200);
    auto const token = text_at(preview, "preview_token");
    auto const started = post("/v1/replays", R"({"preview_token":")" + token + R"(","traits":["name"]})", 202);
    BOOST_TEST(boost::json::serialize(started.at("selector")) == R"({"company_id":"acme","traits":["name"]})");
    BOOST_TEST(number_at(done(started), "done") == 2);
    for (auto const* user : {"user00001", "user00002"}) {
        auto const last = boost::json::parse(segment.messages_of(user).back().body);
        BOOST_REQUIRE(last.at("traits").as_object().size() == 1U);
        BOOST_TEST(last.at("traits").as_object().contains("name"));
    }
    BOOST_TEST(segment.messages_of("user00003").size() == 1U);
}

BOOST_AUTO_TEST_CASE(more_than_four_at_a_time_are_not_counted_and_told_to_come_back) {
    put_users(1500, "x");
    start();
    settle();
    // All heads stand with the service before the last byte of any body: the counts begin at once.
    std::string const body = R"({"all":true,"dry_run":true})";
    auto const head = fmt::format(
        "POST /v1/replays HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        api->port(), admin_token, body.size());
    boost::asio::io_context loop;
    auto const round = [&] {
        std::vector<tcp::socket> clients;
        for (int i = 0; i < 16; ++i) {
            clients.emplace_back(loop).connect({boost::asio::ip::address_v4::loopback(), api->port()});
            boost::asio::write(clients.back(), boost::asio::buffer(head + body.substr(0, body.size() - 1)));
        }
        for (auto& c : clients) boost::asio::write(c, boost::asio::buffer(body.data() + body.size() - 1, 1));
        std::vector<std::string> answers;
        for (auto& c : clients) {
            boost::system::error_code closed;
            boost::asio::read(c, boost::asio::dynamic_buffer(answers.emplace_back()), closed);
        }
        return answers;
    };
    // A machine that halts between two writes lets some end before others begin.
    std::string refused;
    int counted = 0;
    eventually("one too many", [&] {
        for (auto const& answer : round()) {
            if (answer.starts_with("HTTP/1.1 200")) ++counted;
            if (answer.starts_with("HTTP/1.1 429")) refused = answer;
        }
        return !refused.empty();
    });
    BOOST_TEST(counted >= 4);
    BOOST_TEST(refused.find("\r\nRetry-After: 5\r\n") != std::string::npos, refused);
    BOOST_TEST(refused.find("\r\nContent-Type: application/problem+json\r\n") != std::string::npos);
    auto const problem = boost::json::parse(refused.substr(refused.find("\r\n\r\n") + 4));
    BOOST_TEST(text_at(problem, "type") == "urn:traitsync:problem:too_many");
    BOOST_TEST(number_at(problem, "status") == 429);
    // Whoever comes back is served, and a replay itself is counted in the same way.
    BOOST_TEST(number_at(post("/v1/replays", body, 200), "profiles") == 1500);
    BOOST_TEST(text_at(done(post("/v1/replays", R"({"user_ids":["user00001"]})", 202)), "state") == "done");
}

BOOST_AUTO_TEST_CASE(a_repeated_request_with_an_idempotency_key_starts_one_replay_after_a_restart_too) {
    put_users(10, "x");
    start();
    settle();
    auto const first = api->post("/v1/replays", R"({"all":true})", {{"Idempotency-Key", "k-1"}});
    BOOST_TEST(first.status == 202);
    done(first.json());
    restart();
    auto const again = api->post("/v1/replays", R"({"all":true})", {{"Idempotency-Key", "k-1"}});
    BOOST_TEST(again.status == 202);
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.headers.at("location") == first.headers.at("location"));
    BOOST_TEST(again.headers.at("idempotency-replayed") == "true");
    BOOST_TEST(get("/v1/replays").at("items").as_array().size() == 1U);
    BOOST_TEST(api->post("/v1/replays", R"({"user_ids":["user00001"]})", {{"Idempotency-Key", "k-1"}}).status == 422);
    BOOST_TEST(segment.counts().distinct_messages == 20U);
}

BOOST_AUTO_TEST_CASE(a_replay_that_is_killed_again_and_again_sends_each_profile_once) {
    put_users(3000, "x");
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "20";
    environment["TRAITSYNC_SEGMENT_CONCURRENCY"] = "2";
    start();
    settle();
    auto const started = post("/v1/replays", R"({"all":true})", 202);
    auto const base = segment.counts().distinct_messages;
    for (std::size_t i = 1; i <= 8; ++i) {
        segment.wait_for(std::chrono::seconds{20},
                         [&](auto const& c) { return c.distinct_messages >= base + i * 250; });
        service->kill();
        start();
    }
    BOOST_TEST(number_at(done(started), "done") == 3000);
    BOOST_TEST(segment.counts().distinct_messages == base + 3000);
    for (int i = 0; i < 3000; i += 7) BOOST_TEST(segment.messages_of(user_key(i)).size() == 2U);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_cancelled_replay_stops_and_an_ordinary_change_does_not_wait_for_it) {
    put_users(2000, "x");
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "10";
    start();
    settle();
    stop();
    environment["TRAITSYNC_SEGMENT_RATE_LIMIT"] = "100";
    start();
    auto const base = segment.counts().distinct_messages;
    auto const started = post("/v1/replays", R"({"all":true})", 202);
    eventually("some sent", [&] { return segment.counts().distinct_messages > base; });
    put(1999, R"(,"email":"urgent@example.com")");
    pull();
    auto const from = segment.counts().distinct_messages;
    eventually("the change", [&] { return trait_of(1999, "email") == R"("urgent@example.com")"; });
    BOOST_TEST(segment.counts().distinct_messages - from < 100U, "an ordinary change waits for a few batches at most");
    auto const cancelled = post("/v1/replays/" + text_at(started, "id") + "/cancel", "", 200);
    BOOST_TEST(text_at(cancelled, "state") == "cancelled");
    eventually("nothing waits", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    auto const sent = segment.counts().distinct_messages;
    BOOST_TEST(sent - base < 1000U);
    post("/v1/replays/" + text_at(started, "id") + "/cancel", "", 409);
    BOOST_TEST(api->post("/v1/replays/99/cancel").status == 404);
}

BOOST_AUTO_TEST_CASE(what_a_cancelled_replay_asked_for_does_not_leave_after_the_answer) {
    put_users(2000, "pro");
    start();
    settle();
    auto const before = segment.counts().messages;
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    auto const id = text_at(post("/v1/replays", R"({"all":true})", 202), "id");
    eventually("claimed", [&] { return queue("waiting") == 1000; });
    post("/v1/replays/" + id + "/cancel", "", 200);
    post("/v1/resume", R"({"scope":"all"})", 200);
    settle();
    BOOST_TEST(segment.counts().messages == before);
}

BOOST_AUTO_TEST_SUITE_END()
