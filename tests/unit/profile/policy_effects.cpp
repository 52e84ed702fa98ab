#include "mapping.hpp"

#include <fmt/core.h>

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

namespace {

struct effect {
    policies more;
    std::string source;
    trait t;
    std::string text;
    std::string stored;
};

void check(effect const& e) {
    mapping m{e.more};
    m.user(e.source);
    BOOST_TEST(m.text(e.t) == e.text, e.source);
    BOOST_TEST(stored(m.out) == e.stored, e.source);
    auto const& found = m.of(e.t);
    if (found.state != form::value) return;
    auto const hashes = hashes_of(found.text, e.t, m.r);
    BOOST_TEST(hashes.full == found.full, e.source);
    BOOST_TEST(hashes.trigger == found.trigger, e.source);
    // What is stored maps to the same again.
    mapping second{e.more};
    second.again(stored(m.out), m.r);
    BOOST_TEST(second.text(e.t) == e.text, e.source);
    BOOST_TEST(second.out.rest == m.out.rest, e.source);
    BOOST_TEST(second.out.content == m.out.content, e.source);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_effects)

BOOST_AUTO_TEST_CASE(a_name_with_a_zero_character_is_the_one_that_is_sent) {
    mapping m{{{"metadata.plan", policy::never}}};
    m.user(R"({"user_id":"u","metadata":{"pl\u0000an":"secret","a":1}})");
    BOOST_TEST(m.text(trait::metadata) == R"({"a":1})");
    BOOST_TEST(stored(m.out) == R"({"user_id":"u","metadata":{"a":1}})", "nor is it stored");
}

BOOST_AUTO_TEST_CASE(never_removes_a_trait_and_every_field_that_it_is_read_from) {
    auto const never = policy::never;
    for (
        auto const& e : {
            effect{{{"email", never}},
                   R"({"user_id":"u","email":"a@b","x":1})",
                   trait::email,
                   "absent",
                   R"({"user_id":"u","x":1})"},
            effect{{{"email", never}}, R"({"user_id":"u","email":null})", trait::email, "absent", R"({"user_id":"u"})"},
            effect{{{"email", never}}, R"({"email":17,"user_id":"u"})", trait::email, "absent", R"({"user_id":"u"})"},
            effect{{{"email", never}},
                   R"({"user_id":"u","metadata":{"email":"a@b","k":1}})",
                   trait::metadata,
                   R"({"k":1})",
                   R"({"user_id":"u","metadata":{"k":1}})"},
            effect{
                {{"name", never}},
                R"({"user_id":"u","name":"A","first_name":"A","firstName":"A","last_name":"B","lastName":"B","metadata":{"name":"A","first_name":"A","last_name":"B","nickname":"C"}})",
                trait::metadata,
                R"({"nickname":"C"})",
                R"({"user_id":"u","metadata":{"nickname":"C"}})"},
            effect{
                {{"username", never}},
                R"({"user_id":"u","user_name":"a","username":"a","userName":"a","metadata":{"username":"a","user_name":"a"}})",
                trait::metadata,
                "{}",
                R"({"user_id":"u","metadata":{}})"},
            effect{{{"createdAt", never}},
                   R"({"user_id":"u","create":1,"createdAt":"2026-01-01","created":[]})",
                   trait::created_at,
                   "absent",
                   R"({"user_id":"u"})"},
            effect{{{"metadata", never}},
                   R"({"user_id":"u","metadata":{"email":"a@b"}})",
                   trait::email,
                   "absent",
                   R"({"user_id":"u"})"},
            effect{{{"userAgent", never}},
                   R"({"user_id":"u","user_agent":{},"userAgent":{},"user_agent_string":"x"})",
                   trait::user_agent,
                   "absent",
                   R"({"user_id":"u","user_agent_string":"x"})"},
            effect{{{"last24HourAggResults", never}},
                   R"({"user_id":"u","last24HourAggResults":{},"last_24_hour_aggs":{}})",
                   trait::last_24_hour_agg_results,
                   "absent",
                   R"({"user_id":"u"})"},
        }) {
        check(e);
    }
}

BOOST_AUTO_TEST_CASE(a_null_is_told_of_a_trait_of_which_never_leaves_something) {
    auto const never = policy::never, send = policy::send;
    auto const* const nothing = R"({"user_id":"u","metadata":null})";
    check({{{"metadata", never}, {"metadata.plan", send}}, nothing, trait::metadata, "null", nothing});
    check({{{"metadata", never}}, nothing, trait::metadata, "absent", R"({"user_id":"u"})"});
    auto const* const alone = R"({"user_id":"u","company":null})";
    check({{{"company", never}, {"company.companyDomain", send}}, alone, trait::company, "null", alone});
}

BOOST_AUTO_TEST_CASE(hash_stands_once_under_the_first_name_of_the_field) {
    auto const hash = policy::hash;
    for (auto const& e : {
             effect{{{"email", hash}},
                    R"({"user_id":"u","email":"a@b","x":1})",
                    trait::email,
                    quoted_hash("a@b"),
                    R"({"user_id":"u","email":)" + quoted_hash("a@b") + R"(,"x":1})"},
             effect{{{"email", hash}},
                    R"({"user_id":"u","email":null})",
                    trait::email,
                    "null",
                    R"({"user_id":"u","email":null})"},
             effect{{{"email", hash}}, R"({"user_id":"u","email":17})", trait::email, "absent", R"({"user_id":"u"})"},
             effect{{{"email", hash}},
                    R"({"user_id":"u","metadata":{"email":"a@b","k":1}})",
                    trait::email,
                    quoted_hash("a@b"),
                    R"({"user_id":"u","metadata":{"k":1},"email":)" + quoted_hash("a@b") + "}"},
             effect{{{"name", hash}},
                    R"({"last_name":"B","user_id":"u","first_name":"A","metadata":{"name":"C"}})",
                    trait::name,
                    quoted_hash("A B"),
                    R"({"name":)" + quoted_hash("A B") + R"(,"user_id":"u","metadata":{}})"},
             effect{{{"name", hash}},
                    R"({"user_id":"u","metadata":{"name":"C"}})",
                    trait::name,
                    quoted_hash("C"),
                    R"({"user_id":"u","metadata":{},"name":)" + quoted_hash("C") + "}"},
             effect{{{"createdAt", hash}},
                    R"({"user_id":"u","create_time":1764460800})",
                    trait::created_at,
                    quoted_hash("2025-11-30T00:00:00.000Z"),
                    R"({"user_id":"u","created":)" + quoted_hash("2025-11-30T00:00:00.000Z") + "}"},
             effect{{{"campaign", hash}},
                    R"({"user_id":"u","campaign":{"b":[1.0,"x\u0000"],"a":2e0,"c":1e400}})",
                    trait::campaign,
                    quoted_hash(R"({"a":2,"b":[1,"x"]})"),
                    R"({"user_id":"u","campaign":)" + quoted_hash(R"({"a":2,"b":[1,"x"]})") + "}"},
             effect{{{"metadata", hash}, {"metadata.ssn", policy::never}},
                    R"({"user_id":"u","metadata":{"ssn":1,"k":2}})",
                    trait::metadata,
                    quoted_hash(R"({"k":2})"),
                    R"({"user_id":"u","metadata":)" + quoted_hash(R"({"k":2})") + "}"},
             effect{{{"metadata", hash}},
                    R"({"user_id":"u","metadata":{"email":"a@b"}})",
                    trait::email,
                    "absent",
                    R"({"user_id":"u","metadata":)" + quoted_hash(R"({"email":"a@b"})") + "}"},
         }) {
        check(e);
    }
}

BOOST_AUTO_TEST_CASE(policies_reach_below_a_trait_by_path) {
    auto const hash = policy::hash;
    auto const never = policy::never;
    auto const ride = policy::ride;
    auto const send = policy::send;
    auto const with = [](std::string const& metadata) { return R"({"user_id":"u","metadata":)" + metadata + "}"; };
    for (auto const& e : {
             effect{{{"metadata.ssn", never}},
                    with(R"({"ssn":1,"k":{"ssn":2}})"),
                    trait::metadata,
                    R"({"k":{"ssn":2}})",
                    with(R"({"k":{"ssn":2}})")},
             effect{{{"metadata.a.b", never}},
                    with(R"({"a":{"b":1,"c":2},"b":3})"),
                    trait::metadata,
                    R"({"a":{"c":2},"b":3})",
                    with(R"({"a":{"c":2},"b":3})")},
             effect{{{"metadata.a.b", never}},
                    with(R"({"a":[{"b":1}]})"),
                    trait::metadata,
                    R"({"a":[{"b":1}]})",
                    with(R"({"a":[{"b":1}]})")},
             effect{{{"metadata.a.b", never}},
                    with(R"({"a":"b"})"),
                    trait::metadata,
                    R"({"a":"b"})",
                    with(R"({"a":"b"})")},
             effect{{{"metadata.ssn", hash}},
                    with(R"({"ssn":"x","k":1})"),
                    trait::metadata,
                    "{\"ssn\":" + quoted_hash("x") + ",\"k\":1}",
                    with("{\"ssn\":" + quoted_hash("x") + ",\"k\":1}")},
             effect{{{"metadata.ssn", hash}},
                    with(R"({"ssn":12.0})"),
                    trait::metadata,
                    "{\"ssn\":" + quoted_hash("12") + "}",
                    with("{\"ssn\":" + quoted_hash("12") + "}")},
             effect{{{"metadata.ssn", hash}},
                    with(R"({"ssn":null})"),
                    trait::metadata,
                    R"({"ssn":null})",
                    with(R"({"ssn":null})")},
             effect{{{"metadata.ssn", hash}},
                    with(R"({"ssn":{"b":true,"a":null}})"),
                    trait::metadata,
                    "{\"ssn\":" + quoted_hash(R"({"a":null,"b":true})") + "}",
                    with("{\"ssn\":" + quoted_hash(R"({"a":null,"b":true})") + "}")},
             effect{{{"metadata", never}, {"metadata.plan", send}},
                    with(R"({"k":1,"plan":"pro"})"),
                    trait::metadata,
                    R"({"plan":"pro"})",
                    with(R"({"plan":"pro"})")},
             effect{{{"metadata", never}, {"metadata.plan", send}},
                    with(R"({"k":1})"),
                    trait::metadata,
                    "absent",
                    R"({"user_id":"u"})"},
             effect{{{"metadata", never}, {"metadata.a.b", send}},
                    with(R"({"a":{"b":1,"c":2},"k":1})"),
                    trait::metadata,
                    R"({"a":{"b":1}})",
                    with(R"({"a":{"b":1}})")},
             effect{{{"metadata", never}, {"metadata.a.b", send}},
                    with(R"({"a":[1],"k":1})"),
                    trait::metadata,
                    "absent",
                    R"({"user_id":"u"})"},
             effect{{{"metadata", never}, {"metadata.email", send}},
                    with(R"({"email":"a@b"})"),
                    trait::email,
                    "\"a@b\"",
                    with(R"({"email":"a@b"})")},
             effect{{{"metadata.email", never}}, with(R"({"email":"a@b"})"), trait::email, "absent", with("{}")},
             effect{{{"metadata.x", ride}},
                    with(R"({"x":1,"k":1})"),
                    trait::metadata,
                    R"({"x":1,"k":1})",
                    with(R"({"x":1,"k":1})")},
             effect{{{"email", never}, {"metadata.email", send}},
                    with(R"({"email":"a@b"})"),
                    trait::metadata,
                    R"({"email":"a@b"})",
                    with(R"({"email":"a@b"})")},
             effect{{{"campaign.utm_term", never}},
                    R"({"user_id":"u","campaign":{"utm_term":"x","gclid":"y"}})",
                    trait::campaign,
                    R"({"gclid":"y"})",
                    R"({"user_id":"u","campaign":{"gclid":"y"}})"},
             effect{{{"metadata.ssn", hash}},
                    with(R"({"ssn":"x","n":1e400,"z":-0,"s":"a\u0000b"})"),
                    trait::metadata,
                    "{\"ssn\":" + quoted_hash("x") + R"(,"z":0,"s":"ab"})",
                    with("{\"ssn\":" + quoted_hash("x") + R"(,"n":1e400,"z":-0,"s":"a\u0000b"})")},
         }) {
        check(e);
    }
}

BOOST_AUTO_TEST_CASE(riding_members_are_no_part_of_the_trigger_nor_of_the_content) {
    struct row {
        policies more;
        char const* a;
        char const* b;
        bool triggers;
    };
    auto const ride = policy::ride;
    auto const send = policy::send;
    for (auto const& [more, a, b, triggers] : {
             row{{{"metadata.x", ride}}, R"({"x":1,"k":1})", R"({"x":2,"k":1})", false},
             row{{{"metadata.x", ride}}, R"({"x":1,"k":1})", R"({"k":1})", false},
             row{{{"metadata.x", ride}}, R"({"x":{"a":1},"k":1})", R"({"x":[],"k":1})", false},
             row{{{"metadata.x", ride}}, R"({"x":1,"k":1})", R"({"x":1,"k":2})", true},
             row{{{"metadata.a.x", ride}}, R"({"a":{"x":1,"y":1}})", R"({"a":{"x":2,"y":1}})", false},
             row{{{"metadata.a.x", ride}}, R"({"a":{"x":1,"y":1}})", R"({"a":{"x":1,"y":2}})", true},
             row{{{"metadata", ride}, {"metadata.plan", send}}, R"({"plan":1,"k":1})", R"({"plan":1,"k":2})", false},
             row{{{"metadata", ride}, {"metadata.plan", send}}, R"({"plan":1,"k":1})", R"({"plan":2,"k":1})", true},
             row{{{"metadata.a", ride}, {"metadata.a.y", send}}, R"({"a":{"x":1}})", R"({"a":{"x":2}})", false},
             row{{{"metadata.a", ride}, {"metadata.a.y", send}}, R"({"a":{"x":1}})", R"({})", false},
             row{{{"metadata.a", ride}, {"metadata.a.y", send}}, R"({"a":{"x":1}})", R"({"a":{"y":1}})", true},
             row{{{"metadata.a", ride}, {"metadata.a.y", send}}, R"({"a":[1]})", R"({"a":"x"})", false},
         }) {
        mapping before{more};
        mapping after{more};
        before.user(fmt::format(R"({{"user_id":"u","metadata":{}}})", a));
        after.user(fmt::format(R"({{"user_id":"u","metadata":{}}})", b));
        BOOST_TEST(before.of(trait::metadata).full != after.of(trait::metadata).full, a);
        BOOST_TEST((before.of(trait::metadata).trigger != after.of(trait::metadata).trigger) == triggers, a << b);
        BOOST_TEST((before.out.content != after.out.content) == triggers, a << b);
        for (auto const* m : {&before, &after}) {
            auto const& t = m->of(trait::metadata);
            auto const hashes = hashes_of(t.text, trait::metadata, m->r);
            BOOST_TEST(hashes.full == t.full);
            BOOST_TEST(hashes.trigger == t.trigger);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_policy_that_meets_its_members_in_an_array_hides_nothing_and_says_so) {
    mapping m{{{"metadata.cards.number", policy::never}, {"metadata.a.b.c", policy::hash}}};
    auto const* const with = R"({"cards":[1,{"number":"4111"}],"a":{"b":[{"c":1},{"c":2}]}})";
    m.user(std::string{R"({"user_id":"u","metadata":)"} + with + "}");
    BOOST_TEST(m.text(trait::metadata) == with);
    BOOST_TEST(m.warned().policy_in_array == 2U);
    m.user(R"({"user_id":"u","metadata":{"cards":[{"holder":"x"},[]],"a":[],"b":[{"c":1}]}})");
    BOOST_TEST(m.warned().policy_in_array == 2U);
}

BOOST_AUTO_TEST_CASE(of_a_trait_that_rides_whole_trigger_and_full_are_the_same) {
    mapping m{{{"metadata", policy::ride}}};
    m.user(R"({"user_id":"u","metadata":{"k":1}})");
    BOOST_TEST(m.of(trait::metadata).full == m.of(trait::metadata).trigger);
    mapping other{{{"metadata", policy::ride}}};
    BOOST_TEST(other.user(R"({"user_id":"u","metadata":{"k":2}})").content == m.out.content);
}

BOOST_AUTO_TEST_CASE(the_company_obeys_the_policies_in_its_document_and_inside_a_user) {
    struct row {
        policies more;
        std::string source;
        std::string text;
        std::string stored;
    };
    auto const never = policy::never;
    auto const hash = policy::hash;
    auto const object = quoted_hash(R"({"companyDomain":"d","id":"c"})");
    for (auto const& [more, source, text, kept] : {
             row{{{"company", never}}, R"({"id":"c","domain":"d","x":1})", "", R"({"id":"c","x":1})"},
             row{{{"company.companyDomain", never}},
                 R"({"id":"c","domain":"d","company_domain":"e","x":1})",
                 R"({"id":"c"})",
                 R"({"id":"c","x":1})"},
             row{{{"company.companyDomain", hash}},
                 R"({"id":"c","domain":"d","x":1})",
                 R"({"id":"c","companyDomain":)" + quoted_hash("d") + "}",
                 R"({"id":"c","company_domain":)" + quoted_hash("d") + R"(,"x":1})"},
             row{{{"company.created", hash}},
                 R"({"id":"c","create":"2025-11-30"})",
                 R"({"id":"c","created":)" + quoted_hash("2025-11-30T00:00:00.000Z") + "}",
                 R"({"id":"c","created":)" + quoted_hash("2025-11-30T00:00:00.000Z") + "}"},
             row{{{"company.ttfhw_s", hash}},
                 R"({"id":"c","ttfhw":1.0})",
                 R"({"id":"c","ttfhw_s":)" + quoted_hash("1") + "}",
                 R"({"id":"c","ttfhw_s":)" + quoted_hash("1") + "}"},
             row{{{"company.ipAddress", never}},
                 R"({"id":"c","ip_address":"192.0.2.1","geo_ip":{"ip":"192.0.2.1","a":1}})",
                 R"({"id":"c"})",
                 R"({"id":"c","geo_ip":{"a":1}})"},
             row{{{"company.ipAddress", never}},
                 R"({"id":"c","geo_ip":"192.0.2.1","a":1})",
                 R"({"id":"c"})",
                 R"({"id":"c","a":1})"},
             row{{{"company.ipAddress", hash}},
                 R"({"id":"c","geo_ip":["192.0.2.1"],"a":1})",
                 R"({"id":"c"})",
                 R"({"id":"c","a":1})"},
             row{{{"company.metadata.k", never}},
                 R"({"id":"c","metadata":{"k":1,"l":2}})",
                 R"({"id":"c","metadata":{"l":2}})",
                 R"({"id":"c","metadata":{"l":2}})"},
             row{{{"company.metadata", hash}},
                 R"({"id":"c","metadata":{"l":2}})",
                 R"({"id":"c","metadata":)" + quoted_hash(R"({"l":2})") + "}",
                 R"({"id":"c","metadata":)" + quoted_hash(R"({"l":2})") + "}"},
             row{{{"company", hash}},
                 R"({"id":"c","domain":"d","x":1,"company":7})",
                 object,
                 R"({"id":"c","x":1,"company":)" + object + "}"},
             row{{{"company", never}, {"company.companyDomain", policy::send}},
                 R"({"id":"c","domain":"d","created":1})",
                 R"({"companyDomain":"d"})",
                 R"({"id":"c","domain":"d"})"},
         }) {
        mapping m{more};
        m.company(source);
        BOOST_TEST(m.company_out.text == text, source);
        BOOST_TEST(m.company_out.stored == kept, source);
        BOOST_TEST((m.company_out.full != 0) == !text.empty());
        if (!text.empty()) {
            auto const hashes = hashes_of(text, trait::company, m.r);
            BOOST_TEST(hashes.full == m.company_out.full, source);
            BOOST_TEST(hashes.trigger == m.company_out.trigger, source);
        }
        mapping user{more};
        user.user(fmt::format(R"({{"user_id":"u","company":{}}})", source));
        BOOST_TEST(stored(user.out) == fmt::format(R"({{"user_id":"u","company":{}}})", kept));
        BOOST_TEST(user.out.company_id.value() == "c");
        mapping second{more};
        second.company(kept, &m.r);
        BOOST_TEST(second.company_out.text == text, source);
        BOOST_TEST(second.company_out.stored == kept, source);
        BOOST_TEST(second.company_out.full == m.company_out.full);
        BOOST_TEST(second.company_out.content == m.company_out.content);
    }
    BOOST_TEST(company_of_id("c", rules_with({{"company", never}})).text == "");
    BOOST_TEST(company_of_id("c", rules_with({{"company", hash}})).text == quoted_hash(R"({"id":"c"})"));
}

BOOST_AUTO_TEST_CASE(context_members_take_never) {
    constexpr auto source =
        R"({"user_id":"u","ip_address":"192.0.2.1","ipAddress":"192.0.2.1","user_agent_string":"x","userAgentString":"x","geo_ip":{"ip":"192.0.2.1","city_name":"Z","country_name":"C","region_name":"R","postal_code":"8","latitude":1,"longitude":2,"timezone":"T","location":{"lat":1,"lon":2}}})";
    struct row {
        policies more;
        char const* context;
        char const* stored;
    };
    auto const never = policy::never;
    for (
        auto const& [more, context, kept] : {
            row{{{"context.ip", never}},
                R"("location":{"city":"Z","country":"C","region":"R","latitude":1,"longitude":2},"timezone":"T","userAgent":"x")",
                R"({"user_id":"u","user_agent_string":"x","userAgentString":"x","geo_ip":{"city_name":"Z","country_name":"C","region_name":"R","postal_code":"8","latitude":1,"longitude":2,"timezone":"T","location":{"lat":1,"lon":2}}})"},
            row{{{"context.location", never}},
                R"("ip":"192.0.2.1","timezone":"T","userAgent":"x")",
                R"({"user_id":"u","ip_address":"192.0.2.1","ipAddress":"192.0.2.1","user_agent_string":"x","userAgentString":"x","geo_ip":{"ip":"192.0.2.1","timezone":"T"}})"},
            row{{{"context.location.latitude", never}, {"context.location.city", never}},
                R"("ip":"192.0.2.1","location":{"country":"C","region":"R","longitude":2},"timezone":"T","userAgent":"x")",
                R"({"user_id":"u","ip_address":"192.0.2.1","ipAddress":"192.0.2.1","user_agent_string":"x","userAgentString":"x","geo_ip":{"ip":"192.0.2.1","country_name":"C","region_name":"R","postal_code":"8","longitude":2,"timezone":"T","location":{"lon":2}}})"},
            row{{{"context.location", never}, {"context.location.city", policy::send}},
                R"("ip":"192.0.2.1","location":{"city":"Z"},"timezone":"T","userAgent":"x")",
                R"({"user_id":"u","ip_address":"192.0.2.1","ipAddress":"192.0.2.1","user_agent_string":"x","userAgentString":"x","geo_ip":{"ip":"192.0.2.1","city_name":"Z","timezone":"T"}})"},
            row{{{"context.userAgent", never}, {"context.timezone", never}, {"context.location", never}},
                R"("ip":"192.0.2.1")",
                R"({"user_id":"u","ip_address":"192.0.2.1","ipAddress":"192.0.2.1","geo_ip":{"ip":"192.0.2.1"}})"},
        }) {
        mapping m{more};
        m.user(source);
        BOOST_TEST(m.out.context == context);
        BOOST_TEST(stored(m.out) == kept);
    }
}

BOOST_AUTO_TEST_SUITE_END()
