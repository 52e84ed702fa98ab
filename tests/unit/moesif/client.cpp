#include "traitsync/moesif/client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

#include "support/awaited.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

using namespace traitsync;
using namespace traitsync::test;
using namespace std::chrono_literals;

namespace {

constexpr auto users = moesif::stream::users;
constexpr auto companies = moesif::stream::companies;
std::string const documented_users = "/v1/search/~/search/usermetrics/users";
std::string const older_users = "/v1/search/~/search/users";
std::string const documented_companies = "/v1/search/~/search/companymetrics/companies";
std::string const older_companies = "/v1/search/~/search/companies";

struct desk {
    scripted_server server;
    boost::asio::io_context loop;
    config::moesif_settings settings;
    std::optional<moesif::client> client;

    desk() {
        settings.url = server.url("/v1");
        settings.token = secret{"sesame.token"};
        settings.timeout = 20s;
    }
    moesif::client& use() {
        if (!client) client.emplace(loop, settings, "");
        return *client;
    }
    result<std::string> search(moesif::stream which = users) {
        moesif::search s;
        s.stream = which;
        return awaited(loop, use().search_page(std::move(s)));
    }
    result<std::optional<std::string>> document(std::string id, moesif::stream which = users) {
        return awaited(loop, use().document(which, std::move(id)));
    }
    std::vector<std::string> targets() const {
        std::vector<std::string> all;
        for (auto const& r : server.requests()) all.push_back(r.target);
        return all;
    }
    // Only these paths are there.
    void only(std::vector<std::string> paths) {
        server.answer_with([paths](seen_request const& r) -> scripted_answer {
            auto const there = std::ranges::find(paths, r.target) != paths.end();
            return {.status = there ? 200 : 404, .body = there ? "page" : "no route"};
        });
    }
};

std::string file(std::string const& name) {
    std::ifstream in{std::string{TS_SOURCE_DIR} + "/tests/samples/moesif/" + name};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

using strings = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(client)

BOOST_AUTO_TEST_CASE(an_incremental_search_asks_as_the_sample_does) {
    moesif::search s;
    s.size = 3;
    s.modified_since = parse_time("2026-03-01T08:00:00Z");
    s.search_after = R"([1772352002000,"usr_000103"])";
    BOOST_TEST(boost::json::parse(moesif::search_body(s)) == boost::json::parse(file("37-search-users-request.json")));
}

BOOST_AUTO_TEST_CASE(a_full_search_has_no_query_and_sorts_by_the_key_alone) {
    moesif::search s;
    BOOST_TEST(moesif::search_body(s) == R"({"size":500,"sort":[{"_id":"asc"}]})");
    s.fallback_key = true;
    s.search_after = R"([ "a\u0000" ])";
    BOOST_TEST(moesif::search_body(s) == R"({"size":500,"sort":[{"user_id.raw":"asc"}],"search_after":[ "a\u0000" ]})");
    s.stream = companies;
    s.search_after.clear();
    s.modified_since = parse_time("2026-03-01");
    BOOST_TEST(
        moesif::search_body(s) ==
        R"({"size":500,"query":{"bool":{"filter":[{"range":{"modified_time":{"gte":"2026-03-01T00:00:00.000Z"}}}]}},)"
        R"("sort":[{"modified_time":{"order":"asc","unmapped_type":"string"}},{"company_id.raw":"asc"}]})");
}

BOOST_FIXTURE_TEST_CASE(a_second_request_of_one_call_is_asked_for, desk) {
    int allowed = 0;
    int asked = 0;
    client.emplace(loop, settings, "", [&] {
        ++asked;
        return allowed-- > 0;
    });
    server.answer({.status = 404});
    BOOST_CHECK_MESSAGE(search().error().kind == fault::unavailable, "it is no wrong address yet");
    BOOST_TEST((targets() == strings{documented_users}), "the other path has to wait");
    BOOST_TEST(search().has_value());
    // An idle connection that is closed at the sight of the request.
    server.answer(scripted_answer::dropped());
    BOOST_TEST(!search().has_value());
    BOOST_TEST((targets() == strings{documented_users, older_users, older_users}));
    BOOST_TEST(asked == 2);
    BOOST_TEST(search().has_value());
    allowed = 1;
    server.answer(scripted_answer::dropped());
    BOOST_TEST(search().has_value());
    BOOST_TEST(asked == 3);
}

BOOST_FIXTURE_TEST_CASE(a_path_that_is_nowhere_is_told_where_no_call_may_ask_twice_too, desk) {
    client.emplace(loop, settings, "", [] { return false; });
    only({});
    BOOST_CHECK(search().error().kind == fault::unavailable);
    for (int i = 0; i < 3; ++i) BOOST_CHECK(search().error().kind == fault::misdirected);
    BOOST_TEST(targets() == (strings{documented_users, older_users, documented_users, older_users}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_search_carries_what_moesif_wants, desk) {
    settings.app_id = "198:3";
    server.answer({.status = 201, .body = R"({"hits":{}})", .encoding = encoding::gzip});
    BOOST_TEST(search().value() == R"({"hits":{}})");
    auto const seen = server.requests().at(0);
    BOOST_TEST(seen.method == "POST");
    BOOST_TEST(seen.target == documented_users + "?app_id=198%3A3");
    BOOST_TEST(seen.header("Authorization") == "Bearer sesame.token");
    BOOST_TEST(seen.header("Content-Type") == "application/json");
    BOOST_TEST(seen.header("Accept") == "application/json");
    BOOST_TEST(seen.header("User-Agent") == "traitsync/" TRAITSYNC_VERSION);
    BOOST_TEST(seen.body == moesif::search_body({}));
}

BOOST_FIXTURE_TEST_CASE(a_document_is_read_by_its_encoded_id, desk) {
    server.answer({.body = "{\"_id\":\"x\"}"});
    BOOST_TEST(document("auth0|ada/1?x#y z").value().value() == "{\"_id\":\"x\"}");
    BOOST_TEST(document("acme", companies).has_value());
    auto const seen = server.requests();
    BOOST_TEST(seen[0].method == "GET");
    BOOST_TEST(seen[0].target == "/v1/search/~/users/auth0%7Cada%2F1%3Fx%23y%20z");
    BOOST_TEST(seen[0].body.empty());
    BOOST_TEST(!seen[0].has_header("Content-Type"));
    BOOST_TEST(seen[1].target == "/v1/search/~/companies/acme");
}

BOOST_FIXTURE_TEST_CASE(only_404_and_410_say_that_a_document_is_gone, desk) {
    for (auto const status : {404, 410}) {
        server.answer({.status = status});
        BOOST_TEST(!document("x").value().has_value());
    }
    for (auto const status : {301, 400, 401, 403, 405, 408, 429, 500, 502}) {
        server.answer({.status = status});
        BOOST_TEST(!document("x"), status);
    }
    server.answer(scripted_answer::dropped());
    BOOST_TEST(!document("x"));
}

BOOST_FIXTURE_TEST_CASE(a_failure_is_told_with_its_fault_and_wait, desk) {
    server.answer({.status = 429, .headers = {{"Retry-After", "7"}}});
    auto const throttled = search();
    BOOST_CHECK(throttled.error().kind == fault::throttled);
    BOOST_CHECK(throttled.error().retry_after == 7s);
    server.answer({.status = 413});
    BOOST_CHECK(search().error().kind == fault::too_large);
    server.answer({.status = 410});
    BOOST_CHECK(search().error().kind == fault::misdirected);
    server.answer({.status = 503});
    BOOST_CHECK(search().error().kind == fault::unavailable);
    server.answer({.status = 401}, 2);
    BOOST_TEST(search(users).error().what.find("read:users") != std::string::npos);
    BOOST_TEST(search(companies).error().what.find("read:companies") != std::string::npos);
    server.answer({.status = 302, .headers = {{"Location", "/v1/elsewhere"}}});
    BOOST_CHECK(search().error().kind == fault::misdirected);
    server.answer(scripted_answer::bytes("<html>"));
    BOOST_CHECK(search().error().kind == fault::unavailable);
}

BOOST_FIXTURE_TEST_CASE(a_page_beyond_64_mebibytes_is_too_large, desk) {
    server.answer(scripted_answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n"));
    BOOST_CHECK(search().error().kind == fault::too_large);
}

BOOST_FIXTURE_TEST_CASE(the_token_does_not_come_back_in_words_or_answers, desk) {
    // Also where only its beginning would be left after the cut.
    for (std::size_t const before : {0U, 190U, 195U, 2036U, 2040U, 2047U}) {
        server.answer({.status = 400,
                       .body = std::string(before, 'x') + "sesame.token",
                       .headers = {{"Location", "/sesame.token"}}});
        auto const e = search().error();
        BOOST_TEST(e.what.find("sesame") == std::string::npos);
        BOOST_TEST(e.what.find(" (x") == (before == 0 ? std::string::npos : e.what.find(" (")));
        BOOST_TEST(e.answer.find("ses") == std::string::npos);
        BOOST_TEST(e.answer.size() <= 2048U);
    }
    server.answer({.status = 307, .headers = {{"Location", "/sesame.token"}}});
    BOOST_TEST(search().error().what.find("sesame") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_path_that_is_not_there_is_tried_in_the_older_spelling_once_and_remembered, desk) {
    only({older_users, documented_companies});
    for (int i = 0; i < 3; ++i) BOOST_TEST(search(users).value() == "page");
    for (int i = 0; i < 2; ++i) BOOST_TEST(search(companies).value() == "page");
    BOOST_TEST(targets() == (strings{documented_users, older_users, older_users, older_users, documented_companies,
                                     documented_companies}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_older_spelling_may_be_configured_and_the_documented_one_there, desk) {
    settings.users_path = "/search/~/search/users";
    server.answer({.status = 405});
    BOOST_TEST(search().has_value());
    BOOST_TEST(targets() == (strings{older_users, documented_users}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_path_of_ones_own_is_the_only_one, desk) {
    settings.users_path = "/my/users";
    server.answer({.status = 404}, 2);
    BOOST_CHECK(search().error().kind == fault::misdirected);
    BOOST_TEST(search().error().http_status == 404);
    BOOST_TEST(targets() == (strings{"/v1/my/users", "/v1/my/users"}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(where_neither_spelling_is_there_they_take_turns_until_one_answers, desk) {
    only({});
    for (int i = 0; i < 4; ++i) BOOST_CHECK(search().error().kind == fault::misdirected);
    BOOST_TEST(targets() == (strings{documented_users, older_users, documented_users, older_users, documented_users}),
               boost::test_tools::per_element());
    only({documented_users});
    for (int i = 0; i < 3; ++i) search();
    BOOST_TEST(targets().back() == documented_users);
    BOOST_TEST(search().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_path_that_has_answered_is_not_doubted_later, desk) {
    BOOST_TEST(search().has_value());
    server.answer({.status = 404}, 2);
    for (int i = 0; i < 2; ++i) BOOST_CHECK(search().error().kind == fault::misdirected);
    BOOST_TEST(targets() == strings(3, documented_users), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_outage_during_the_second_try_decides_nothing, desk) {
    server.answer({.status = 404});
    server.answer({.status = 503});
    BOOST_CHECK(search().error().kind == fault::unavailable);
    server.answer({.status = 200});
    BOOST_TEST(search().has_value());
    BOOST_TEST(targets() == (strings{documented_users, older_users, older_users}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_stopped_client_answers_cancelled, desk) {
    BOOST_TEST(search().has_value());
    client->stop();
    BOOST_CHECK(search().error().kind == fault::cancelled);
    BOOST_CHECK(document("x").error().kind == fault::cancelled);
}

BOOST_AUTO_TEST_CASE(a_private_authority_is_trusted_through_its_file) {
    authority const ca;
    temp_dir const dir;
    scripted_server server{{.tls = ca.issue()}};
    boost::asio::io_context loop;
    config::moesif_settings settings;
    settings.url = server.url("/v1/");
    settings.token = secret{"t"};
    moesif::client trusting{loop, settings, dir.write("ca.pem", ca.pem())};
    moesif::client other{loop, settings, ""};
    BOOST_TEST(awaited(loop, trusting.search_page({})).has_value());
    BOOST_CHECK(awaited(loop, other.search_page({})).error().kind == fault::unavailable);
    BOOST_TEST(server.requests().at(0).target == documented_users);
}

BOOST_AUTO_TEST_CASE(plain_http_to_another_machine_needs_leave) {
    boost::asio::io_context loop;
    config::moesif_settings settings;
    settings.url = "http://moesif.example/v1";
    BOOST_CHECK_THROW((moesif::client{loop, settings, ""}), broken_invariant);
    settings.allow_insecure = true;
    BOOST_CHECK_NO_THROW((moesif::client{loop, settings, ""}));
}

BOOST_AUTO_TEST_SUITE_END()
