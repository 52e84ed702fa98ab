#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "moesif_fixture.hpp"

namespace traitsync::demo::test {

namespace {

using strings = std::vector<std::string>;

struct search_case {
    char const* what;
    char const* body;
    strings ids;
};

// The set that the table of queries runs against.
struct mixed_users : moesif_fixture {
    mixed_users() {
        service.put_user(
            "ada",
            R"({"user_id":"u-9","email":"Ada@example.com","company_id":"c2","seats":3,"vip":true,"last_seen_time":"2026-01-03T00:00:00.0000000Z","metadata":{"plan":"pro"}})",
            1000);
        service.put_user(
            "ben",
            R"({"user_id":"u-1","company_id":"c1","seats":12,"vip":false,"last_seen_time":"2026-01-01T00:00:00.0000000Z","metadata":{"plan":"free"}})",
            3000);
        service.put_user("cho", R"({"user_id":"u-5","seats":7.5,"last_seen_time":"2026-01-02T00:00:00.0000000Z"})",
                         2000);
        service.put_user("dan", R"({"user_id":"u-7","company_id":"c1"})", std::nullopt);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(moesif_search, mixed_users)

BOOST_AUTO_TEST_CASE(queries_sorts_and_windows_choose_what_the_engine_would_choose) {
    search_case const table[] = {
        {"nothing asked", "{}", {"ada", "ben", "cho", "dan"}},
        {"an empty body", "", {"ada", "ben", "cho", "dan"}},
        {"match_all", R"({"query":{"match_all":{}}})", {"ada", "ben", "cho", "dan"}},
        {"by id", R"({"sort":["_id"],"size":2})", {"ada", "ben"}},
        {"by id, downwards", R"({"sort":[{"_id":"desc"}],"size":3})", {"dan", "cho", "ben"}},
        {"by id, after", R"({"sort":[{"_id":{"order":"asc"}}],"search_after":["ben"]})", {"cho", "dan"}},
        {"after an id that is not there", R"({"sort":["_id"],"search_after":["bz"]})", {"cho", "dan"}},
        {"by time, missing last",
         R"({"sort":[{"modified_time":{"order":"asc","unmapped_type":"string"}},{"_id":"asc"}]})",
         {"ada", "cho", "ben", "dan"}},
        {"by time alone", R"({"sort":["modified_time"]})", {"ada", "cho", "ben", "dan"}},
        {"by time, downwards, missing last too",
         R"({"sort":[{"modified_time":"desc"}]})",
         {"ben", "cho", "ada", "dan"}},
        {"by time, after", R"({"sort":["modified_time","_id"],"search_after":[1000,"ada"]})", {"cho", "ben", "dan"}},
        {"after the missing date",
         R"({"sort":["modified_time","_id"],"search_after":[9223372036854775807,"ccc"]})",
         {"dan"}},
        {"after a null date", R"({"sort":["modified_time","_id"],"search_after":[null,"dan"]})", {}},
        {"after a date in words",
         R"({"sort":["modified_time","_id"],"search_after":["1970-01-01T00:00:02.000Z","cho"]})",
         {"ben", "dan"}},
        {"by last sight", R"({"sort":["last_seen_time"]})", {"ben", "cho", "ada", "dan"}},
        {"by user id", R"({"sort":["user_id.raw"]})", {"ben", "cho", "dan", "ada"}},
        {"by user id, after", R"({"sort":["user_id.raw"],"search_after":["u-5"]})", {"dan", "ada"}},
        {"by company and id, absent last", R"({"sort":["company_id.raw","_id"]})", {"ben", "dan", "ada", "cho"}},
        {"after an absent company", R"({"sort":["company_id.raw","_id"],"search_after":[null,"c"]})", {"cho"}},
        {"a time range",
         R"({"query":{"range":{"modified_time":{"gte":"1970-01-01T00:00:02.000Z"}}},"sort":["modified_time","_id"]})",
         {"cho", "ben"}},
        {"an open time range", R"({"query":{"range":{"modified_time":{"gt":1000,"lt":3000}}}})", {"cho"}},
        {"a closed time range",
         R"({"query":{"range":{"modified_time":{"gte":1000,"lte":2000}}},"sort":["modified_time"]})",
         {"ada", "cho"}},
        {"a time range inside bool, after",
         R"({"query":{"bool":{"filter":[{"range":{"modified_time":{"gte":1000}}}]}},"sort":["modified_time","_id"],"search_after":[2000,"cho"]})",
         {"ben"}},
        {"after what lies before the range",
         R"({"query":{"range":{"modified_time":{"gte":2000}}},"sort":["modified_time","_id"],"search_after":[5,"x"]})",
         {"cho", "ben"}},
        {"an exact term", R"({"query":{"term":{"company_id.raw":"c1"}}})", {"ben", "dan"}},
        {"a term in its long form", R"({"query":{"term":{"company_id.raw":{"value":"c2"}}}})", {"ada"}},
        {"a term on the id", R"({"query":{"term":{"_id":"cho"}}})", {"cho"}},
        {"terms", R"({"query":{"terms":{"user_id.raw":["u-1","u-7","u-x"]}}})", {"ben", "dan"}},
        {"the exact twin keeps case", R"({"query":{"term":{"email.raw":"Ada@example.com"}}})", {"ada"}},
        {"the bare text is analysed", R"({"query":{"term":{"email":"Ada@example.com"}}})", {}},
        {"one word of it", R"({"query":{"term":{"email":"ada"}}})", {"ada"}},
        {"a number", R"({"query":{"term":{"seats":12}}})", {"ben"}},
        {"a range of numbers", R"({"query":{"range":{"seats":{"gt":3,"lte":12}}}})", {"ben", "cho"}},
        {"a boolean", R"({"query":{"term":{"vip":true}}})", {"ada"}},
        {"a nested field", R"({"query":{"term":{"metadata.plan.raw":"pro"}}})", {"ada"}},
        {"must and must_not",
         R"({"query":{"bool":{"must":{"term":{"company_id.raw":"c1"}},"must_not":[{"term":{"_id":"dan"}}]}}})",
         {"ben"}},
        {"query and post_filter",
         R"({"query":{"term":{"company_id.raw":"c1"}},"post_filter":{"range":{"modified_time":{"gte":0}}}})",
         {"ben"}},
        {"a filter and the index",
         R"({"query":{"term":{"company_id.raw":"c1"}},"sort":["_id"],"search_after":["ben"]})",
         {"dan"}},
        {"from", R"({"sort":["_id"],"from":1,"size":2})", {"ben", "cho"}},
        {"from over a filter", R"({"query":{"term":{"company_id.raw":"c1"}},"sort":["_id"],"from":1})", {"dan"}},
        {"size 0", R"({"size":0})", {}},
    };
    for (auto const& c : table) {
        BOOST_TEST_CONTEXT(c.what) { BOOST_TEST(ids_of(search(c.body)) == c.ids, boost::test_tools::per_element()); }
    }
}

BOOST_AUTO_TEST_CASE(what_the_service_is_not_known_to_accept_is_a_400) {
    char const* const table[] = {
        "{",
        "[]",
        R"({"size":10001})",
        R"({"size":-1})",
        R"({"size":"5"})",
        R"({"size":1.5})",
        R"({"from":9999,"size":2})",
        R"({"aggs":{}})",
        R"({"track_total_hits":true})",
        R"({"sort":"_id"})",
        R"({"sort":["name"]})",
        R"({"sort":["user_id"]})",
        R"({"sort":[{"_id":"up"}]})",
        R"({"sort":[{"_id":{"mode":"min"}}]})",
        R"({"sort":[{"_id":"asc","modified_time":"asc"}]})",
        R"({"search_after":["x"]})",
        R"({"sort":["_id"],"search_after":["x",1]})",
        R"({"sort":["_id"],"search_after":[1]})",
        R"({"sort":["_id"],"search_after":[null]})",
        R"({"sort":["_id"],"search_after":"x"})",
        R"({"sort":["modified_time"],"search_after":[1.5]})",
        R"({"sort":["modified_time"],"search_after":["soon"]})",
        R"({"sort":["_id"],"search_after":["x"],"from":1})",
        R"({"query":{}})",
        R"({"query":{"match":{"name":"x"}}})",
        R"({"query":{"match_all":{},"term":{}}})",
        R"({"query":{"bool":{"should":[]}}})",
        R"({"query":{"range":{"modified_time":{"from":1}}}})",
        R"({"query":{"range":{"modified_time":{"gte":"soon"}}}})",
        R"({"query":{"term":{"a":[1]}}})",
        R"({"query":{"terms":{"a":1}}})",
        R"({"_source":true})",
        R"({"_source":["a*"]})",
    };
    for (auto const* body : table) BOOST_TEST_CONTEXT(body) {
            BOOST_TEST(post(users_path, body).status == 400);
        }
}

BOOST_AUTO_TEST_CASE(a_hit_carries_the_stored_bytes_the_id_and_its_sort_values) {
    std::string const text = R"({ "user_id" : "zoe","n":1e400, "n":12345678901234567890123, "bad":"\ud83d" })";
    service.put_user("zoe \"z\"", text, 1775121330464);
    service.put_user("zzz", R"({"a":1})", std::nullopt);
    auto const answer = post(users_path, R"({"sort":["modified_time","_id"],"search_after":[3000,"ben"]})");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.headers.at("content-type") == "application/json");
    BOOST_TEST(
        answer.body ==
        R"({"took":3,"timed_out":false,"hits":{"total":6,"hits":[{"_id":"zoe \"z\"","_source":)" + text +
            R"(,"sort":[1775121330464,"zoe \"z\""]},{"_id":"dan","_source":{"user_id":"u-7","company_id":"c1"},)"
            R"("sort":[9223372036854775807,"dan"]},{"_id":"zzz","_source":{"a":1},"sort":[9223372036854775807,"zzz"]}]}})");
}

