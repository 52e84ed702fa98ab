// Clients that speak HTTP oddly, wrongly, or with bad intentions.

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include "by_socket.hpp"
#include "support/script.hpp"

namespace {
using namespace traitsync;
using namespace traitsync::test;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using test::operated;
using test::text_at;

constexpr auto close_it = "Connection: close\r\n";
constexpr auto json_type = "Content-Type: application/json\r\n";

// The statuses of all answers in what came.
std::vector<int> statuses_in(std::string const& text) {
    std::vector<int> found;
    for (auto at = text.find("HTTP/1.1 "); at != std::string::npos; at = text.find("HTTP/1.1 ", at + 9))
        found.push_back(std::stoi(text.substr(at + 9, 3)));
    return found;
}

struct besieged : test::by_socket {
    std::string host() const { return fmt::format("Host: 127.0.0.1:{}\r\n", api->port()); }
    std::string bearer() const { return fmt::format("Authorization: Bearer {}\r\n", admin_token); }
    std::string get_of(std::string const& target, std::string const& more = {}, std::string const& method = "GET") {
        return method + " " + target + " HTTP/1.1\r\n" + host() + bearer() + close_it + more + "\r\n";
    }
    std::string post_of(std::string const& target, std::string const& body, std::string const& more = json_type) {
        return "POST " + target + " HTTP/1.1\r\n" + host() + bearer() + close_it + more +
               fmt::format("Content-Length: {}\r\n\r\n", body.size()) + body;
    }
    // The status of the only answer; 0 where none or several came.
    int status_of(std::string const& bytes) {
        auto const found = statuses_in(api->raw(bytes));
        return found.size() == 1 ? found.front() : 0;
    }
};

struct besieged_with_users : besieged {
    besieged_with_users() {
        put_users(5, "x");
        start();
        settle();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(odd_clients, besieged_with_users)

BOOST_AUTO_TEST_CASE(a_request_in_any_valid_form_is_understood) {
    auto const own = fmt::format("127.0.0.1:{}", api->port());
    BOOST_TEST(status_of(get_of("http://" + own + "/v1/status")) == 200, "an absolute target, as proxies are sent");
    BOOST_TEST(status_of("GET HTTP://" + own + "/v1/status HTTP/1.1\r\nHost: else.example\r\n" + bearer() + close_it +
                         "\r\n") == 200,
               "its authority counts, and the Host does not");
    BOOST_TEST(status_of(get_of("http://" + own + "?x=1")) == 200);
    BOOST_TEST(status_of(get_of("/v1/status", "", "HEAD")) == 200);
    auto const events = api->raw(get_of("/v1/events", "", "HEAD"));
    BOOST_TEST(events.starts_with("HTTP/1.1 200"), events);
    BOOST_TEST(events.find("Content-Length") == std::string::npos, "a stream has no length");
    BOOST_TEST(api->get("/openapi.json", {{"Accept-Encoding", "br, gzip"}}).headers.contains("content-encoding"));
    BOOST_TEST(!api->get("/openapi.json", {{"Accept-Encoding", "gzip;q=0"}}).headers.contains("content-encoding"));
    BOOST_TEST(status_of("\r\n\r\n" + get_of("/v1/status")) == 200, "empty lines in front belong to nothing");
    BOOST_TEST(status_of("GET /v1/status HTTP/1.0\r\n" + host() + bearer() + "\r\n") == 200);
    BOOST_TEST(
        status_of("POST /v1/resume HTTP/1.1\r\n" + host() + bearer() + close_it + json_type +
                  "Transfer-Encoding: Chunked\r\n\r\n5;x=\"y\"\r\n{\"sco\r\nA\r\npe\":\"all\"}\r\n0\r\nX: y\r\n\r\n") ==
        200);
    for (auto const* type : {"application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"",
                             "application/merge-patch+json", "application/json ; odd; charset = x"}) {
        BOOST_TEST(status_of(post_of("/v1/resume", "{}", fmt::format("Content-Type: {}\r\n", type))) == 200, type);
    }
    BOOST_TEST(status_of(post_of("/v1/resume", "\xef\xbb\xbf{}")) == 200, "a byte order mark");
    BOOST_TEST(status_of(post_of("/v1/resume", "", "")) == 200, "no body needs no media type");
    BOOST_TEST(status_of(post_of("/v1/resume", "{}" + std::string(1024 * 1024 - 2, ' '))) == 200);
    BOOST_TEST(status_of(post_of("/v1/resume", "{}" + std::string(1024 * 1024 - 1, ' '))) == 413);

    // Request behind request, written at once; the answers come in their order.
    auto const line = [&](std::string const& target) {
        return "GET " + target + " HTTP/1.1\r\n" + host() + bearer() + "\r\n";
    };
    auto const answers = statuses_in(
        api->raw(line("/v1/status") + line("/v1/none") + line("/healthz") + post_of("/v1/resume", R"({"scope":"x"})")));
    BOOST_TEST(answers == (std::vector{200, 404, 200, 422}), boost::test_tools::per_element());

    // Byte after byte.
    auto slow = connected();
    slow.set_option(tcp::no_delay{true});
    for (auto const byte : post_of("/v1/resume", "{}")) boost::asio::write(slow, boost::asio::buffer(&byte, 1));
    BOOST_TEST(statuses_in(rest_of(slow)) == std::vector{200}, boost::test_tools::per_element());

    // Whoever asks first whether the body is wanted is told, before it is sent; and whoever may not is refused.
    auto const asks = "POST /v1/resume HTTP/1.1\r\n" + host() + close_it + json_type +
                      "Expect: 100-continue\r\nContent-Length: 2\r\n";
    auto polite = connected();
    boost::asio::write(polite, boost::asio::buffer(asks + bearer() + "\r\n"));
    boost::asio::streambuf buffer;
    buffer.consume(boost::asio::read_until(polite, buffer, "HTTP/1.1 100 Continue\r\n\r\n"));
    boost::asio::write(polite, boost::asio::buffer(std::string{"{}"}));
    BOOST_TEST(statuses_in(rest_of(polite)) == std::vector{200}, boost::test_tools::per_element());
    BOOST_TEST(status_of(asks + "\r\n") == 401);

    auto const old_post = "POST /v1/resume HTTP/1.0\r\n" + host() + bearer() + json_type +
                          "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}";
    BOOST_TEST(api->raw(old_post).starts_with("HTTP/1.1 200"), "HTTP/1.0 has no such answer before the answer");

    // HTTP/1.0 keeps a connection only where both say so.
    auto old = connected();
    boost::asio::write(old,
                       boost::asio::buffer("GET /healthz HTTP/1.0\r\n" + host() + "Connection: keep-alive\r\n\r\n"));
    boost::asio::streambuf kept;
    auto const head_end = boost::asio::read_until(old, kept, "\r\n\r\n");
    std::string const head{boost::asio::buffers_begin(kept.data()),
                           boost::asio::buffers_begin(kept.data()) + static_cast<std::ptrdiff_t>(head_end)};
    BOOST_TEST(head.find("\r\nConnection: keep-alive\r\n") != std::string::npos, head);
    boost::asio::write(old, boost::asio::buffer("GET /healthz HTTP/1.0\r\n" + host() + "\r\n"));
    BOOST_TEST(statuses_in(rest_of(old)) == std::vector{200}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_head_that_cannot_be_read_counts_as_refused_and_head_has_no_body) {
    auto const refused = [&] {
        std::string const name = "\ntraitsync_api_requests_total{code=\"4xx\"} ";
        auto const metrics = api->get("/metrics").body;
        return std::stoi(metrics.substr(metrics.find(name) + name.size()));
    };
    auto const before = refused();
    BOOST_TEST(status_of("GET\r\n\r\n") == 400);
    BOOST_TEST(status_of(get_of("/v1/status", "X-Long: " + std::string(20'000, 'x') + "\r\n")) == 431);
    BOOST_TEST(refused() == before + 2);
    for (auto const& head : {get_of("/v1/status", "Content-Length: 2\r\nContent-Type: text/plain\r\n", "HEAD") + "{}",
                             get_of("/v1/status", "X-Long: " + std::string(20'000, 'x') + "\r\n", "HEAD"),
                             get_of("/v1/status", "X-Odd\r\n", "HEAD")}) {
        auto const answer = api->raw(head);
        BOOST_TEST(statuses_in(answer).size() == 1U, answer);
        BOOST_TEST(answer.ends_with("\r\n\r\n"), answer);
    }
}

BOOST_AUTO_TEST_CASE(what_could_be_read_in_two_ways_is_refused) {
    struct {
        char const* what;
        std::string bytes;
        int status;
    } const cases[] = {
        {"two hosts", get_of("/v1/status", host()), 400},
        {"another host behind ours", get_of("/v1/status", "Host: evil.example\r\n"), 400},
        {"two origins",
         get_of("/v1/status",
                "Origin: http://evil.example\r\nOrigin: " + fmt::format("http://localhost:{}", api->port()) + "\r\n"),
         400},
        {"two tokens", get_of("/v1/status", "Authorization: Bearer wrong\r\n"), 400},
        {"two media types", post_of("/v1/resume", "{}", std::string{json_type} + "Content-Type: text/plain\r\n"), 400},
        {"two keys",
         post_of("/v1/resume", "{}", std::string{json_type} + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), 400},
        {"two lengths", post_of("/v1/resume", "{}", std::string{json_type} + "Content-Length: 3\r\n"), 400},
        {"length and chunks",
         post_of("/v1/resume", "0\r\n\r\n", std::string{json_type} + "Transfer-Encoding: chunked\r\n"), 400},
        {"packed chunks", get_of("/v1/status", "Transfer-Encoding: gzip, chunked\r\n").append("0\r\n\r\n"), 400},
        {"another coding", get_of("/v1/status", "Transfer-Encoding: identity\r\n"), 400},
        {"a length below zero", get_of("/v1/status", "Content-Length: -1\r\n"), 400},
        {"a length with a sign", get_of("/v1/status", "Content-Length: +1\r\n"), 400},
        {"an endless length", get_of("/v1/status", "Content-Length: 99999999999999999999999\r\n"), 400},
        {"no chunk size",
         get_of("/v1/pause", std::string{json_type} + "Transfer-Encoding: chunked\r\n", "POST").append("zz\r\n"), 400},
        {"an endless chunk size",
         get_of("/v1/pause", std::string{json_type} + "Transfer-Encoding: chunked\r\n", "POST")
             .append("fffffffffffffffff\r\n"),
         400},
        {"a line around a piece that does not end",
         get_of("/v1/pause", std::string{json_type} + "Transfer-Encoding: chunked\r\n", "POST")
             .append("1;" + std::string(200'000, 'x')),
         413},
        {"a blank before the colon", get_of("/v1/status", "X : y\r\n"), 400},
        {"a NUL in a header", get_of("/v1/status", std::string{"X: a\0b\r\n", 8}), 400},
        {"a NUL in the target", get_of(std::string{"/v1/sta\0tus", 11}), 400},
        {"lines without CR", "GET /v1/status HTTP/1.1\n" + host() + "\n", 400},
        {"no version", "GET /healthz\r\n\r\n", 400},
        {"version 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"no host", "GET /v1/status HTTP/1.1\r\n" + bearer() + close_it + "\r\n", 400},
        {"an absolute target elsewhere", get_of("http://evil.example/v1/status"), 421},
        {"an absolute target with a user", get_of("http://127.0.0.1@evil.example/v1/status"), 421},
        {"an authority as target", get_of("127.0.0.1:80", "", "CONNECT"), 400},
        {"an asterisk", get_of("*", "", "OPTIONS"), 400},
        {"OPTIONS", get_of("/v1/status", "", "OPTIONS"), 405},
        {"TRACE", get_of("/v1/status", "", "TRACE"), 405},
        {"an escaped path", "GET /%76%31/status HTTP/1.1\r\n" + host() + close_it + "\r\n", 404},
        {"a path with dots", "GET /assets/../v1/status HTTP/1.1\r\n" + host() + close_it + "\r\n", 404},
        {"two slashes", "GET //v1/status HTTP/1.1\r\n" + host() + close_it + "\r\n", 404},
        {"a file elsewhere", "GET /assets/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + host() + close_it + "\r\n", 404},
        {"no text in a path", get_of("/v1/profiles/%C3"), 400},
        {"no text in a query", get_of("/v1/profiles?q=%ff"), 400},
    };
    for (auto const& c : cases) BOOST_TEST(status_of(c.bytes) == c.status, c.what << ": " << api->raw(c.bytes));
    BOOST_TEST(text_at(get("/v1/status"), "state") == "running");
}

BOOST_AUTO_TEST_CASE(a_body_is_one_json_object_in_utf8_sent_as_it_is) {
    struct {
        std::string body;
        std::string headers;
        int status;
    } const cases[] = {
        {"{}", "", 415},
        {"{}", "Content-Type: text/json\r\n", 415},
        {"{}", "Content-Type: application/json; charset=utf-16\r\n", 415},
        {"{}", "Content-Type: application/json;charset=\"ISO-8859-1\"\r\n", 415},
        {test::encoded("{}", test::encoding::gzip), std::string{json_type} + "Content-Encoding: gzip\r\n", 415},
        {"{}", std::string{json_type} + "Content-Encoding: identity\r\n", 200},
        {"{\"scope\":\"\xe9\"}", json_type, 400},
        {R"({"scope":"\ud800"})", json_type, 400},
        {R"({"scope":"all","scope":"pull"})", json_type, 400},
        {R"({"scope":"all","sc\u006fpe":"pull"})", json_type, 400},
        {"{\"scope\":" + std::string(100'000, '['), json_type, 400},
        {"[]", json_type, 400},
        {"null", json_type, 400},
        {"1e999999", json_type, 400},
        {"{}{}", json_type, 400},
        {"{}x", json_type, 400},
        {"{/**/}", json_type, 400},
        {R"({"scope":NaN})", json_type, 400},
        {R"({"scope":1e999999})", json_type, 422},
        {R"({"scope":"a\u0000"})", json_type, 422},
        {" \r\n", json_type, 400},
        {R"({"scope":null})", json_type, 422},
    };
    for (auto const& c : cases) {
        auto const answer = api->raw(post_of("/v1/resume", c.body, c.headers));
        BOOST_TEST(statuses_in(answer) == std::vector{c.status}, boost::test_tools::per_element());
        if (c.status != 200) BOOST_TEST(answer.find("application/problem+json") != std::string::npos, answer);
    }
    auto const check = [&](std::string const& body, int status) {
        BOOST_TEST(api->post("/v1/replays", body).status == status, body);
    };
    check(R"({"company_id":"","dry_run":true})", 422);
    check(R"({"user_ids":[],"dry_run":true})", 422);
    check(R"({"user_ids":[""],"dry_run":true})", 422);
    check("{\"user_ids\":[\"a\xff\"],\"dry_run\":true}", 400);
    check(R"({"modified_since":"2026","dry_run":true})", 422);
    check(R"({"modified_since":2026,"dry_run":true})", 422);
    check(R"({"modified_since":"2026-02-30T00:00:00Z","dry_run":true})", 422);
    check(R"({"modified_since":"2026-02-28","dry_run":true})", 200);
    check(R"({"acknowledged_between":["2026-01-02T00:00:00Z","2026-01-01T00:00:00Z"],"dry_run":true})", 422);
    check(R"({"all":true,"traits":[],"dry_run":true})", 422);
    check(R"({"all":false,"dry_run":true})", 422);
    BOOST_TEST(api->get("/v1/messages?since=1777593600000").status == 422);
    for (auto const* limit : {"0", "501", "x", "", "-1", "+5", "1.0", "1e2", "%20", "99999999999999999999"})
        BOOST_TEST(api->get(std::string{"/v1/runs?limit="} + limit).status == 422, limit);
}

BOOST_AUTO_TEST_CASE(the_cursor_of_another_list_is_refused) {
    post("/v1/replays", R"({"all":true})", 202);
    post("/v1/replays", R"({"all":true})", 202);
    pull();
    std::vector<std::string> const lists{"messages", "dead-letters", "quarantine", "replays", "runs", "profiles"};
    for (auto const* from : {"messages", "replays", "runs", "profiles"}) {
        auto const cursor = text_at(get(std::string{"/v1/"} + from + "?limit=1"), "next_cursor");
        BOOST_REQUIRE(cursor != "null");
        for (auto const& to : lists) {
            auto const reply = api->get("/v1/" + to + "?cursor=" + cursor);
            BOOST_TEST(reply.status == (to == from ? 200 : 422), from << " to " << to << ": " << reply.body);
        }
    }
    // Well formed, and made up.
    for (auto const* made_up :
         {"6d", "6d.", "6d.2d31", "6d.30", "6d.78", "6d.33.33", "..", "72.39393939393939393939393939393939393939"})
        BOOST_TEST(api->get(std::string{"/v1/messages?cursor="} + made_up).status == 422, made_up);
}

BOOST_AUTO_TEST_CASE(a_listener_that_takes_nothing_is_dropped_and_the_others_go_on) {
    auto const listen_to = "GET /v1/events HTTP/1.1\r\n" + host() + bearer() + "\r\n";
    tcp::socket deaf{loop};
    deaf.open(tcp::v4());
    deaf.set_option(boost::asio::socket_base::receive_buffer_size{1});  // the least that the kernel gives
    deaf.connect({boost::asio::ip::address_v4::loopback(), api->port()});
    boost::asio::write(deaf, boost::asio::buffer(listen_to));
    auto good = connected();
    boost::asio::write(good, boost::asio::buffer(listen_to));
    auto const listeners = [&](int count) {
        return api->get("/metrics").body.find(fmt::format("\ntraitsync_event_listeners {}\n", count)) !=
               std::string::npos;
    };
    eventually("both listen", [&] { return listeners(2); });
    boost::asio::streambuf buffer;
    int events = 0;
    bool on = false;
    auto const end = std::chrono::steady_clock::now() + 60s;
    while (listeners(2) && std::chrono::steady_clock::now() < end) {
        // Each event that the good one gets is followed by the next change: at most one a second.
        post(on ? "/v1/resume" : "/v1/pause", R"({"scope":"pull"})", 200);
        on = !on;
        buffer.consume(boost::asio::read_until(good, buffer, "event: status\ndata: "));
        ++events;
    }
    BOOST_TEST(listeners(1), "the one that reads nothing is gone");
    // The good one still gets the next change.
    post(on ? "/v1/resume" : "/v1/pause", R"({"scope":"pull"})", 200);
    boost::asio::read_until(good, buffer, "event: status\ndata: ");
    BOOST_TEST(events > 1);
    BOOST_TEST_MESSAGE("dropped after " << events << " events");
}

BOOST_AUTO_TEST_CASE(what_the_store_cannot_make_sense_of_is_a_503_that_says_so_and_others_are_answered) {
    {
        SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READWRITE, 5000};
        BOOST_REQUIRE(db.exec("UPDATE ledgers SET data = x'ff' WHERE no = (SELECT no FROM users WHERE user_id = "
                              "'user00002')") == 1);
    }
    auto const failed = api->get("/v1/profiles/user00002");
    BOOST_TEST(failed.status == 503, failed.body);
    BOOST_TEST(failed.headers.at("content-type") == "application/problem+json");
    BOOST_TEST(text_at(failed.json(), "type") == "urn:traitsync:problem:unavailable");
    BOOST_TEST(has(text_at(failed.json(), "detail"), "the store is damaged: a ledger of an unknown version"));
    BOOST_TEST(api->get("/v1/profiles/user00001").status == 200);
    // On one connection too: the next request is served.
    auto const line = [&](std::string const& target) {
        return "GET " + target + " HTTP/1.1\r\n" + host() + bearer() + "\r\n";
    };
    auto const answers = statuses_in(api->raw(line("/v1/profiles/user00002") + get_of("/v1/status")));
    BOOST_TEST(answers == (std::vector{503, 200}), boost::test_tools::per_element());
    BOOST_TEST(text_at(get("/v1/status"), "state") == "running");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(greedy_clients, besieged)

BOOST_AUTO_TEST_CASE(answers_that_nobody_takes_are_bounded_and_others_are_told_when_to_come_back) {
    // Lists of some megabytes: the raw text of what is in quarantine, whole.
    moesif.put_user("bad", fmt::format(R"(["{}"])", std::string(3'900'000, 'x')), ++clock);
    put_users(1, "x");
    start();
    settle();
    auto const whole = api->get("/v1/quarantine");
    BOOST_REQUIRE(whole.body.size() > 3'900'000U);
    auto const asks = get_of("/v1/quarantine");
    std::vector<tcp::socket> greedy;
    for (int i = 0; i < 24; ++i) {
        auto& s = greedy.emplace_back(loop);
        s.open(tcp::v4());
        s.set_option(boost::asio::socket_base::receive_buffer_size{1});
        s.connect({boost::asio::ip::address_v4::loopback(), api->port()});
        boost::asio::write(s, boost::asio::buffer(asks));
    }
    test::api_reply refused;
    eventually("refused", [&] {
        refused = api->get("/v1/quarantine");
        return refused.status == 503;
    });
    BOOST_TEST(refused.headers.at("retry-after") == "1");
    BOOST_TEST(refused.headers.at("content-type") == "application/problem+json");
    // A sanitizer keeps what is freed for a while.
    if (test::can_preload()) BOOST_TEST(service->resident_bytes() < 400'000'000U);
    BOOST_TEST(api->get("/healthz").status == 200, "what is small is answered all the same");
    greedy.clear();
    eventually("served again", [&] { return api->get("/v1/quarantine").status == 200; });
}

BOOST_AUTO_TEST_SUITE_END()
