#include <fmt/core.h>

#include "mapping.hpp"

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

BOOST_AUTO_TEST_SUITE(rule_texts)

BOOST_AUTO_TEST_CASE(trait_names_are_those_that_segment_sees) {
    for (std::size_t i = 0; i < trait_count; ++i) BOOST_TEST((trait_named(name_of(trait_at(i))) == trait_at(i)));
    BOOST_TEST(name_of(trait::last_24_hour_agg_results) == "last24HourAggResults");
    BOOST_TEST(!trait_named("created_at"));
}

BOOST_AUTO_TEST_CASE(the_policy_of_a_trait_follows_from_its_own_and_from_what_lies_below) {
    struct row {
        policies more;
        trait t;
        policy p;
    };
    for (auto const& [more, t, p] : {
             row{{}, trait::email, policy::send},
             row{{}, trait::last_seen_time, policy::ride},
             row{{{"lastSeenTime", policy::send}}, trait::last_seen_time, policy::send},
             row{{{"email", policy::always}}, trait::email, policy::always},
             row{{{"email", policy::never}}, trait::email, policy::never},
             row{{{"email", policy::hash}}, trait::email, policy::hash},
             row{{{"metadata.plan", policy::always}}, trait::metadata, policy::always},
             row{{{"metadata.plan", policy::never}}, trait::metadata, policy::send},
             row{{{"metadata", policy::never}, {"metadata.plan", policy::send}}, trait::metadata, policy::send},
             row{{{"metadata", policy::never}, {"metadata.plan", policy::always}}, trait::metadata, policy::always},
             row{{{"metadata", policy::ride}, {"metadata.plan", policy::send}}, trait::metadata, policy::send},
             row{{{"metadata", policy::ride}, {"metadata.plan", policy::never}}, trait::metadata, policy::ride},
             row{{{"metadata", policy::ride}, {"metadata.plan", policy::always}}, trait::metadata, policy::always},
             row{{}, trait::company, policy::send},
         }) {
        auto const r = rules_with(more);
        BOOST_TEST((r.of(t) == p), r.text());
        BOOST_TEST(r.always().has(t) == (p == policy::always));
        BOOST_TEST(r.riding().has(t) == (p == policy::ride), r.text());
        BOOST_TEST(r.never().has(t) == (p == policy::never));
        BOOST_TEST(r.hashed().has(t) == (p == policy::hash));
    }
}

BOOST_AUTO_TEST_CASE(the_text_of_rules_is_read_back_and_says_no_more_than_it_must) {
    auto const r = rules_with({{"metadata.a \"b\"", policy::never},
                               {"email", policy::hash},
                               {"name", policy::send},
                               {"metadata.x", policy::ride},
                               {"context.ip", policy::never},
                               {"campaign", policy::always}});
    auto const copy = rules::parse(r.text());
    BOOST_TEST(copy.text() == r.text());
    BOOST_TEST(copy.fingerprint() == r.fingerprint());
    for (std::size_t i = 0; i < trait_count; ++i) BOOST_TEST((copy.of(trait_at(i)) == r.of(trait_at(i))));
    BOOST_TEST(r.text().find("\"name\"") == std::string::npos);
    BOOST_TEST(r.text().starts_with(R"({"mapping":1,"policies":{)"));
    BOOST_TEST(rules_with().text() == rules_with({{"email", policy::send}}).text());
    BOOST_TEST(rules_with().text() != rules_with({{"lastSeenTime", policy::send}}).text());
    BOOST_TEST(rules_with({{"metadata", policy::never}}).text() !=
               rules_with({{"metadata", policy::never}, {"metadata.plan", policy::send}}).text());
    // What its own policy keeps from being hidden along with the trait that is read from it.
    for (auto const hides : {policy::never, policy::hash}) {
        auto const with = rules_with({{"name", hides}, {"metadata.first_name", policy::send}});
        BOOST_TEST(with.text() != rules_with({{"name", hides}}).text());
        BOOST_TEST(with.fingerprint() != rules_with({{"name", hides}}).fingerprint());
        BOOST_TEST(rules::parse(with.text()).text() == with.text());
        BOOST_TEST(with.wants_more_than(rules_with({{"name", hides}})));
    }
    BOOST_TEST(rules_with().text() == rules_with({{"metadata.first_name", policy::send}}).text());
    BOOST_CHECK_THROW(rules::parse("x"), damaged_content);
    BOOST_CHECK_THROW(rules::parse(R"({"policies":{"email":"maybe"}})"), damaged_content);
}