BOOST_AUTO_TEST_CASE(a_document_under_an_empty_id_is_a_hit_without_one) {
    service.put_user("", R"({"email":"nobody@example.com"})", 1);
    auto const hit = hits_of(search(R"({"sort":["_id"],"size":1})"))[0].as_object();
    BOOST_TEST(!hit.contains("_id"));
    BOOST_TEST(hit.at("sort").as_array()[0].as_string() == "");
}

BOOST_AUTO_TEST_CASE(a_source_list_reduces_documents_and_keeps_the_bytes_of_values) {
    service.put_user(
        "eve",
        R"({"email": "e@x","company":{"id":"c","subscriptions":[{"a":1.50,"b":2},{"b":3}],"x":{}},"metadata":{"a":{"b":1}}})",
        1);
    auto const body =
        post(users_path, R"({"query":{"term":{"_id":"eve"}},"_source":["email","company.subscriptions.a","metadata"]})")
            .body;
    BOOST_TEST(
        body.find(R"("_source":{"email":"e@x","company":{"subscriptions":[{"a":1.50}]},"metadata":{"a":{"b":1}}}})") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(paging_by_time_meets_every_document_once_whatever_the_page_size) {
    put_pairs(101);
    for (int const size : {1, 2, 3, 50, 200}) {
        strings seen;
        std::string after;
        while (true) {
            auto const answer = search(fmt::format(
                R"({{"size":{},"query":{{"range":{{"modified_time":{{"gte":1001}}}}}},"sort":["modified_time","_id"]{}}})",
                size, after));
            if (hits_of(answer).empty()) break;
            for (auto const& id : ids_of(answer)) seen.push_back(id);
            BOOST_TEST(answer.at("hits").at("total").as_int64() == 101 - 2 + 2);
            after = ",\"search_after\":" + boost::json::serialize(hits_of(answer).back().at("sort"));
        }
        auto unique = seen;
        std::sort(unique.begin(), unique.end());
        BOOST_TEST((std::unique(unique.begin(), unique.end()) == unique.end()));
        BOOST_TEST(seen.size() == 101U - 2 + 2);
    }
}

BOOST_AUTO_TEST_CASE(a_write_moves_the_document_in_both_orders) {
    service.put_user("ada", R"({"v":2})", 9000);
    BOOST_TEST(ids_of(search(R"({"sort":["modified_time"]})")) == (strings{"cho", "ben", "ada", "dan"}),
               boost::test_tools::per_element());
    service.remove_user("cho");
    BOOST_TEST(ids_of(search(R"({"sort":["_id"]})")) == (strings{"ada", "ben", "dan"}),
               boost::test_tools::per_element());
    BOOST_TEST(service.users() == 3U);
}

BOOST_AUTO_TEST_CASE(thousands_of_documents_in_any_order_of_arrival_stay_sorted) {
    moesif_fixture other;
    constexpr std::size_t n = 5000;
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t const k = i * 2'654'435'761U % n;  // all of 0 … n − 1, scattered
        other.service.put_user(fmt::format("k{:05}", k), "{}", static_cast<std::int64_t>(n - k));
    }
    for (std::size_t k = 0; k < n; k += 3) other.service.remove_user(fmt::format("k{:05}", k));
    auto const by_id = ids_of(other.search(R"({"size":10000,"sort":["_id"]})"));
    auto const by_time = ids_of(other.search(R"({"size":10000,"sort":["modified_time","_id"]})"));
    BOOST_TEST(by_id.size() == other.service.users());
    BOOST_TEST(std::is_sorted(by_id.begin(), by_id.end()));
    BOOST_TEST(std::equal(by_id.begin(), by_id.end(), by_time.rbegin(), by_time.rend()));
}

BOOST_AUTO_TEST_CASE(generated_documents_answer_like_stored_ones) {
    moesif_fixture stored;
    auto const id = [](std::size_t i) { return fmt::format("g{:04}", i); };
    auto const time = [](std::size_t i) -> std::optional<std::int64_t> {
        if (i % 7 == 0) return std::nullopt;
        return static_cast<std::int64_t>(i * 37 % 50);
    };
    auto const source = [](std::size_t i, std::string& out) { out += fmt::format(R"({{"n":{}}})", i); };
    for (std::size_t i = 0; i < 300; ++i) {
        std::string text;
        source(i, text);
        stored.service.put_user(id(i), text, time(i));
    }
    service.set_generated_users({300, id, time, source});
    BOOST_TEST(service.users() == 300U);
    char const* const table[] = {
        R"({"size":1000,"sort":["_id"]})",
        R"({"size":1000,"sort":["modified_time","_id"]})",
        R"({"size":20,"sort":["modified_time","_id"],"search_after":[17,"g0100"]})",
        R"({"size":20,"sort":["_id"],"search_after":["g0123x"]})",
        R"({"size":1000,"query":{"range":{"modified_time":{"gte":10,"lt":20}}},"sort":["modified_time","_id"]})",
        R"({"size":1000,"query":{"term":{"n":77}}})",
        R"({"size":30,"sort":[{"_id":"desc"}]})",
    };
    for (auto const* body : table) {
        BOOST_TEST_CONTEXT(body) { BOOST_TEST(post(users_path, body).body == stored.post(users_path, body).body); }
    }
    BOOST_TEST(get("/v1/search/~/users/g0123").body == stored.get("/v1/search/~/users/g0123").body);
    BOOST_TEST(get("/v1/search/~/users/g0300").status == 404);
    service.set_generated_users({});
    BOOST_TEST(service.users() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace traitsync::demo::test
