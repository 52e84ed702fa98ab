// The API as a protocol: who may ask, what a mistake gets, and what a hostile client cannot do.

#include <boost/json/serialize.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include "operator.hpp"

namespace {
using namespace traitsync;
using boost::asio::ip::tcp;
using test::number_at;
using test::operated;
using test::text_at;

struct served : operated {
    served() {
        put_users(5, "x");
        start();
        settle();
    }
    std::string host() const { return "Host: 127.0.0.1:" + std::to_string(api->port()) + "\r\n"; }
    std::string authorized() const { return host() + "Authorization: Bearer " + admin_token + "\r\n"; }
    int status_of_raw(std::string const& bytes) const {
        auto const answer = api->raw(bytes);
        return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_api, served)

BOOST_AUTO_TEST_CASE(only_a_token_opens_it_and_a_viewer_may_only_read) {
    BOOST_TEST(api->with_token("").get("/healthz").body == R"({"status":"ok"})");
    BOOST_TEST(api->with_token("").get("/readyz").status == 200);
    BOOST_TEST(api->with_token("").get("/openapi.json").status == 200);
    BOOST_TEST(api->with_token("").get("/").headers.at("content-type").find("text/html") == 0U);
    for (auto const* path : {"/v1/status", "/v1/nothing", "/v1/profiles/user00001", "/metrics"}) {
        for (auto const* wrong : {"", "wrong", "operator-token-012345678", "operator-token-01234567890"}) {
            auto const reply = api->with_token(wrong).get(path);
            BOOST_TEST(reply.status == 401);
            BOOST_TEST(reply.headers.at("www-authenticate") == "Bearer realm=\"traitsync\"");
            BOOST_TEST(reply.body.find("profile") == std::string::npos);
        }
    }
    auto const viewer = api->with_token(viewer_token);
    BOOST_TEST(viewer.get("/v1/status").status == 200);
    auto const metrics = viewer.get("/metrics");
    BOOST_TEST(metrics.status == 200);
    BOOST_TEST(metrics.body.find("\ntraitsync_moesif_requests_left +Inf\n") != std::string::npos, "there is no budget");
    BOOST_TEST(viewer.get("/v1/access").body == R"({"role":"viewer"})");
    BOOST_TEST(api->get("/v1/access").body == R"({"role":"admin"})");
    BOOST_TEST(viewer.post("/v1/pause").status == 403);
    BOOST_TEST(viewer.post("/v1/nothing").status == 404);
    BOOST_TEST(get("/v1/config").as_object().contains("items"));
    auto const config = api->get("/v1/config").body;
    for (auto const* secret : {admin_token, viewer_token, token, write_key})
        BOOST_TEST(config.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_mistake_gets_its_status_and_names_what_is_wrong) {
    auto const check = [&](test::api_reply const& r, int status, std::string const& words) {
        BOOST_TEST(r.status == status, r.body);
        BOOST_TEST(r.headers.at("content-type") == "application/problem+json");
        BOOST_TEST(number_at(r.json(), "status") == status);
        BOOST_TEST(r.body.find(words) != std::string::npos, r.body);
    };
    check(api->get("/v1/nothing"), 404, "openapi.json");
    auto const wrong_method = api->request("DELETE", "/v1/status");
    check(wrong_method, 405, "GET");
    BOOST_TEST(wrong_method.headers.at("allow") == "GET, HEAD");
    check(api->post("/v1/pause", "{", {}), 400, "JSON");
    check(api->post("/v1/pause", R"({"scope":1})"), 422, "/scope");
    check(api->post("/v1/pause", R"({"scop":"all"})"), 422, "did you mean scope");
    check(api->post("/v1/pause", R"({"scope":"pul"})"), 422, "did you mean pull");
    check(api->post("/v1/pause", "scope=all", {{"Content-Type", "application/x-www-form-urlencoded"}}), 415,
          "application/json");
    check(api->get("/v1/profiles?limit=0"), 422, "/limit");
    check(api->get("/v1/profiles?limt=5"), 422, "did you mean limit");
    check(api->get("/v1/profiles?limit=1&limit=2"), 400, "twice");
    check(api->get("/v1/messages?since=yesterday"), 422, "/since");
    check(api->get("/v1/profiles/%zz"), 400, "percent");
    check(api->get("/v1/messages/not-an-id"), 404, "UUID");
    check(api->post("/v1/replays", ""), 400, "body");
    check(api->post("/v1/dead-letters/retry", R"({"all":true,"reason":"refused"})"), 422, "exactly one");
    check(api->post("/v1/replays", std::string(1'100'000, ' ')), 413, "1 MiB");
    check(api->get("/v1/status", {{"X-Long", std::string(20'000, 'x')}}), 431, "16 KiB");
    check(api->get("/v1/status?" + std::string(3'000, 'x'), {{"X-Long", std::string(15'000, 'x')}}), 431, "16 KiB");
    check(api->get("/v1/status", {{"Host", "evil.example.com"}}), 421, "admin.public_url");
    check(api->get("/v1/status", {{"Origin", "https://evil.example.com"}}), 403, "web pages");
    check(api->post("/v1/pause", "", {{"Origin", "null"}}), 403, "web pages");
    BOOST_TEST(api->get("/v1/status", {{"Host", "localhost:" + std::to_string(api->port())}}).status == 200);
    BOOST_TEST(api->get("/v1/status", {{"Origin", "http://127.0.0.1:" + std::to_string(api->port())}}).status == 200);
    BOOST_TEST(status_of_raw("GET /v1/status HTTP/1.1\r\n" + host() + "broken header\r\n\r\n") == 400);
    BOOST_TEST(status_of_raw("GET /v1/status HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer x\r\n\r\n") == 400);
}

BOOST_AUTO_TEST_CASE(an_answer_has_an_etag_and_headers_that_keep_browsers_safe) {
    auto const first = api->get("/v1/profiles/user00001");
    auto const etag = first.headers.at("etag");
    auto const second = api->get("/v1/profiles/user00001", {{"If-None-Match", etag}});
    BOOST_TEST(second.status == 304);
    BOOST_TEST(second.body.empty());
    put(1, R"(,"email":"new@example.com")");
    pull();
    eventually("delivered", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    BOOST_TEST(api->get("/v1/profiles/user00001", {{"If-None-Match", etag}}).status == 200);
    for (auto const* name :
         {"x-content-type-options", "referrer-policy", "content-security-policy", "cache-control", "x-frame-options"}) {
        BOOST_TEST(first.headers.contains(name), name);
    }
    BOOST_TEST(!first.headers.contains("access-control-allow-origin"));
    auto const head = api->request("HEAD", "/v1/profiles/user00001");
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.body.empty());
}

BOOST_AUTO_TEST_CASE(ids_with_any_characters_are_found_under_their_encoded_path) {
    moesif.put_user("odd", R"({"user_id":"a/b c?%\u00e9+\"x","email":"odd@example.com"})", ++clock);
    pull();
    auto const found = api->get("/v1/profiles/a%2Fb%20c%3F%25%C3%A9+%22x");
    BOOST_TEST(found.status == 200, found.body);
    BOOST_TEST(text_at(found.json(), "email") == "odd@example.com");
    BOOST_TEST(api->get("/v1/profiles/a/b").status == 404);
    BOOST_TEST(get("/v1/messages?user_id=a%2Fb%20c%3F%25%C3%A9%2B%22x").at("items").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(events_tell_the_status_at_once_and_when_it_changes) {
    boost::asio::io_context loop;
    tcp::socket socket{loop};
    socket.connect({boost::asio::ip::address_v4::loopback(), api->port()});
    boost::asio::write(socket, boost::asio::buffer("GET /v1/events HTTP/1.1\r\n" + authorized() + "\r\n"));
    boost::asio::streambuf buffer;
    boost::asio::read_until(socket, buffer, "event: status\ndata: ");
    buffer.consume(boost::asio::read_until(socket, buffer, "\n\n"));
    post("/v1/pause", R"({"scope":"pull"})", 200);
    auto const size = boost::asio::read_until(socket, buffer, "\n\n");
    std::string const event{boost::asio::buffers_begin(buffer.data()),
                            boost::asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size)};
    BOOST_TEST(event.find("\"state\":\"paused\"") != std::string::npos, event);
}

BOOST_AUTO_TEST_CASE(thirty_two_clients_may_listen_and_one_that_left_makes_room) {
    boost::asio::io_context loop;
    std::vector<tcp::socket> listening;
    for (int i = 0; i < 32; ++i) {
        auto& s = listening.emplace_back(loop);
        s.connect({boost::asio::ip::address_v4::loopback(), api->port()});
        boost::asio::write(s, boost::asio::buffer("GET /v1/events HTTP/1.1\r\n" + authorized() + "\r\n"));
        boost::asio::streambuf buffer;
        boost::asio::read_until(s, buffer, "event: status");
    }
    auto const counted = [&] {
        auto const metrics = api->get("/metrics").body;
        std::string const name = "\ntraitsync_api_requests_total{code=\"4xx\"} ";
        return std::stoi(metrics.substr(metrics.find(name) + name.size()));
    };
    auto const before = counted();
    auto const refused = api->get("/v1/events");
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.headers.contains("retry-after"));
    BOOST_TEST(counted() == before + 1);
    listening.clear();
    eventually("room",
               [&] { return api->get("/metrics").body.find("\ntraitsync_event_listeners 0\n") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(clients_that_hang_are_ended_and_hold_nobody_up) {
    boost::asio::io_context loop;
    std::vector<tcp::socket> slow;
    for (int i = 0; i < 300; ++i) {
        slow.emplace_back(loop).connect({boost::asio::ip::address_v4::loopback(), api->port()});
        if (i % 2 == 0)
            boost::asio::write(slow.back(), boost::asio::buffer(std::string{"GET /v1/status HTTP/1.1\r\nX-Slow: "}));
    }
    auto const begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) BOOST_TEST(api->get("/v1/status").status == 200);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds{3}));
    tcp::socket half_a_body{loop};
    half_a_body.connect({boost::asio::ip::address_v4::loopback(), api->port()});
    boost::asio::write(half_a_body,
                       boost::asio::buffer("POST /v1/pull HTTP/1.1\r\nHost: localhost:" + std::to_string(api->port()) +
                                           "\r\nAuthorization: Bearer " + admin_token +
                                           "\r\nContent-Type: application/json\r\nContent-Length: "
                                           "100\r\n\r\n{\"ki"));
    // Whoever sent half a head is told after five seconds.
    boost::asio::streambuf buffer;
    boost::system::error_code failed;
    boost::asio::read(slow[298], buffer, failed);
    std::string const answer{boost::asio::buffers_begin(buffer.data()), boost::asio::buffers_end(buffer.data())};
    BOOST_TEST(answer.find("HTTP/1.1 408") == 0U, answer);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds{9}));
    // Half a body, after ten.
    boost::asio::streambuf told;
    boost::asio::read(half_a_body, told, failed);
    std::string const late{boost::asio::buffers_begin(told.data()), boost::asio::buffers_end(told.data())};
    BOOST_TEST(late.find("HTTP/1.1 408") == 0U, late);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds{15}));
    BOOST_TEST(api->get("/v1/status").status == 200);
    auto const metrics = api->get("/metrics").body;
    BOOST_TEST(metrics.find("traitsync_api_connections ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