BOOST_AUTO_TEST_CASE(a_store_lacks_what_was_hidden_and_is_not_any_more) {
    struct row {
        policies old;
        policies now;
        bool lacks;
        trait t;
    };
    auto const never = policy::never;
    auto const hash = policy::hash;
    auto const send = policy::send;
    auto const ride = policy::ride;
    for (auto const& [old, now, lacks, t] : {
             row{{}, {}, false, trait::email},
             row{{}, {{"email", never}}, false, trait::email},
             row{{}, {{"email", hash}}, false, trait::email},
             row{{{"email", never}}, {}, true, trait::email},
             row{{{"email", never}}, {}, true, trait::metadata},  // metadata.email was stripped
             row{{{"email", never}}, {{"email", never}}, false, trait::email},
             row{{{"email", never}}, {{"email", hash}}, true, trait::email},
             row{{{"email", hash}}, {{"email", hash}}, false, trait::email},
             row{{{"email", hash}}, {{"email", never}}, false, trait::email},
             row{{{"email", hash}}, {}, true, trait::email},
             row{{{"email", hash}}, {{"email", policy::always}}, true, trait::email},
             row{{{"metadata.ssn", never}}, {}, true, trait::metadata},
             row{{{"metadata.ssn", never}}, {{"metadata", never}}, false, trait::metadata},
             row{{{"metadata.ssn", never}}, {{"metadata", hash}}, true, trait::metadata},
             row{{{"metadata.ssn", never}}, {{"metadata", hash}, {"metadata.ssn", never}}, false, trait::metadata},
             row{{{"metadata.ssn", hash}}, {{"metadata", ride}}, true, trait::metadata},
             row{{{"metadata.ssn", hash}}, {{"metadata", hash}}, true, trait::metadata},
             row{{{"metadata", never}}, {{"metadata", never}, {"metadata.plan", send}}, true, trait::metadata},
             row{{{"metadata", never}, {"metadata.plan", send}}, {{"metadata", never}}, false, trait::metadata},
             row{{{"metadata", never}, {"metadata.plan", send}}, {{"metadata", ride}}, true, trait::metadata},
             row{{{"metadata", hash}}, {{"metadata", hash}, {"metadata.ssn", never}}, true, trait::metadata},
             row{{{"metadata", ride}}, {}, false, trait::metadata},
             row{{{"company.companyDomain", never}}, {}, true, trait::company},
             row{{{"metadata.name", hash}}, {}, true, trait::name},
             row{{{"metadata", never}}, {}, true, trait::email},
             row{{{"metadata", never}}, {{"email", never}}, true, trait::username},
             row{{{"email", hash}}, {{"email", hash}, {"metadata", never}}, true, trait::email},
             row{{}, {{"metadata", hash}}, false, trait::email},
         }) {
        auto const before = rules_with(old);
        auto const after = rules_with(now);
        BOOST_TEST(after.wants_more_than(before) == lacks, before.text() << " -> " << after.text());
        BOOST_TEST(after.lacking(before).has(t) == lacks, before.text() << " -> " << after.text());
    }
    BOOST_TEST(rules_with().wants_more_than(rules_with({{"context.ip", never}})));
    BOOST_TEST(rules_with().lacking(rules_with({{"context.ip", never}})).empty());
}

// A look at each for each would take many minutes.
BOOST_AUTO_TEST_CASE(a_hundred_thousand_policies_are_compared_with_others) {
    config::trait_settings settings;
    for (int i = 0; i < 100'000; ++i) settings.policies[fmt::format("metadata.a{}", i)] = policy::never;
    rules const before{settings};
    settings.policies["metadata.a77777"] = policy::hash;
    rules const after{settings};
    BOOST_TEST(after.wants_more_than(before));
    BOOST_TEST(!before.wants_more_than(after));
    BOOST_TEST(after.lacking(before).has(trait::metadata));
    BOOST_TEST((rules::parse(after.text()).text() == after.text()));
    mapper m{after};
    mapped_user out;
    BOOST_REQUIRE((m.map_user("u", R"({"metadata":{"a1":1,"a77777":null,"b":[{"a2":1}]}})", out, &before).what ==
                   verdict::mapped));
    BOOST_TEST(out.traits[index_of(trait::metadata)].text == R"({"a77777":null,"b":[{"a2":1}]})");
}

BOOST_AUTO_TEST_SUITE_END()
