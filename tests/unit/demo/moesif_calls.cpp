#include <boost/test/unit_test.hpp>

#include "moesif_fixture.hpp"

namespace traitsync::demo::test {

BOOST_FIXTURE_TEST_SUITE(moesif_calls, moesif_fixture)

BOOST_AUTO_TEST_CASE(only_the_documented_calls_are_served) {
    service.put_user("a/b", R"({"user_id":"a/b"})", 1);
    service.put_company("c", R"({"company_id":"c"})", 1);
    struct {
        char const* method;
        char const* target;
        int status;
    } const table[] = {
        {"POST", "/v1/search/~/search/usermetrics/users", 200},
        {"POST", "/v1/search/~/search/usermetrics/users?app_id=~&from=-1d&to=now", 200},
        {"POST", "/v1/search/~/search/users", 200},
        {"POST", "/v1/search/~/search/companymetrics/companies", 200},
        {"POST", "/v1/search/~/search/companies", 200},
        {"POST", "/v1/search/~/count/users?app_id=~", 200},
        {"POST", "/v1/search/~/count/users?app_id=198%3A3", 200},
        {"POST", "/v1/search/~/count/companies?app_id=~", 200},
        {"POST", "/v1/search/~/count/users", 400},
        {"GET", "/v1/search/~/users/a%2Fb", 200},
        {"GET", "/v1/search/~/users/a%2fb?app_id=~", 200},
        {"GET", "/v1/search/~/companies/c", 200},
        {"GET", "/v1/search/~/companies/d", 404},
        {"GET", "/v1/search/~/users/a/b", 404},
        {"GET", "/v1/search/~/users/", 404},
        {"GET", "/v1/search/~/users/a%2", 404},
        {"GET", "/v1/search/~/search/usermetrics/users", 404},
        {"POST", "/v1/search/~/users/a%2Fb", 404},
        {"DELETE", "/v1/search/~/users/a%2Fb", 404},
        {"POST", "/search/~/search/usermetrics/users", 404},
        {"POST", "/v1/search/198:3/search/users", 404},
        {"GET", "/v1/~/apps", 404},
        {"GET", "/", 404},
    };
    for (auto const& c : table) {
        raw_client client{service.port()};
        BOOST_TEST_CONTEXT(c.method << " " << c.target) {
            auto const answer =
                client.exchange(c.method, c.target, headers, c.method == std::string{"POST"} ? "{}" : "");
            BOOST_TEST(answer.status == c.status);
            BOOST_TEST(answer.whole);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_call_without_the_exact_token_is_a_401) {
    for (auto const* value : {"", "Bearer", "Bearer secret-toke", "Bearer secret-token ", "bearer secret-token",
                              "secret-token", "Bearer Bearer secret-token"}) {
        raw_headers const wrong{{"Authorization", value}, {"Content-Type", "application/json"}};
        raw_client client{service.port()};
        auto const answer = client.exchange("POST", users_path, wrong, "{}");
        // Blanks at the end of a header's value belong to the message, not to the value.
        bool const right = value == std::string{"Bearer secret-token "};
        BOOST_TEST_CONTEXT(value) { BOOST_TEST(answer.status == (right ? 200 : 401)); }
        if (!right) BOOST_TEST(boost::json::parse(answer.body).is_object());
    }
    raw_client client{service.port()};
    BOOST_TEST(client.exchange("POST", users_path, {{"Authorization", "Bearer secret-token"}}, "{}").status == 400);
}

BOOST_AUTO_TEST_CASE(a_token_without_the_scope_of_companies_reads_users_only) {
    set({.no_company_scope = true});
    BOOST_TEST(post(users_path, "{}").status == 200);
    BOOST_TEST(post(companies_path, "{}").status == 401);
    BOOST_TEST(get("/v1/search/~/companies/c").status == 401);
    BOOST_TEST(post("/v1/search/~/count/companies?app_id=~", "").status == 401);
}

BOOST_AUTO_TEST_CASE(a_single_document_is_wrapped_or_flat) {
    service.put_user("usr 1", R"({"user_id":"usr 1","metadata":{"plan":"pro"}})", 5);
    auto const path = "/v1/search/~/users/usr%201";
    BOOST_TEST(get(path).body ==
               R"({"_id":"usr 1","_source":{"user_id":"usr 1","metadata":{"plan":"pro"}},"sort":[5]})");
    set({.flat_get = true});
    BOOST_TEST(get(path).body == R"({"_id":"usr 1","user_id":"usr 1","metadata":{"plan":"pro"}})");
}

BOOST_AUTO_TEST_CASE(a_count_counts_what_its_query_matches) {
    put_pairs(10);
    auto const path = "/v1/search/~/count/users?app_id=~";
    BOOST_TEST(post(path, "").body == R"({"count":10})");
    BOOST_TEST(post(path, R"({"query":{"range":{"modified_time":{"gt":2000}}}})").body == R"({"count":6})");
    BOOST_TEST(post(path, R"({"query":{"term":{"n":3}}})").body == R"({"count":1})");
    BOOST_TEST(post(path, R"({"size":3})").status == 400);
    BOOST_TEST(post("/v1/search/~/count/companies?app_id=~", "{}").body == R"({"count":0})");
}

BOOST_AUTO_TEST_CASE(one_connection_serves_many_requests) {
    put_pairs(10);
    raw_client client{service.port()};
    for (int i = 0; i < 20; ++i) {
        auto const answer = client.exchange("POST", users_path, headers, R"({"size":1})");
        BOOST_TEST(answer.status == 200);
    }
    auto closing = headers;
    closing.emplace_back("Connection", "close");
    BOOST_TEST(client.exchange("POST", users_path, closing, "{}").headers.at("connection") == "close");
    BOOST_TEST(client.exchange("POST", users_path, headers, "{}").status == 0);
}

BOOST_AUTO_TEST_CASE(malformed_and_oversized_requests_are_refused_by_the_listener) {
    raw_client nonsense{service.port()};
    BOOST_TEST(nonsense.exchange_text("NONSENSE\r\n\r\n").status == 400);
    raw_client long_head{service.port()};
    auto many = headers;
    many.emplace_back("X-Long", std::string(20'000, 'x'));
    BOOST_TEST(long_head.exchange("GET", "/", many).status == 431);
    raw_client long_body{service.port()};
    BOOST_TEST(long_body.exchange("POST", users_path, headers, std::string(3 << 20, ' ')).status == 413);
    BOOST_TEST(post(users_path, "{}").status == 200);
}

BOOST_AUTO_TEST_CASE(a_taken_port_falls_through_to_the_next_and_a_stopped_service_refuses) {
    moesif_service second{{.port = service.port()}};
    BOOST_TEST(second.port() > service.port());
    BOOST_TEST(second.url() == fmt::format("http://127.0.0.1:{}/v1", second.port()));
    second.stop();
    second.stop();
    BOOST_TEST(!raw_client{second.port()}.connected());
}

BOOST_AUTO_TEST_CASE(a_service_that_is_down_resets_its_connections_and_comes_back_on_its_port) {
    raw_client standing{service.port()};
    BOOST_TEST(standing.exchange("POST", users_path, headers, "{}").status == 200);
    service.listen(false);
    BOOST_TEST(standing.exchange("POST", users_path, headers, "{}").status == 0);
    BOOST_TEST(!raw_client{service.port()}.connected());
    service.listen(false);
    BOOST_TEST(!raw_client{service.port()}.connected());
    service.listen(true);
    BOOST_TEST(post(users_path, "{}").status == 200);
}

BOOST_AUTO_TEST_CASE(exchanges_are_counted_and_the_latest_are_kept) {
    put_pairs(4);
    post(users_path, R"({"size":3})");
    post(companies_path, "{}");
    get("/v1/search/~/users/u000");
    get("/nothing");
    post("/v1/search/~/count/users?app_id=~", "{}");
    BOOST_TEST(service.wait_for(std::chrono::seconds{5}, [](moesif_counts const& c) { return c.exchanges() == 5; }));
    auto const counts = service.counts();
    BOOST_TEST(counts.user_searches == 1U);
    BOOST_TEST(counts.company_searches == 1U);
    BOOST_TEST(counts.gets == 1U);
    BOOST_TEST(counts.counts == 1U);
    BOOST_TEST(counts.hits == 3U);
    BOOST_TEST(counts.of_status(200) == 4U);
    BOOST_TEST(counts.of_status(404) == 1U);
    auto const recent = service.recent();
    BOOST_TEST_REQUIRE(recent.size() == 5U);
    BOOST_TEST(recent[0].body == R"({"size":3})");
    BOOST_TEST(recent[3].target == "/nothing");
    BOOST_TEST(recent[3].status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace traitsync::demo::test
