#include "mapping.hpp"

#include <fmt/core.h>

#include "traitsync/profile/stated_id.hpp"

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

namespace {

struct alias_row {
    trait t;
    std::vector<char const*> names;
    char const* value;
    char const* other;
    char const* text;
};

std::vector<alias_row> const alias_rows{
    {trait::created_at,
     {"created", "create", "created_at", "createdAt", "created_time", "create_time"},
     "\"2026-01-05\"",
     "\"2020-01-01\"",
     "\"2026-01-05T00:00:00.000Z\""},
    {trait::modified_time,
     {"modified_time", "modifiedTime", "modified", "updated_at"},
     "\"2026-01-05\"",
     "\"2020-01-01\"",
     "\"2026-01-05T00:00:00.000Z\""},
    {trait::first_seen_time,
     {"first_seen_time", "firstSeenTime", "first_seen"},
     "\"2026-01-05\"",
     "\"2020-01-01\"",
     "\"2026-01-05T00:00:00.000Z\""},
    {trait::last_seen_time,
     {"last_seen_time", "lastSeenTime", "last_seen"},
     "\"2026-01-05\"",
     "\"2020-01-01\"",
     "\"2026-01-05T00:00:00.000Z\""},
    {trait::name, {"name"}, "\"Ada\"", "\"Bob\"", "\"Ada\""},
    {trait::email, {"email"}, "\"a@example.com\"", "\"b@example.com\"", "\"a@example.com\""},
    {trait::username, {"user_name", "username", "userName"}, "\"ada\"", "\"bob\"", "\"ada\""},
    {trait::campaign, {"campaign"}, "{ \"utm_source\": 1.0 }", "{}", "{\"utm_source\":1.0}"},
    {trait::clearbit, {"clearbit"}, "{\"a\":[]}", "{}", "{\"a\":[]}"},
    {trait::last_24_hour_agg_results,
     {"last_24_hour_agg_results", "last24HourAggResults", "last_24_hours_agg_results", "last_24_hour_aggs"},
     "{\"sum\":1}",
     "{\"sum\":2}",
     "{\"sum\":1}"},
    {trait::metadata, {"metadata"}, "{\"plan\":\"pro\"}", "{}", "{\"plan\":\"pro\"}"},
    {trait::user_agent, {"user_agent", "userAgent"}, "{\"os_name\":\"x\"}", "{}", "{\"os_name\":\"x\"}"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(aliases)

BOOST_AUTO_TEST_CASE(each_listed_name_of_a_field_is_read) {
    for (auto const& row : alias_rows) {
        for (auto const* name : row.names) {
            mapping m;
            m.user(fmt::format(R"({{"user_id":"u","{}":{}}})", name, row.value));
            BOOST_TEST(m.text(row.t) == row.text, name);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_first_present_name_wins_whatever_the_order_in_the_document) {
    for (auto const& row : alias_rows) {
        for (std::size_t i = 1; i < row.names.size(); ++i) {
            mapping m;
            m.user(fmt::format(R"({{"user_id":"u","{}":{},"{}":{}}})", row.names[i], row.other, row.names[i - 1],
                               row.value));
            BOOST_TEST(m.text(row.t) == row.text, row.names[i]);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_null_under_the_first_present_name_counts_and_ends_the_search) {
    for (auto const& row : alias_rows) {
        mapping m;
        auto other = std::string{};
        if (row.names.size() > 1) other = fmt::format(",\"{}\":{}", row.names[1], row.value);
        m.user(fmt::format(R"({{"user_id":"u","{}":null{}}})", row.names[0], other));
        BOOST_TEST(m.of(row.t).state == form::null, row.names[0]);
        BOOST_TEST(m.of(row.t).full == 0U);
        BOOST_TEST(m.warned().wrong_type == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_type_counts_as_absent_with_a_warning_and_the_next_name_is_tried) {
    for (auto const& row : alias_rows) {
        for (auto const* wrong : {"true", "[]", "[1]"}) {
            mapping alone;
            alone.user(fmt::format(R"({{"user_id":"u","{}":{}}})", row.names[0], wrong));
            BOOST_TEST(alone.of(row.t).state == form::absent, row.names[0]);
            BOOST_TEST(alone.warned().wrong_type == 1U, row.names[0]);
            if (row.names.size() < 2) continue;
            mapping next;
            next.user(
                fmt::format(R"({{"user_id":"u","{}":{},"{}":{}}})", row.names[0], wrong, row.names[1], row.value));
            BOOST_TEST(next.text(row.t) == row.text, row.names[1]);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_absent_field_is_an_absent_trait) {
    mapping m;
    m.user(R"({"user_id":"u"})");
    for (std::size_t i = 1; i < trait_count; ++i) BOOST_TEST(m.out.traits[i].state == form::absent, trait_at(i));
    BOOST_TEST(m.text(trait::id) == "\"u\"");
}

BOOST_AUTO_TEST_CASE(outputs_are_reused_without_a_trace_of_the_document_before) {
    mapping m;
    sample const full{"moesif/01-user-full.json"};
    m.user(full.source);
    sample const embedded{"moesif/07-user-embedded-company.json"};
    m.user(embedded.source);
    auto const& out = m.user(R"({"user_id":"u"})");
    mapping fresh;
    auto const& expected = fresh.user(R"({"user_id":"u"})");
    BOOST_TEST(out.rest == expected.rest);
    BOOST_TEST(out.context == expected.context);
    BOOST_TEST(out.content == expected.content);
    BOOST_TEST(!out.company_id);
    BOOST_TEST(!out.has_embedded_company);
    BOOST_TEST(!out.modified_millis);
    for (std::size_t i = 1; i < trait_count; ++i) BOOST_TEST(m.text(trait_at(i)) == "absent");
}

BOOST_AUTO_TEST_CASE(names_are_joined_and_found_where_writers_put_them) {
    struct row {
        char const* source;
        char const* text;
    };
    for (auto const& [source, text] : {
             row{R"("name":"A","first_name":"B","metadata":{"name":"C"})", "\"A\""},
             row{R"("first_name":"A","last_name":"B","metadata":{"name":"C"})", "\"A B\""},
             row{R"("firstName":"A","lastName":"B")", "\"A B\""},
             row{R"("first_name":"A")", "\"A\""},
             row{R"("last_name":"B")", "\"B\""},
             row{R"("first_name":"","last_name":"B")", "\"B\""},
             row{R"("first_name":"","last_name":"")", "\"\""},
             row{R"("first_name":null,"last_name":"B")", "\"B\""},
             row{R"("first_name":null,"metadata":{"name":"C"})", "null"},
             row{R"("first_name":1,"metadata":{"name":"C"})", "\"C\""},
             row{R"("metadata":{"name":"C","first_name":"A"})", "\"C\""},
             row{R"("metadata":{"first_name":"A","last_name":"B"})", "\"A B\""},
             row{R"("metadata":{"name":7,"last_name":"B"})", "\"B\""},
             row{R"("metadata":{"name":null,"last_name":"B"})", "null"},
             row{R"("name":17,"metadata":{"name":"C"})", "\"C\""},
             row{R"("name":null,"metadata":{"name":"C"})", "null"},
             row{R"("name":"a\u0000b")", "\"ab\""},
         }) {
        mapping m;
        m.user(fmt::format(R"({{"user_id":"u",{}}})", source));
        BOOST_TEST(m.text(trait::name) == text, source);
    }
}

BOOST_AUTO_TEST_CASE(email_and_username_fall_back_to_metadata) {
    struct row {
        trait t;
        char const* source;
        char const* text;
    };
    for (auto const& [t, source, text] : {
             row{trait::email, R"("metadata":{"email":"a@b"})", "\"a@b\""},
             row{trait::email, R"("email":17,"metadata":{"email":"a@b"})", "\"a@b\""},
             row{trait::email, R"("email":null,"metadata":{"email":"a@b"})", "null"},
             row{trait::email, R"("email":"","metadata":{"email":"a@b"})", "\"\""},
             row{trait::email, R"("metadata":{"email":false})", "absent"},
             row{trait::email, R"("metadata":[{"email":"a@b"}])", "absent"},
             row{trait::username, R"("metadata":{"username":"a"})", "\"a\""},
             row{trait::username, R"("metadata":{"user_name":"b"})", "\"b\""},
             row{trait::username, R"("metadata":{"user_name":"b","username":"a"})", "\"a\""},
             row{trait::username, R"("user_name":"","metadata":{"user_name":"b"})", "\"\""},
         }) {
        mapping m;
        m.user(fmt::format(R"({{"user_id":"u",{}}})", source));
        BOOST_TEST(m.text(t) == text, source);
    }
}

BOOST_AUTO_TEST_CASE(ids_are_found_in_order_and_numbers_become_decimal_text) {
    struct row {
        char const* key;
        char const* source;
        char const* id;
        unsigned mismatches;
    };
    for (auto const& [key, source, id, mismatches] : {
             row{"", R"({"user_id":"a"})", "a", 0},
             row{"", R"({"userId":"a"})", "a", 0},
             row{"", R"({"identified_user_id":"a"})", "a", 0},
             row{"", R"({"identifiedUserId":"a"})", "a", 0},
             row{"", R"({"_id":"a"})", "a", 0},
             row{"k", "{}", "k", 0},
             row{"k", R"({"user_id":"a"})", "a", 1},
             row{"a", R"({"user_id":"a","_id":"a"})", "a", 0},
             row{"", R"({"_id":"c","identified_user_id":"b","user_id":"a"})", "a", 1},
             row{"k", R"({"user_id":""})", "k", 0},
             row{"k", R"({"user_id":" \t\n","userId":"b"})", "b", 1},
             row{"k", R"({"user_id":null})", "k", 0},
             row{"k", R"({"user_id":true})", "k", 0},
             row{"k", R"({"user_id":["a"]})", "k", 0},
             row{"k", R"({"user_id":{"id":"a"}})", "k", 0},
             row{"k", R"({"user_id":1.5})", "k", 0},
             row{"k", R"({"user_id":1e64})", "k", 0},
             row{"", R"({"user_id":" a "})", " a ", 0},
             row{"", R"({"user_id":"a\u0000b"})", "ab", 0},
             row{"", R"({"user_id":18000000000000000018})", "18000000000000000018", 0},
             row{"", R"({"user_id":7})", "7", 0},
             row{"", R"({"user_id":7.0})", "7", 0},
             row{"", R"({"user_id":70e-1})", "7", 0},
             row{"", R"({"user_id":1.25E2})", "125", 0},
             row{"", R"({"user_id":-12e+1})", "-120", 0},
             row{"", R"({"user_id":-0.0})", "0", 0},
             row{"7", R"({"user_id":7.0})", "7", 0},
             row{"", R"({"user_id":1e63})", "1000000000000000000000000000000000000000000000000000000000000000", 0},
         }) {
        mapping m;
        BOOST_TEST(m.user(source, key).id == id, source);
        BOOST_TEST(m.warned().id_mismatch == mismatches, source);
        BOOST_TEST(m.of(trait::id).text == fmt::format("\"{}\"", id));
        // The same of a text that nobody maps.
        std::string const document{source};
        auto const hit = *key == 0 ? document : fmt::format(R"({{"_id":"{}","_source":{}}})", key, document);
        BOOST_TEST(stated_user_id(hit).value_or("none") == id, source);
    }
}

BOOST_AUTO_TEST_CASE(of_when_a_text_is_shows_as_in_a_mapped_one) {
    for (auto const* times : {
             R"("modified_time":"2026-11-01T00:00:00.000")",
             R"("modified_time":1793491320000)",
             R"("modifiedTime":"2026-11-01T00:00:00Z","updated_at":"2026-11-02T00:00:00Z")",
             R"("updated_at":"2026-11-02T00:00:00Z","modified_time":"2026-11-01T00:00:00Z")",
             R"("modified_time":"2026-11-01T00:00:00Z","modified_time":"2026-11-03T00:00:00Z")",
             R"("modified_time":{"at":1},"modified":"2026-11-02T00:00:00Z")",
             R"("modified_time":true,"updated_at":"2026-11-02T00:00:00Z")",
             R"("modified_time":null,"updated_at":"2026-11-02T00:00:00Z")",
             R"("modified_time":"garbage","updated_at":"2026-11-02T00:00:00Z")",
             R"("metadata":{"modified_time":"2026-11-01T00:00:00Z"})",
             R"("modified_time":"")",
         }) {
        auto const of_user = fmt::format(R"({{"user_id":"a",{}}})", times);
        mapping m;
        m.user(of_user.c_str(), "k");
        BOOST_TEST((stated_user_modified(of_user) == m.out.modified_millis), times);
        auto const of_company = fmt::format(R"({{"company_id":"a",{}}})", times);
        BOOST_TEST((stated_company_modified(of_company) == m.out.modified_millis), times);
    }
    BOOST_TEST(stated_user_modified(R"({"modified_time":1793491320000})").value_or(0) == 1793491320000);
}

BOOST_AUTO_TEST_CASE(who_names_only_the_document_has_no_id_of_its_own) {
    BOOST_TEST(has_own_user_id(R"({"_id":"a","userId":"b"})"));
    BOOST_TEST(has_own_company_id(R"({"id":"b"})"));
    for (auto const* nobody :
         {R"({"_id":"a","found":false})", R"({"user_id":null})", R"({"metadata":{"user_id":"b"}})"})
        BOOST_TEST(!has_own_user_id(nobody), nobody);
}

BOOST_AUTO_TEST_CASE(whose_a_text_is_shows_however_deep_it_is_and_a_mention_is_nobody_s) {
    std::string deep = "1";
    for (int i = 0; i < 200; ++i) deep = "{\"user_id\":" + deep + "}";
    BOOST_TEST(stated_user_id("{\"metadata\":" + deep + R"(, "user\u005fid" : "a"})").value_or("none") == "a");
    BOOST_TEST(stated_company_id(R"({"metadata":{"company_id":"b"},"companyId":"a"})").value_or("none") == "a");
    for (auto const* nobody : {"", "[]", "\"a\"", "{", R"({"x")", R"({"x":})", R"({"referred_by":"a"})",
                               R"({"metadata":{"user_id":"a"}})", R"({"user_id":"a","user_id":null})"}) {
        BOOST_TEST(!stated_user_id(nobody).has_value(), nobody);
    }
}

BOOST_AUTO_TEST_CASE(documents_without_a_usable_id_say_why) {
    struct row {
        char const* key;
        std::string source;
        verdict what;
        char const* reason;
    };
    std::string deep(70, '[');
    deep += std::string(70, ']');
    for (auto const& [key, source, what, reason] : {
             row{"", R"({"email":"a@b"})", verdict::quarantine, "missing_id"},
             row{" ", R"({"user_id":false})", verdict::quarantine, "missing_id"},
             row{"k", "[]", verdict::quarantine, "source_not_object"},
             row{"k", "null", verdict::quarantine, "source_not_object"},
             row{"k", "\"text\"", verdict::quarantine, "source_not_object"},
             row{"k", "{\"a\":", verdict::quarantine, "bad_json"},
             row{"k", "", verdict::quarantine, "bad_json"},
             row{"k", R"({"user_id":"u","metadata":)" + deep + "}", verdict::quarantine, "too_deep"},
             row{"k", R"({"user_id":"u","a":")" + std::string(4'000'000, 'x') + "\"}", verdict::quarantine,
                 "too_large"},
             row{"anon", R"({"anonymous_id":"anon"})", verdict::anonymous, ""},
             row{"", R"({"anonymous_id":"anon","_id":"anon"})", verdict::anonymous, ""},
             row{"", R"({"anonymousId":"anon"})", verdict::anonymous, ""},
             row{"anon", R"({"anonymous_id":"anon","user_id":"u"})", verdict::mapped, ""},
             row{"anon", R"({"anonymous_id":"anon","identified_user_id":"u"})", verdict::mapped, ""},
             row{"k", R"({"anonymous_id":null})", verdict::mapped, ""},
         }) {
        mapping m;
        auto const outcome = m.m.map_user(key, source, m.out);
        BOOST_TEST(outcome.what == what, source.substr(0, 60));
        BOOST_TEST(outcome.reason == reason, source.substr(0, 60));
        BOOST_TEST((outcome.detail.empty()) == (what != verdict::quarantine));
    }
}

BOOST_AUTO_TEST_CASE(dates_are_written_in_utc_with_milliseconds) {
    struct row {
        char const* source;
        char const* text;
    };
    for (auto const& [source, text] : {
             row{"\"2026-04-02T09:15:30.464\"", "\"2026-04-02T09:15:30.464Z\""},
             row{"\"2026-01-05T08:00:00.1239999Z\"", "\"2026-01-05T08:00:00.123Z\""},
             row{"\"2026-04-02T11:15:29+02:00\"", "\"2026-04-02T09:15:29.000Z\""},
             row{"\"2026-04-02 11:15:29+0200\"", "\"2026-04-02T09:15:29.000Z\""},
             row{"\"2026-03-31 23:59:60Z\"", "\"2026-03-31T23:59:59.999Z\""},
             row{"\"2025-11-30\"", "\"2025-11-30T00:00:00.000Z\""},
             row{"\"1764460800\"", "\"2025-11-30T00:00:00.000Z\""},
             row{"1764460800", "\"2025-11-30T00:00:00.000Z\""},
             row{"1767600000000", "\"2026-01-05T08:00:00.000Z\""},
             row{"1767600000000.0", "\"2026-01-05T08:00:00.000Z\""},
             row{"1.7676e12", "\"2026-01-05T08:00:00.000Z\""},
         }) {
        mapping m;
        m.user(fmt::format(R"({{"user_id":"u","created":{0},"modified_time":{0}}})", source));
        BOOST_TEST(m.text(trait::created_at) == text, source);
        BOOST_TEST(m.out.modified_millis.has_value());
        BOOST_TEST(m.warned().bad_time == 0U);
    }
    for (auto const* wrong : {"\"not a date\"", "\"\"", "\"2026-13-45T99:99:99Z\"", "1.5", "1e300"}) {
        mapping m;
        m.user(fmt::format(R"({{"user_id":"u","created":{},"create":"2026-01-01"}})", wrong));
        BOOST_TEST(m.text(trait::created_at) == "absent", wrong);
        BOOST_TEST(m.warned().bad_time == 1U, wrong);
    }
}

BOOST_AUTO_TEST_CASE(context_is_read_from_its_fields_and_leaves_out_what_does_not_fit) {
    struct row {
        char const* source;
        char const* context;
    };
    for (auto const& [source, context] : {
             row{R"("ip_address":"192.0.2.1")", R"("ip":"192.0.2.1")"},
             row{R"("ipAddress":"2001:db8::14")", R"("ip":"2001:db8::14")"},
             row{R"("ip_address":"nonsense")", ""},
             row{R"("ip_address":"192.0.2.300","ipAddress":"192.0.2.1")", R"("ip":"192.0.2.1")"},
             row{R"("ip_address":17,"geo_ip":{"ip":"192.0.2.2"})", R"("ip":"192.0.2.2")"},
             row{R"("ip_address":null,"geo_ip":{"ip":"192.0.2.2"})", ""},
             row{R"("geo_ip":{"ip":"::1"})", R"("ip":"::1")"},
             row{R"("geo_ip":{"city_name":"Z","country_name":null,"region_name":5})", R"("location":{"city":"Z"})"},
             row{R"("geo_ip":{"latitude":47.50,"longitude":-0.0})", R"("location":{"latitude":47.50,"longitude":0})"},
             row{R"("geo_ip":{"location":{"lat":1,"lon":2}})", R"("location":{"latitude":1,"longitude":2})"},
             row{R"("geo_ip":{"latitude":"3","location":{"lat":1,"lon":2}})",
                 R"("location":{"latitude":1,"longitude":2})"},
             row{R"("geo_ip":{"latitude":3,"location":{"lat":1,"lon":2}})",
                 R"("location":{"latitude":3,"longitude":2})"},
             row{R"("geo_ip":{"latitude":"x","longitude":1e400})", ""},
             row{R"("geo_ip":{"region_name":"R","country_name":"C"})", R"("location":{"country":"C","region":"R"})"},
             row{R"("geo_ip":{"timezone":"Europe/Zurich"})", R"("timezone":"Europe/Zurich")"},
             row{R"("geo_ip":[])", ""},
             row{R"("user_agent_string":"x\"y")", R"("userAgent":"x\"y")"},
             row{R"("userAgentString":"x","ip_address":"192.0.2.1")", R"("ip":"192.0.2.1","userAgent":"x")"},
         }) {
        mapping m;
        m.user(fmt::format(R"({{"user_id":"u",{}}})", source));
        BOOST_TEST(m.out.context == context, source);
    }
}

BOOST_AUTO_TEST_SUITE_END()
