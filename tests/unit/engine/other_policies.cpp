// Policies that change again before a full pass has brought back what those before kept out.
#include "reading.hpp"

namespace {

using namespace traitsync;
using store::pass_kind;
using store::pass_stage;

struct other_policies : test::reading {
    static config::trait_settings hides(std::map<std::string, config::policy> policies) {
        return {.brake_min = 5, .policies = std::move(policies)};
    }
    void read(engine::ingest& under_these, store::pass_row& row, std::string const& hit) {
        auto const body = fmt::format(R"({{"hits":{{"hits":[{}]}}}})", hit);
        BOOST_REQUIRE(under_these.page(s, row, moesif::split_page(body).value(), ++now).has_value());
    }
    // What the only user wants is what Segment has.
    void known(engine::ingest const& under_these) {
        store::session::transaction tx{s};
        auto a = s.accounts.load(1);
        store::set_wanted_texts(a, s.profiles.source(1)->data);
        diff::adopt(a, ++now);
        diff::refresh(a, under_these.diff_rules(), {.now = now});
        s.accounts.save(a);
        tx.commit();
    }
    // The pass over the store.
    void under(engine::ingest& changed) {
        auto const state = changed.prepare(s);
        BOOST_REQUIRE((state.has_value() && state->changed));
        auto row = begun(pass_kind::rediff, pass_stage::companies);
        while (changed.apply_rules(s, row, ++now).value()) {
        }
        BOOST_REQUIRE(changed.rules_applied(s).has_value());
        settle(row);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(two_changes_of_the_policies, other_policies)

BOOST_AUTO_TEST_CASE(take_no_trait_for_gone_that_is_read_from_metadata_which_is_still_to_be_brought_back) {
    auto const ada =
        R"({"_id":"u","_source":{"user_id":"u","metadata":{"plan":"pro","email":"b@x","ssn":"1"}},"sort":["u"]})";
    engine::ingest before{hides({{"metadata.ssn", config::policy::never}})};
    BOOST_REQUIRE(before.prepare(s).has_value());
    auto row = begun();
    read(before, row, ada);
    known(before);
    BOOST_REQUIRE(messages("state = 0") == 0);
    engine::ingest lifted{hides({})};
    under(lifted);
    engine::ingest once_more{hides({{"clearbit", config::policy::never}})};
    under(once_more);
    BOOST_TEST(messages("state = 0") == 0);
    BOOST_TEST((s.accounts.load(1)[profile::trait::email].wanted.state == diff::known::form::none));
    // The full pass brings all of it, and then a removal is one.
    auto whole = begun();
    read(once_more, whole, ada);
    auto const a = s.accounts.load(1);
    BOOST_TEST((a[profile::trait::email].wanted.state == diff::known::form::value));
    BOOST_TEST(!a[profile::trait::email].differs());
}

BOOST_AUTO_TEST_CASE(leave_a_trait_that_has_a_field_of_its_own_where_it_is_however_often_they_change) {
    auto const ada = R"({"_id":"u","_source":{"user_id":"u","email":"own@x","metadata":{"ssn":"1"}},"sort":["u"]})";
    engine::ingest before{hides({{"metadata.ssn", config::policy::never}})};
    BOOST_REQUIRE(before.prepare(s).has_value());
    auto row = begun();
    read(before, row, ada);
    engine::ingest lifted{hides({})}, second{hides({{"clearbit", config::policy::never}})},
        third{hides({{"campaign", config::policy::never}})};
    for (auto* changed : {&lifted, &second, &third}) under(*changed);
    BOOST_TEST((s.accounts.load(1)[profile::trait::email].wanted.state == diff::known::form::value));
    auto const source = s.profiles.source(1);
    BOOST_TEST(store::decode_source(source->data).texts[profile::index_of(profile::trait::email)] == "\"own@x\"");
}

BOOST_AUTO_TEST_CASE(leave_a_company_s_value_that_is_still_to_be_sent_as_it_is) {
    auto const company = [](char const* tier) {
        return fmt::format(R"({{"_id":"c","_source":{{"company_id":"c","company_domain":"example.com",)"
                           R"("last_seen_time":"2026-04-02T09:15:29.123Z","metadata":{{"tier":"{}"}}}},"sort":["c"]}})",
                           tier);
    };
    engine::ingest before{hides({{"company.companyDomain", config::policy::hash}})};
    BOOST_REQUIRE(before.prepare(s).has_value());
    auto row = begun(pass_kind::full, pass_stage::companies);
    read(before, row, company("a"));
    BOOST_REQUIRE(engine::turn_to_users(s, row).has_value());
    read(before, row, R"({"_id":"u","_source":{"user_id":"u","company_id":"c"},"sort":["u"]})");
    known(before);
    row = begun(pass_kind::full, pass_stage::companies);
    read(before, row, company("b"));
    while (before.compare_company_users(s, row, ++now).value()) {
    }
    BOOST_REQUIRE(messages("state = 0") == 1);
    // Another part of it is compared, and something that it does not have is hidden.
    engine::ingest after{hides({{"company.companyDomain", config::policy::hash},
                                {"company.lastSeenTime", config::policy::send},
                                {"company.ipAddress", config::policy::never}})};
    under(after);
    while (after.strip(s)) {
    }
    auto const source = s.profiles.source(1);
    auto const text = store::decode_source(source->data).texts[profile::index_of(profile::trait::company)];
    auto const reference = store::referred_value(text);
    BOOST_REQUIRE(reference.has_value());
    auto const value = s.companies.value_text(*reference);
    BOOST_TEST(!profile::is_cut(value), value);
    BOOST_TEST(value.find(R"("tier":"b")") != std::string::npos, value);
    BOOST_TEST(value.find("companyDomain") != std::string::npos, value);
}

BOOST_AUTO_TEST_SUITE_END()
