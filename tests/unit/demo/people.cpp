#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

#include "moesif_fixture.hpp"
#include "traitsync/demo/population.hpp"

namespace traitsync::demo::test {

namespace {

boost::json::object parsed(profile_document const& document) { return boost::json::parse(document.source).as_object(); }

// The names of top-level fields that differ between two documents.
std::set<std::string> differences(boost::json::object const& a, boost::json::object const& b) {
    std::set<std::string> names;
    for (auto const* side : {&a, &b}) {
        for (auto const& member : *side) {
            auto const* x = a.if_contains(member.key());
            auto const* y = b.if_contains(member.key());
            if (!x || !y || *x != *y) names.insert(std::string{member.key()});
        }
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(people)

BOOST_AUTO_TEST_CASE(one_seed_gives_one_population_and_one_history) {
    population a{{.seed = 7, .users = 50}};
    population b{{.seed = 7, .users = 50}};
    population c{{.seed = 8, .users = 50}};
    auto const now = from_millis(1'780'000'000'000);
    for (int i = 0; i < 200; ++i) {
        auto const who = a.any_user();
        BOOST_TEST(b.any_user() == who);
        auto const change = a.change_user(who, now);
        BOOST_TEST(b.change_user(who, now).what == change.what);
        a.change_company(a.any_company(), now);
        b.change_company(b.any_company(), now);
    }
    for (std::size_t i = 0; i < a.users(); ++i) BOOST_TEST(a.user(i).source == b.user(i).source);
    for (std::size_t i = 0; i < a.companies(); ++i) BOOST_TEST(a.company(i).source == b.company(i).source);
    BOOST_TEST(a.user(3).source != c.user(3).source);
}

BOOST_AUTO_TEST_CASE(documents_are_plausible_and_about_1200_bytes) {
    population const people{{.users = 2000}};
    std::size_t bytes = 0;
    std::size_t linked = 0, embedded = 0, none = 0, numeric = 0, camel = 0, undated = 0, hard = 0;
    for (std::size_t i = 0; i < people.users(); ++i) {
        auto const document = people.user(i);
        bytes += document.source.size();
        auto const source = parsed(document);
        if (source.contains("company_id") || source.contains("companyId"))
            ++linked;
        else if (source.contains("company"))
            ++embedded;
        else
            ++none;
        if (source.contains("userId"))
            ++camel;
        else if (source.at("user_id").is_number())
            ++numeric;
        if (!document.modified) ++undated;
        BOOST_TEST(document.modified.has_value() ==
                   (source.contains("modified_time") || source.contains("modifiedTime")));
        if (!source.contains("first_name") && !source.contains("firstName")) ++hard;
    }
    BOOST_TEST(bytes / people.users() > 1100U);
    BOOST_TEST(bytes / people.users() < 1400U);
    for (auto const count : {linked, embedded, none, numeric, camel, undated, hard}) BOOST_TEST(count > 0U);
    BOOST_TEST(linked > embedded + none);
    BOOST_TEST(parsed(people.company(0)).at("company_id").as_string() == "cmp_0000000");
}

BOOST_AUTO_TEST_CASE(a_change_touches_what_it_says_and_moves_the_modification_time) {
    population people{{.users = 100, .odd_share = 0}};
    std::set<std::string> const volatiles = {
        "modified_time",     "last_seen_time",          "ip_address", "geo_ip", "user_agent",
        "user_agent_string", "last_24_hour_agg_results"};
    auto now = from_millis(1'777'600'000'000);
    for (int i = 0; i < 300; ++i) {
        auto const who = people.any_user();
        auto const kind = static_cast<change_kind>(i % 3);
        auto const before = people.user(who);
        auto const change = people.change_user(who, kind, now);
        auto const after = people.user(who);
        BOOST_TEST(*after.modified > *before.modified);
        BOOST_TEST(*after.modified >= to_millis(now));
        auto changed = differences(parsed(before), parsed(after));
        BOOST_TEST(changed.contains("modified_time"));
        for (auto const& name : volatiles) changed.erase(name);
        BOOST_TEST_CONTEXT(change.what) { BOOST_TEST(changed.empty() == (kind == change_kind::volatile_only)); }
    }
    auto const before = people.company(0);
    people.change_company(0, now);
    BOOST_TEST(differences(parsed(before), parsed(people.company(0))).contains("modified_time"));
}

BOOST_AUTO_TEST_CASE(the_service_can_serve_a_population_that_it_does_not_hold) {
    population const people{{.users = 500}};
    moesif_fixture fixture;
    fixture.service.set_generated_users(generated_users(people));
    fixture.service.set_generated_companies(generated_companies(people));
    auto const users = fixture.search(R"({"size":1000,"sort":["modified_time","_id"]})");
    BOOST_TEST(hits_of(users).size() == 500U);
    auto const companies = fixture.search(R"({"size":1000,"sort":["_id"]})", companies_path);
    BOOST_TEST(hits_of(companies).size() == 50U);
    BOOST_TEST(hits_of(companies)[49].at("_id").as_string() == people.company_key(49));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace traitsync::demo::test
