#include "traitsync/delivery/segment_client.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include "support/awaited.hpp"
#include "support/scripted_server.hpp"
#include "traitsync/core/sha256.hpp"

using namespace traitsync;
using namespace traitsync::test;
using namespace std::chrono_literals;

namespace {

struct desk {
    scripted_server server;
    boost::asio::io_context loop;
    config::segment_settings settings;
    std::optional<delivery::segment_client> client;

    desk() {
        settings.url = server.url();
        settings.write_key = secret{"sesame0123456789abcdefABCDEF6789"};
        settings.timeout = 20s;
    }
    result<net::reply> post(std::string body = R"({"batch":[]})", int attempt = 1) {
        if (!client) client.emplace(loop, settings, "");
        return awaited(loop, client->post_batch(std::make_shared<std::string const>(std::move(body)), attempt));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(segment_client)

BOOST_FIXTURE_TEST_CASE(a_batch_is_posted_as_segment_documents, desk) {
    server.answer({.body = R"({"success":true})"});
    BOOST_TEST(post().value().status == 200);
    auto const seen = server.requests().at(0);
    BOOST_TEST(seen.method == "POST");
    BOOST_TEST(seen.target == "/v1/batch");
    BOOST_TEST(seen.header("Authorization") == "Basic c2VzYW1lMDEyMzQ1Njc4OWFiY2RlZkFCQ0RFRjY3ODk6");
    BOOST_TEST(seen.header("Content-Type") == "application/json");
    BOOST_TEST(seen.header("User-Agent") == "traitsync/" TRAITSYNC_VERSION);
    BOOST_TEST(!seen.has_header("X-Retry-Count"));
    BOOST_TEST(!seen.has_header("Content-Encoding"));
    BOOST_TEST(seen.body == R"({"batch":[]})");
}

BOOST_FIXTURE_TEST_CASE(from_the_second_attempt_on_they_are_counted, desk) {
    for (auto const attempt : {1, 2, 3, 40}) BOOST_TEST(post("{}", attempt).has_value());
    auto const seen = server.requests();
    BOOST_TEST(seen[0].header("X-Retry-Count") == "");
    BOOST_TEST(seen[1].header("X-Retry-Count") == "1");
    BOOST_TEST(seen[2].header("X-Retry-Count") == "2");
    BOOST_TEST(seen[3].header("X-Retry-Count") == "39");
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(the_address_may_end_with_its_version_and_have_a_prefix) {
    for (auto const& [given, target] : {std::pair{"", "/v1/batch"},
                                        {"/", "/v1/batch"},
                                        {"/v1", "/v1/batch"},
                                        {"/v1/", "/v1/batch"},
                                        {"/proxy/v1/", "/proxy/v1/batch"},
                                        {"/proxy//v1", "/proxy/v1/batch"},
                                        {"/xv1", "/xv1/v1/batch"}}) {
        desk d;
        d.settings.url = d.server.url(given);
        BOOST_TEST(d.post().has_value());
        BOOST_TEST(d.server.requests().at(0).target == target, given);
    }
}

BOOST_FIXTURE_TEST_CASE(a_compressed_body_can_be_read_and_is_the_same_each_time, desk) {
    settings.gzip = true;
    std::string text = R"({"batch":[)";
    while (text.size() < 400'000) text += R"({"type":"identify","userId":"u)" + std::to_string(text.size()) + R"("},)";
    BOOST_TEST(post(text, 1).has_value());
    BOOST_TEST(post(text, 2).has_value());
    auto const seen = server.requests();
    BOOST_TEST(seen[0].header("Content-Encoding") == "gzip");
    BOOST_TEST((gunzipped(seen[0].body) == text));
    BOOST_TEST(seen[0].body.size() < text.size() / 4);
    BOOST_TEST((seen[0].body == seen[1].body));
}

BOOST_FIXTURE_TEST_CASE(any_answer_is_a_reply, desk) {
    for (auto const status : {200, 202, 302, 400, 401, 413, 429, 500}) {
        server.answer({.status = status, .body = "said", .headers = {{"Retry-After", "7"}, {"Location", "/x"}}});
        auto const answer = post();
        BOOST_REQUIRE(answer.has_value());
        BOOST_TEST(answer->status == status);
        BOOST_TEST(answer->body == "said");
        BOOST_CHECK(answer->retry_after == 7s);
    }
}

BOOST_FIXTURE_TEST_CASE(a_success_with_an_unreadable_body_still_tells_its_status, desk) {
    server.answer({.body = "gibberish", .headers = {{"Content-Encoding", "gzip"}}});
    BOOST_TEST(post().error().http_status == 200);
    server.answer({.body = std::string(2'000'000, 'x')});
    BOOST_TEST(post().error().http_status == 200);
    server.answer({.body = "cut", .body_bytes = 1, .then = afterwards::close});
    BOOST_TEST(post().error().http_status == 0);
}

BOOST_FIXTURE_TEST_CASE(the_key_does_not_come_back_in_any_form, desk) {
    auto const key = settings.write_key.reveal();
    server.answer({.status = 400,
                   .body = "bad key " + key + ", Basic " + base64(key + ":"),
                   .headers = {{"Location", "/?k=" + key}}});
    auto const answer = post();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->body == "bad key ***, Basic ***");
    BOOST_TEST(answer->location == "/?k=***");
}

BOOST_FIXTURE_TEST_CASE(batches_in_flight_share_kept_connections, desk) {
    settings.concurrency = 3;
    server.always({.delay = 50ms});
    client.emplace(loop, settings, "");
    int accepted = 0;
    auto send = [](delivery::segment_client& c, int& count) -> boost::asio::awaitable<void> {
        auto body = std::make_shared<std::string const>("{}");
        auto const answer = co_await c.post_batch(body, 1);
        if (answer) ++count;
    };
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 3; ++i) boost::asio::co_spawn(loop, send(*client, accepted), boost::asio::detached);
        loop.restart();
        loop.run();
    }
    BOOST_TEST(accepted == 12);
    BOOST_TEST(server.connections() == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_stop_ends_it, desk) {
    BOOST_TEST(post().has_value());
    client->stop();
    BOOST_CHECK(post().error().kind == fault::cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
