// What becomes of companies, and of who belongs to them, when policies change.

#include "changing.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(other_rules_for_companies, changing)

BOOST_AUTO_TEST_CASE(a_company_that_a_user_has_left_stays_whole_when_a_policy_hides_something_else) {
    environment[on_remove] = "ignore";
    company(R"(,"metadata":{"tier":"a"})");
    put(1, R"(,"email":"a@example.com","name":"Ada","company_id":"acme")");
    start();
    settle();
    put(1, R"(,"email":"a@example.com","name":"Ada")");
    pull();
    company(R"(,"metadata":{"tier":"b"})");
    pull();
    quiet();
    change({{policy, "name=hash"}});
    quiet();
    // Taking texts out goes on beside the passes, and ends with the log emptied.
    eventually("ended", [&] { return number("SELECT count(*) FROM meta WHERE key GLOB 'strip*'") == 0; });
    sent_since(1);
    replay_all();
    auto const sent = sent_since(1);
    BOOST_TEST(has(sent, R"("tier":"a")"), sent);
    BOOST_TEST(!has(sent, "not kept"), sent);
}

BOOST_AUTO_TEST_CASE(the_newer_company_that_a_user_embeds_stays_whatever_is_changed_while_its_time_is_hidden) {
    for (auto const* hides :
         {"company.modifiedTime=never", "company=hash", "company=never,company.companyDomain=send"}) {
        BOOST_TEST_CONTEXT(hides) {
            changing c;
            c.environment[policy] = hides;
            c.company(R"(,"company_domain":"own.example","modified_time":"2026-01-05T00:00:00.000")");
            c.put(1, R"(,"email":"a@example.com","company":{"company_id":"acme","company_domain":"embedded.example",)"
                     R"("modified_time":"2026-01-10T00:00:00.000"})");
            c.start();
            c.settle();
            auto const first = c.trait_of(1, "company");
            c.sent_since(1);
            c.change({{policy, std::string{hides} + ",name=hash"}});
            c.quiet();
            c.pull("full");
            c.quiet();
            BOOST_TEST(c.sent_since(1) == "");
            BOOST_TEST(c.trait_of(1, "company") == first);
            c.stop();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_company_that_a_user_has_left_is_not_sent_once_a_policy_hides_a_part_of_it) {
    environment[on_remove] = "ignore";
    company(R"(,"metadata":{"tier":"a","seats":"s3cret"})");
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    start();
    settle();
    put(1, R"(,"email":"a@example.com")");
    pull();
    company(R"(,"metadata":{"tier":"b","seats":"s3cret-too"})");
    pull();
    quiet();
    sent_since(1);
    change({{policy, "company.metadata.seats=hash"}});
    quiet();
    eventually("taken out", [&] {
        return number("SELECT count(*) FROM company_values WHERE instr(text, 's3cret') > 0") == 0 &&
               number("SELECT count(*) FROM meta WHERE key GLOB 'strip*'") == 0;
    });
    replay_all();
    pull("full");
    replay_all();
    auto const sent = sent_since(1);
    BOOST_TEST(has(sent, "a@example.com"), sent);
    BOOST_TEST(!has(sent, "company"), sent);
    // One who joins gets it as the policy leaves it.
    put(2, R"(,"email":"b@example.com","company_id":"acme")");
    pull();
    quiet();
    BOOST_TEST(has(trait_of(2, "company"), R"("seats":")" + sha256_hex("s3cret-too") + '"'), trait_of(2, "company"));
}

BOOST_AUTO_TEST_CASE(company_policies_may_come_and_go_in_any_order) {
    company(R"(,"company_domain":"acme.example","metadata":{"tier":"a"})");
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    environment[policy] = "company=never";
    start();
    settle();
    for (auto const* next : {"", "company.companyDomain=hash", "company=hash", "", "company.metadata=never",
                             "company=never", "company.companyDomain=never", ""}) {
        change({{policy, next}});
        eventually("ended", [&] { return number("SELECT count(*) FROM meta WHERE key GLOB 'strip*'") == 0; });
        pull("full");
        quiet();
        auto const domain = has(trait_of(1, "company"), "acme.example");
        BOOST_TEST(domain == (std::string_view{next}.empty() || std::string_view{next} == "company.metadata=never" ||
                              std::string_view{next} == "company=never"),
                   next << ": " << trait_of(1, "company"));
    }
}

BOOST_AUTO_TEST_CASE(users_that_an_interrupted_pass_reads_get_no_company_that_lacks_what_a_policy_kept_out) {
    environment[policy] = "company.companyDomain=hash";
    environment[nested_nulls] = "true";
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "2";
    company(R"(,"company_domain":"acme.example")");
    for (int i = 0; i < 40; ++i) put(i, R"(,"email":"a@example.com","company_id":"acme")");
    start();
    settle();
    moesif.set_faults({.slow_body = 1, .slow_pause = std::chrono::milliseconds{10}});
    post("/v1/pull", R"({"kind":"full"})", 202);
    eventually("reads users", [&] {
        return number("SELECT count(*) FROM passes WHERE ended IS NULL AND stage = 'users' AND pages > 4") == 1;
    });
    service->kill();
    BOOST_TEST(number("SELECT count(*) FROM passes WHERE ended IS NULL AND stage = 'users'") == 1);
    moesif.set_faults({});
    environment[policy] = "";
    start();
    eventually("as it is in Moesif", [&] {
        for (int i = 0; i < 40; ++i) {
            if (!has(trait_of(i, "company"), R"("acme.example")")) return false;
        }
        return true;
    });
    quiet();
    for (int i = 0; i < 40; ++i) {
        for (auto const& m : segment.messages_of(user_key(i))) {
            BOOST_TEST((!has(m.body, "\"company\"") || has(m.body, "companyDomain\":\"")), m.body);
        }
    }
}

BOOST_AUTO_TEST_CASE(users_of_a_company_that_is_gone_keep_and_get_its_last_object_whatever_policies_kept_out_of_it) {
    environment[nested_nulls] = "true";
    for (auto const* kept_out : {"never", "hash"}) {
        if (service) stop();
        environment[policy] = fmt::format("company.companyDomain={}", kept_out);
        company(R"(,"company_domain":"acme.example","metadata":{"tier":"a"})");
        moesif.put_company("other", R"({"company_id":"other"})", ++clock);
        put(1, R"(,"email":"a@example.com","company_id":"acme")");
        put(2, R"(,"email":"b@example.com","company_id":"other")");
        start();
        pull("full");
        quiet();
        moesif.remove_company("acme");
        pull("full");
        eventually("gone", [&] { return !get("/v1/companies/acme").at("gone_at").is_null(); });
        auto const last = trait_of(1, "company");
        change({{policy, ""}});
        pull("full");
        put(2, R"(,"email":"b@example.com","company_id":"acme")");
        pull();
        quiet();
        BOOST_TEST(trait_of(1, "company") == last);
        BOOST_TEST(trait_of(2, "company") == R"({"id":"acme","metadata":{"tier":"a"}})");
        BOOST_TEST(text_at(explain(2, "company"), "state") == "unchanged");
        put(2, R"(,"email":"b@example.com","company_id":"other")");
    }
}

BOOST_AUTO_TEST_CASE(another_source_gets_the_last_object_of_a_company_that_is_gone_whatever_policies_kept_out_of_it) {
    environment[policy] = "company.metadata.secret=never";
    company(R"(,"metadata":{"tier":"a"})");
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    start();
    settle();
    moesif.remove_company("acme");
    pull("full");
    eventually("gone", [&] { return !get("/v1/companies/acme").at("gone_at").is_null(); });
    change({{policy, ""}});
    pull("full");
    quiet();
    stop();
    segment.forget();
    environment["TRAITSYNC_SEGMENT_WRITE_KEY"] = "anotherkey0000000anotherkey00000";
    start();
    post("/v1/destination", R"({"action":"resend"})", 200);
    eventually("its own traits", [&] { return trait_of(1, "email") == R"("a@example.com")"; });
    pull();
    eventually("its company", [&] { return trait_of(1, "company") == R"({"id":"acme","metadata":{"tier":"a"}})"; });
    quiet();
    BOOST_TEST(segment.messages_of(user_key(1)).size() <= 2U);
}

BOOST_AUTO_TEST_CASE(a_company_that_goes_while_a_policy_keeps_it_out_stays_at_segment_when_the_policy_is_lifted) {
    environment[nested_nulls] = "true";
    company(R"(,"company_domain":"acme.example","metadata":{"tier":"a"})");
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    start();
    settle();
    auto const last = trait_of(1, "company");
    change({{policy, "company=never"}});
    moesif.remove_company("acme");
    change({{policy, ""}});
    pull("full");
    eventually("gone", [&] { return !get("/v1/companies/acme").at("gone_at").is_null(); });
    for (auto const* next : {"company.companyDomain=hash", "company=hash", ""}) {
        pull("full");
        quiet();
        BOOST_TEST(trait_of(1, "company") == last);
        change({{policy, next}});
    }
    pull("full");
    replay_all();
    BOOST_TEST(trait_of(1, "company") == last);
}

BOOST_AUTO_TEST_CASE(a_company_that_lacks_something_is_told_as_that_and_its_users_get_it_when_it_is_gone) {
    environment[policy] = "company.companyDomain=never";
    company(R"(,"company_domain":"acme.example","metadata":{"tier":"a"})");
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    put(2, R"(,"email":"b@example.com")");
    start();
    settle();
    moesif.set_faults({.unavailable = 1});
    change({{policy, ""}});
    BOOST_TEST(boost::json::serialize(get("/v1/companies/acme").at("company")) == trait_of(1, "company"));
    BOOST_TEST(text_at(explain(1, "company"), "state") == "excluded");
    moesif.remove_company("acme");
    put(2, R"(,"email":"b@example.com","company_id":"acme")");
    moesif.set_faults({});
    eventually("gone", [&] { return !get("/v1/companies/acme").at("gone_at").is_null(); });
    pull("full");
    eventually("it came", [&] { return !trait_of(2, "company").empty(); });
    BOOST_TEST(trait_of(2, "company") == trait_of(1, "company"));
    BOOST_TEST(text_at(explain(1, "company"), "state") == "unchanged");
}

BOOST_AUTO_TEST_CASE(a_policy_is_applied_to_companies_that_are_stored_before_any_user_is) {
    company(R"(,"company_domain":"acme.example","metadata":{"tier":"a"})");
    start();
    settle();
    change({{policy, "company.metadata.tier=never,company.companyDomain=hash"}});
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    pull();
    quiet();
    BOOST_TEST(trait_of(1, "company") ==
               fmt::format(R"({{"id":"acme","companyDomain":"{}","metadata":{{}}}})", sha256_hex("acme.example")));
    BOOST_TEST(!has(boost::json::serialize(get("/v1/companies/acme")), "tier"));
}

BOOST_AUTO_TEST_CASE(a_company_that_rides_goes_by_itself_when_only_the_company_s_document_changed) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    environment["TRAITSYNC_MOESIF_FULL_INTERVAL"] = "2s";
    environment["TRAITSYNC_TRAITS_VOLATILE_INTERVAL"] = "3s";
    environment[policy] = "company=ride";
    company(R"(,"metadata":{"tier":"a"})");
    put(1, R"(,"email":"a@example.com","company_id":"acme")");
    start();
    settle();
    company(R"(,"metadata":{"tier":"b"})");
    eventually("due", [&] { return has(trait_of(1, "company"), R"("tier":"b")"); });
    BOOST_TEST(segment.counts().messages == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
