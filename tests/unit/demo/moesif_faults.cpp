#include <boost/test/unit_test.hpp>

#include <zlib.h>

#include <thread>

#include "moesif_fixture.hpp"

namespace traitsync::demo::test {

namespace {

class set_clock : public clock {
public:
    wall_time wall() const override { return now; }
    steady_time steady() const override { return steady_time{now.time_since_epoch()}; }
    wall_time now = from_millis(1'777'593'600'000);  // a whole minute
};

std::string unpacked(std::string const& packed) {
    std::string plain(1 << 20, '\0');
    z_stream stream{};
    inflateInit2(&stream, 31);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    inflate(&stream, Z_FINISH);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(moesif_misbehaviour, moesif_fixture)

BOOST_AUTO_TEST_CASE(a_script_of_faults_is_taken_in_order_and_then_all_is_well) {
    put_pairs(10);
    set({.retry_after = std::chrono::seconds{7},
         .hang_for = std::chrono::milliseconds{1},
         .slow_pause = std::chrono::milliseconds{1}});
    service.script({moesif_fault::throttled, moesif_fault::throttled_silently, moesif_fault::server_error,
                    moesif_fault::bad_gateway, moesif_fault::unavailable, moesif_fault::cut_before_answer,
                    moesif_fault::cut_in_body, moesif_fault::hang, moesif_fault::slow_body, moesif_fault::timed_out,
                    moesif_fault::html_body, moesif_fault::wrong_content_type});
    auto const ask = [&] { return post(users_path, R"({"size":10,"sort":["_id"]})"); };
    auto answer = ask();
    BOOST_TEST(answer.status == 429);
    BOOST_TEST(answer.headers.at("retry-after") == "7");
    answer = ask();
    BOOST_TEST(answer.status == 429);
    BOOST_TEST(!answer.headers.contains("retry-after"));
    BOOST_TEST(ask().status == 500);
    BOOST_TEST(ask().status == 502);
    BOOST_TEST(ask().status == 503);
    BOOST_TEST(ask().status == 0);
    answer = ask();
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(!answer.whole);
    BOOST_TEST(ask().status == 0);
    auto const slow = ask();
    BOOST_TEST(slow.whole);
    auto const partial = ask();
    BOOST_TEST(partial.body.find(R"("timed_out":true)") != std::string::npos);
    BOOST_TEST(ids_of(boost::json::parse(partial.body).as_object()).size() == 5U);
    answer = ask();
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.headers.at("content-type") == "text/html");
    BOOST_TEST(answer.body.starts_with("<!DOCTYPE html>"));
    auto const mistyped = ask();
    BOOST_TEST(mistyped.headers.at("content-type") == "text/plain");
    BOOST_TEST(service.scripted() == 0U);
    auto const well = ask();
    BOOST_TEST(well.headers.at("content-type") == "application/json");
    BOOST_TEST(well.body == slow.body);
    BOOST_TEST(well.body == mistyped.body);
    BOOST_TEST(service.counts().of_status(0) == 2U);
}

BOOST_AUTO_TEST_CASE(chances_follow_their_seed) {
    auto const run = [&](std::uint64_t seed) {
        set({.seed = seed, .throttled = 0.2, .server_error = 0.2, .cut_before_answer = 0.1});
        std::string seen;
        for (int i = 0; i < 60; ++i) seen += std::to_string(post(users_path, "{}").status) + " ";
        return seen;
    };
    auto const first = run(5);
    BOOST_TEST(first == run(5));
    BOOST_TEST(first != run(6));
    for (auto const* status : {"200 ", "429 ", "500 ", "0 "}) BOOST_TEST(first.find(status) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_rate_limit_is_one_of_calendar_minutes_over_all_calls) {
    set_clock time;
    moesif_service limited{{.token = "t", .time = &time, .faults = {.requests_per_minute = 3}}};
    raw_headers const known{{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}};
    raw_client client{limited.port()};
    auto const ask = [&] { return client.exchange("POST", users_path, known, "{}"); };
    time.now += std::chrono::seconds{55};
    BOOST_TEST(ask().status == 200);
    BOOST_TEST(client.exchange("GET", "/v1/search/~/users/x", known).status == 404);
    BOOST_TEST(client.exchange("POST", "/v1/search/~/count/users?app_id=~", known, "{}").status == 200);
    auto answer = ask();
    BOOST_TEST(answer.status == 429);
    BOOST_TEST(!answer.headers.contains("retry-after"));
    limited.set_faults({.requests_per_minute = 3, .limit_says_when = true});
    BOOST_TEST(ask().headers.at("retry-after") == "5");
    time.now += std::chrono::seconds{5};
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_write_is_seen_by_searches_late_and_by_its_id_at_once) {
    set_clock time;
    moesif_service late{
        {.token = "t", .time = &time, .faults = {.visible_after = std::chrono::minutes{20}, .requests_per_minute = 0}}};
    raw_headers const known{{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}};
    raw_client client{late.port()};
    auto const found = [&] {
        return ids_of(boost::json::parse(client.exchange("POST", users_path, known, "{}").body).as_object()).size();
    };
    auto const status = [&] { return client.exchange("GET", "/v1/search/~/users/ada", known).status; };
    late.put_user("ada", R"({"v":1})", 1);
    BOOST_TEST(found() == 0U);
    BOOST_TEST(status() == 200);
    time.now += std::chrono::minutes{20};
    BOOST_TEST(found() == 1U);
    late.remove_user("ada");
    BOOST_TEST(found() == 1U);
    BOOST_TEST(status() == 404);
    late.publish();
    BOOST_TEST(found() == 0U);
}

BOOST_AUTO_TEST_CASE(switches_change_every_answer) {
    put_pairs(10);
    auto const sorted = R"({"size":2,"sort":["modified_time","_id"],"search_after":[1000,"u001"]})";
    auto const by_other_key = R"({"size":2,"sort":["user_id.raw"],"search_after":["u001"]})";
    set({.ignore_search_after = true});
    BOOST_TEST(ids_of(search(sorted))[0] == "u000");
    set({.refuse_search_after = true});
    BOOST_TEST(post(users_path, sorted).status == 400);
    BOOST_TEST(post(users_path, R"({"sort":["_id"]})").status == 200);
    set({.refuse_id_sort = true});
    BOOST_TEST(post(users_path, sorted).status == 400);
    BOOST_TEST(ids_of(search(by_other_key))[0] == "u002");
    set({.total_as_object = true});
    BOOST_TEST(boost::json::serialize(search(sorted).at("hits").at("total")) == R"({"value":10,"relation":"eq"})");
    set({.created_status = true});
    BOOST_TEST(post(users_path, sorted).status == 201);
    set({.largest_page = 1});
    BOOST_TEST(post(users_path, sorted).status == 413);
    set({.unauthorized = true});
    BOOST_TEST(post(users_path, sorted).status == 401);
    set({.bare_answers = true});
    BOOST_TEST(post(users_path, R"({"size":1,"sort":["_id"]})").body ==
               R"({"hits":{"total":10,"hits":[{"_id":"u000","_source":{"user_id":"u000","n":0}}]}})");
    set({.spelling = search_spelling::older_only});
    BOOST_TEST(post(users_path, "{}").status == 404);
    BOOST_TEST(post("/v1/search/~/search/users", "{}").status == 200);
    set({.spelling = search_spelling::documented_only});
    BOOST_TEST(post("/v1/search/~/search/companies", "{}").status == 404);
    BOOST_TEST(post(companies_path, "{}").status == 200);
}

BOOST_AUTO_TEST_CASE(chunks_and_gzip_carry_the_same_text) {
    put_pairs(50);
    auto const ask = R"({"size":50,"sort":["_id"]})";
    auto const plain = post(users_path, ask).body;
    set({.chunked = true});
    auto const chunked = post(users_path, ask);
    BOOST_TEST(chunked.headers.at("transfer-encoding") == "chunked");
    BOOST_TEST(chunked.body == plain);
    set({.chunked = true, .gzip = true});
    BOOST_TEST(!post(users_path, ask).headers.contains("content-encoding"));
    headers.emplace_back("Accept-Encoding", "deflate, gzip");
    auto const packed = post(users_path, ask);
    BOOST_TEST(packed.headers.at("content-encoding") == "gzip");
    BOOST_TEST(unpacked(packed.body) == plain);
    service.script({moesif_fault::cut_in_body});
    BOOST_TEST(!post(users_path, ask).whole);
}

BOOST_AUTO_TEST_CASE(stopping_ends_exchanges_that_hang) {
    set({.hang = 1});
    raw_answer answer{.status = -1};
    std::thread asking{[&] { answer = post(users_path, "{}"); }};
    BOOST_TEST(service.wait_for(std::chrono::seconds{10}, [](moesif_counts const& c) { return c.of_status(0) == 1; }));
    service.stop();
    asking.join();
    BOOST_TEST(answer.status == 0);
}

BOOST_AUTO_TEST_CASE(documents_can_change_between_two_pages) {
    put_pairs(4);
    service.set_before_page([&](page_event const& page) {
        BOOST_TEST(page.continued == (page.number > 0));
        if (page.number == 1) service.put_user("u000", R"({"v":2})", 99'000);
    });
    auto const first = search(R"({"size":2,"sort":["modified_time","_id"]})");
    auto const second = search(R"({"size":9,"sort":["modified_time","_id"],"search_after":[1000,"u001"]})");
    BOOST_TEST(ids_of(first) == (std::vector<std::string>{"u000", "u001"}), boost::test_tools::per_element());
    BOOST_TEST(ids_of(second) == (std::vector<std::string>{"u002", "u003", "u000"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace traitsync::demo::test
