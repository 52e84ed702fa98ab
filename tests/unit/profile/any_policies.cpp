#include "made_values.hpp"
#include "mapping.hpp"

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

namespace {

constexpr std::array<char const*, 20> paths{"email",
                                            "name",
                                            "username",
                                            "createdAt",
                                            "lastSeenTime",
                                            "metadata",
                                            "metadata.a",
                                            "metadata.a.b",
                                            "metadata.email",
                                            "metadata.name",
                                            "campaign",
                                            "campaign.utm_term",
                                            "company",
                                            "company.domain",
                                            "company.created",
                                            "company.metadata",
                                            "company.metadata.a",
                                            "metadata.c",
                                            "company.ipAddress",
                                            "company.companyDomain"};

config::trait_settings some_policies(maker& make) {
    config::trait_settings s;
    for (auto const& path : config::riding_by_default()) s.policies[path] = policy::ride;
    for (int i = make.below(6); i > 0; --i) {
        auto const* path = paths[static_cast<std::size_t>(make.below(paths.size()))];
        s.policies[path] = static_cast<policy>(make.below(5));
    }
    return s;
}

std::string some_document(maker& make) {
    std::string out{R"({"user_id":"u")"};
    auto const text = [&make](char const* key) {
        return fmt::format(R"("{}":"value {} {}")", key, key, make.below(1000));
    };
    auto const maybe = [&](std::string const& member) {
        if (make.below(4) != 0) out += "," + member;
    };
    maybe(text("email"));
    maybe(text("first_name"));
    maybe(text("userName"));
    maybe(R"("create_time":"2026-01-0)" + std::to_string(1 + make.below(9)) + "\"");
    maybe(R"("last_seen":17676000)" + std::to_string(10 + make.below(90)));
    maybe(fmt::format(R"("metadata":{{{},{},"a":{{"b":{},"d":1}},"c":[{}]}})", text("email"), text("name"),
                      make.written(make.value(2), true), make.below(9)));
    maybe(fmt::format(R"("campaign":{{{},"gclid":-0}})", text("utm_term")));
    // The company's address as its own member or as a part of another one.
    auto const address = make.below(2) == 0 ? fmt::format(R"("ip_address":"10.0.0.{}",)", make.below(9)) : "";
    maybe(fmt::format(
        R"("company":{{"id":"c",{},{}"geo_ip":{{"ip":"192.0.2.{}","x":1}},"created":{},"metadata":{{"a":{}}},)"
        R"("x":1}})",
        text("domain"), address, make.below(9), 1'700'000'000 + make.below(1000), make.written(make.value(1), true)));
    maybe(R"("session_token":["tok"])");
    return out + "}";
}

void expect_equal(mapped_user const& a, mapped_user const& b) {
    BOOST_TEST(a.rest == b.rest);
    BOOST_TEST(a.content == b.content);
    for (std::size_t i = 0; i < trait_count; ++i) {
        BOOST_TEST(a.traits[i].state == b.traits[i].state, trait_at(i));
        BOOST_TEST(a.traits[i].text == b.traits[i].text, trait_at(i));
        BOOST_TEST(a.traits[i].full == b.traits[i].full, trait_at(i));
        BOOST_TEST(a.traits[i].trigger == b.traits[i].trigger, trait_at(i));
    }
    BOOST_TEST(a.has_embedded_company == b.has_embedded_company);
    if (!a.has_embedded_company) return;
    BOOST_TEST(a.embedded.text == b.embedded.text);
    BOOST_TEST(a.embedded.full == b.embedded.full);
    BOOST_TEST(a.embedded.trigger == b.embedded.trigger);
    BOOST_TEST(a.embedded.stored == b.embedded.stored);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(any_policies)

// The store is enough: what it holds maps to what the document mapped to, under the rules it was stored under;
// and under other rules to what the document maps to, unless these want what is not there.
BOOST_AUTO_TEST_CASE(a_stored_document_stands_for_the_document) {
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        maker make{seed};
        rules const before{some_policies(make)};
        rules const after{some_policies(make)};
        auto const document = some_document(make);
        BOOST_TEST_CONTEXT("seed " << seed << "\n" << before.text() << "\n" << after.text() << "\n" << document) {
            mapper old{before};
            mapper now{after};
            mapped_user first;
            mapped_user second;
            mapped_user fresh;
            BOOST_TEST((old.map_user("u", document, first).what == verdict::mapped));
            auto const kept = stored(first);
            BOOST_TEST((old.map_user("u", kept, second, &before).what == verdict::mapped));
            expect_equal(first, second);
            BOOST_TEST(kept.find("tok") == std::string::npos);

            BOOST_TEST((now.map_user("u", document, fresh).what == verdict::mapped));
            BOOST_TEST((now.map_user("u", kept, second, &before).what == verdict::mapped));
            if (!after.wants_more_than(before)) expect_equal(fresh, second);
            auto const lacking = after.lacking(before);
            for (std::size_t i = 0; i < trait_count; ++i) {
                if (!lacking.has(trait_at(i))) BOOST_TEST(fresh.traits[i].text == second.traits[i].text, trait_at(i));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_hidden_value_is_nowhere_in_what_is_sent_or_stored) {
    struct row {
        char const* path;
        char const* shown;
    };
    for (unsigned seed = 1; seed <= 500; ++seed) {
        maker make{seed};
        auto const document = some_document(make);
        for (auto const& [path, shown] :
             {row{"email", "value email"}, row{"name", "value first_name"}, row{"name", "value name"},
              row{"username", "value userName"}, row{"company", "value domain"},
              row{"company.companyDomain", "value domain"}, row{"campaign", "value utm_term"},
              row{"campaign.utm_term", "value utm_term"}}) {
            for (auto const p : {policy::never, policy::hash}) {
                mapping m{{{path, p}}};
                m.user(document);
                auto const kept = stored(m.out);
                BOOST_TEST(kept.find(shown) == std::string::npos, kept);
                for (auto const& t : m.out.traits) BOOST_TEST(t.text.find(shown) == std::string::npos, t.text);
                if (m.out.has_embedded_company) BOOST_TEST(m.out.embedded.text.find(shown) == std::string::npos);
                BOOST_TEST(m.m.quarantine_text(document, true).find(shown) == std::string::npos);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
