#include "mapping.hpp"

#include <fmt/core.h>

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

BOOST_AUTO_TEST_SUITE(companies)

BOOST_AUTO_TEST_CASE(each_listed_name_of_a_company_field_is_read) {
    struct row {
        std::vector<char const*> names;
        char const* value;
        char const* member;
    };
    for (auto const& [names, value, member] : {
             row{{"created", "create", "created_at", "createdAt", "created_time", "create_time"},
                 "\"2026-01-05\"",
                 R"("created":"2026-01-05T00:00:00.000Z")"},
             row{{"modified_time", "modifiedTime", "modified", "updated_at"},
                 "\"2026-01-05\"",
                 R"("modifiedTime":"2026-01-05T00:00:00.000Z")"},
             row{{"first_seen_time", "firstSeenTime", "first_seen"},
                 "\"2026-01-05\"",
                 R"("firstSeenTime":"2026-01-05T00:00:00.000Z")"},
             row{{"last_seen_time", "lastSeenTime", "last_seen"},
                 "\"2026-01-05\"",
                 R"("lastSeenTime":"2026-01-05T00:00:00.000Z")"},
             row{{"ip_address", "ipAddress"}, "\"192.0.2.1\"", R"("ipAddress":"192.0.2.1")"},
             row{{"company_domain", "companyDomain", "domain_name", "domain"},
                 "\"example.com\"",
                 R"("companyDomain":"example.com")"},
             row{{"ttfhw_s", "ttfhwS", "ttfhw"}, "86400.0", R"("ttfhw_s":86400)"},
             row{{"metadata"}, "{\"a\": [1.0]}", R"("metadata":{"a":[1.0]})"},
         }) {
        for (auto const* name : names) {
            mapping m;
            m.company(fmt::format(R"({{"company_id":"c","{}":{}}})", name, value));
            BOOST_TEST(m.company_out.text == fmt::format(R"({{"id":"c",{}}})", member), name);
            m.company(fmt::format(R"({{"company_id":"c","{}":null}})", name));
            BOOST_TEST(m.company_out.text == R"({"id":"c"})", name);
            BOOST_TEST(m.warned().wrong_type == 0U);
            m.company(fmt::format(R"({{"company_id":"c","{}":true}})", name));
            BOOST_TEST(m.company_out.text == R"({"id":"c"})", name);
            BOOST_TEST(m.warned().wrong_type == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(company_ids_are_found_in_order) {
    struct row {
        char const* source;
        char const* id;
    };
    for (auto const& [source, id] : {row{R"({"company_id":"a","id":"b"})", "a"}, row{R"({"companyId":"a"})", "a"},
                                     row{R"({"id":"b","_id":"c"})", "b"}, row{R"({"_id":3})", "3"}}) {
        mapping m;
        BOOST_TEST(m.company(source).id == id, source);
    }
    mapping m;
    BOOST_TEST(m.m.map_company("", "{}", m.company_out).reason == "missing_id");
    BOOST_TEST((m.m.map_company("k", "{}", m.company_out).what == verdict::mapped));
    BOOST_TEST(m.company_out.id == "k");
}

BOOST_AUTO_TEST_CASE(a_fractional_time_to_first_call_is_dropped_with_a_warning) {
    mapping m;
    BOOST_TEST(m.company(R"({"id":"c","ttfhw_s":1.5})").text == R"({"id":"c"})");
    BOOST_TEST(m.warned().wrong_type == 1U);
    BOOST_TEST(m.company(R"({"id":"c","ttfhw_s":8.64e4})").text == R"({"id":"c","ttfhw_s":86400})");
}

BOOST_AUTO_TEST_CASE(the_trigger_of_a_company_leaves_its_riding_members_out) {
    mapping a;
    mapping b;
    auto const& before = a.company(
        R"({"id":"c","last_seen_time":"2026-01-01","modified_time":1,"ip_address":"192.0.2.1","domain":"d","x":1})");
    auto const after = b.company(R"({"x":1.0,"domain":"d","id":"c","last_seen_time":"2026-01-02","modified_time":2})");
    BOOST_TEST(before.full != after.full);
    BOOST_TEST(before.trigger == after.trigger);
    BOOST_TEST(before.content == after.content);
    for (auto const* source :
         {R"({"id":"c","domain":"e","x":1})", R"({"id":"c","domain":"d","x":2})", R"({"id":"d","domain":"d","x":1})",
          R"({"id":"c","domain":"d"})", R"({"id":"c","domain":"d","x":1,"created":"2026-01-01"})"}) {
        BOOST_TEST(b.company(source).content != a.company_out.content, source);
    }
    for (auto const* text : {&before.text, &after.text}) {
        auto const hashes = hashes_of(*text, trait::company, a.r);
        BOOST_TEST(hashes.trigger == before.trigger);
        BOOST_TEST((hashes.full == before.full) == (text == &before.text));
    }
}

BOOST_AUTO_TEST_CASE(the_company_of_an_id_is_what_a_document_of_only_that_id_gives) {
    mapping m;
    auto const alone = company_of_id("c \"1\"", m.r);
    auto const& mapped = m.company(R"({"id":"c \"1\""})");
    BOOST_TEST(alone.text == R"({"id":"c \"1\""})");
    BOOST_TEST(alone.text == mapped.text);
    BOOST_TEST(alone.full == mapped.full);
    BOOST_TEST(alone.trigger == mapped.trigger);
    BOOST_TEST(alone.id == "c \"1\"");
}

BOOST_AUTO_TEST_CASE(a_user_is_linked_by_the_first_usable_company_id) {
    struct row {
        char const* source;
        char const* link;
        bool embedded;
    };
    for (auto const& [source, link, embedded] : {
             row{R"("company_id":"c")", "c", false},
             row{R"("companyId":"c")", "c", false},
             row{R"("identified_company_id":"c")", "c", false},
             row{R"("company_id":18)", "18", false},
             row{R"("company_id":"","companyId":"c")", "c", false},
             row{R"("company_id":{},"companyId":"c")", "c", false},
             row{R"("company":{"id":"c"})", "c", false},
             row{R"("company":{"company_id":"c"})", "c", false},
             row{R"("company":{"_id":"c"})", "c", false},
             row{R"("company":{"_id":"x","company_id":"y","id":"c"})", "c", false},
             row{R"("company":{"_id":"x","company_id":"y","id":"c","domain":"d"})", "c", true},
             row{R"("company":{"companyId":"c","domain":"d"})", "c", true},
             row{R"("company_id":"c","company":{"_id":"doc","company_id":"c","domain":"d"})", "c", true},
             row{R"("company_id":"c","company":{"_id":"doc","company_id":"other","domain":"d"})", "c", false},
             row{R"("company":{"company_id":"c","subscriptions":[]})", "c", false},
             row{R"("company":{"id":null,"domain":"d"})", "", false},
             row{R"("company":{"domain":"d"})", "", false},
             row{R"("company":"c")", "", false},
             row{R"("company":null)", "", false},
             row{R"("company":{"id":"c","domain":"d"})", "c", true},
             row{R"("company_id":"c","company":{"domain":"d"})", "c", true},
             row{R"("company_id":"c","company":{"id":"other","domain":"d"})", "c", false},
             row{R"("company_id":null,"company":{"id":"c","domain":"d"})", "", false},
         }) {
        mapping m;
        m.user(fmt::format(R"({{"user_id":"u",{}}})", source));
        BOOST_TEST(m.out.company_id.value_or("") == link, source);
        BOOST_TEST(m.out.has_embedded_company == embedded, source);
        std::string_view const text{source};
        auto const null = text.starts_with(R"("company_id":null)") || text == R"("company":null)";
        BOOST_TEST(m.of(trait::company).state == (null ? form::null : form::absent), source);
        if (embedded) BOOST_TEST(m.out.embedded.text == R"({"id":"c","companyDomain":"d"})");
    }
}

BOOST_AUTO_TEST_CASE(an_embedded_company_is_mapped_like_a_company_document) {
    mapping m;
    constexpr auto company =
        R"({"id":"c","modified_time":"2026-01-01","session_token":["t"],"metadata":{"a":1},"x":[]})";
    auto const document = m.company(company);
    m.user(fmt::format(R"({{"user_id":"u","company":{}}})", company));
    BOOST_TEST(m.out.embedded.text == document.text);
    BOOST_TEST(m.out.embedded.full == document.full);
    BOOST_TEST(m.out.embedded.trigger == document.trigger);
    BOOST_TEST(m.out.embedded.modified_millis.value() == document.modified_millis.value());
    BOOST_TEST(m.out.embedded.stored == document.stored);
    BOOST_TEST(document.stored == R"({"id":"c","modified_time":"2026-01-01","metadata":{"a":1},"x":[]})");
    BOOST_TEST(stored(m.out) == fmt::format(R"({{"user_id":"u","company":{}}})", document.stored));
}

BOOST_AUTO_TEST_SUITE_END()
