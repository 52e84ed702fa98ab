// What becomes of what is stored and sent when policies change.

#include "changing.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(other_rules_for_what_is_stored, changing)

BOOST_AUTO_TEST_CASE(what_was_removed_and_kept_is_neither_stored_nor_sent_once_a_policy_hides_it) {
    environment[on_remove] = "ignore";
    put(1, R"(,"email":"a@example.com","name":"Ada Secret","metadata":{"plan":"pro","ssn":"123-45"})");
    start();
    settle();
    put(1, R"(,"email":"a@example.com")");
    pull();
    quiet();
    sent_since(1);
    change({{policy, "name=hash,metadata.ssn=never"}});
    quiet();
    eventually("taken out", [&] { return !stored("Ada Secret") && !stored("123-45"); });
    replay_all();
    pull("full");
    replay_all();
    auto const sent = sent_since(1);
    BOOST_TEST(has(sent, "a@example.com"), sent);
    for (auto const* hidden : {"Ada Secret", "123-45", "not kept"}) BOOST_TEST(!has(sent, hidden), sent);
    BOOST_TEST(trait_of(1, "metadata") == R"({"plan":"pro","ssn":"123-45"})", "it stays at Segment");
    for (auto const* trait : {"name", "metadata"}) {
        auto const e = explain(1, trait);
        BOOST_TEST(text_at(e, "state") == "excluded");
        BOOST_TEST(e.at("moesif_value").is_null());
        BOOST_TEST(has(text_at(e, "reason"), "policies changed"), text_at(e, "reason"));
        BOOST_TEST(text_at(e, "segment_value") == not_kept);
    }
}

BOOST_AUTO_TEST_CASE(what_a_policy_took_out_is_not_sent_as_if_it_were_whole_when_the_policy_is_lifted) {
    environment[on_remove] = "ignore";
    environment[policy] = "metadata=always";
    company(R"(,"company_domain":"acme.example","metadata":{"tier":"a"})");
    auto const whole = R"(,"name":"Ada","company_id":"acme","metadata":{"plan":"pro","ssn":"123-45"})";
    put(1, whole);
    start();
    settle();
    put(1, R"(,"email":"a@example.com")");
    pull();
    quiet();
    for (auto const* hides : {"hash", "never"}) {
        change({{policy, fmt::format("metadata=always,metadata.ssn={0},company.companyDomain={0}", hides)}});
        quiet();
        put(1, fmt::format(R"(,"email":"{}-1@example.com")", hides));
        pull();
        quiet();
        sent_since(1);
        change({{policy, "metadata=always"}});
        pull("full");
        put(1, fmt::format(R"(,"email":"{}-2@example.com")", hides));
        pull();
        quiet();
        replay_all();
        auto const sent = sent_since(1);
        BOOST_TEST(has(sent, "-2@example.com"), sent);
        for (auto const* part : {"not kept", "\"metadata\"", "\"company\""}) BOOST_TEST(!has(sent, part), sent);
        BOOST_TEST(trait_of(1, "metadata") == R"({"plan":"pro","ssn":"123-45"})");
        BOOST_TEST(has(text_at(explain(1, "metadata"), "reason"), "policies changed"));
        BOOST_TEST(text_at(explain(1, "company"), "segment_value") == not_kept);
    }
    put(1, whole);
    pull();
    quiet();
    replay_all();
    BOOST_TEST(has(sent_since(1), R"("ssn":"123-45")"));
    BOOST_TEST(text_at(explain(1, "metadata"), "state") == "unchanged");
    BOOST_TEST(has(text_at(explain(1, "company"), "segment_value"), "acme.example"));
}

BOOST_AUTO_TEST_CASE(a_hash_that_is_lifted_is_not_sent_as_the_value_while_the_full_pass_cannot_run) {
    environment[policy] = "name=hash";
    put(1, R"(,"name":"Ada","email":"a@example.com")");
    start();
    settle();
    pause_delivery();
    put(1, R"(,"name":"Eve","email":"a@example.com")");
    pull();
    moesif.set_faults({.unavailable = 1});
    sent_since(1);
    change({{policy, "name=send"}});
    resume();
    replay_all();
    auto const sent = sent_since(1);
    BOOST_TEST(has(sent, "a@example.com"), sent);
    BOOST_TEST(!has(sent, sha256_hex("Eve")), sent);
    BOOST_TEST(text_at(explain(1, "name"), "state") == "excluded");
    moesif.set_faults({});
    pull("full");
    eventually("as it is in Moesif", [&] { return trait_of(1, "name") == R"("Eve")"; });
}

BOOST_AUTO_TEST_CASE(what_the_store_lacks_is_not_taken_for_gone_when_policies_change_again_before_the_full_pass) {
    environment[policy] = "name=hash,metadata.ssn=hash,company.companyDomain=hash";
    environment[nested_nulls] = "true";
    company(R"(,"company_domain":"acme.example")");
    put(1, R"(,"name":"Ada","company_id":"acme","metadata":{"plan":"pro","ssn":"123-45"})");
    put(2, R"(,"email":"b@example.com","company_id":"acme","metadata":{"plan":"pro"})");
    start();
    settle();
    auto const before = segment.counts().messages;
    sent_since(1);
    moesif.set_faults({.unavailable = 1});
    change({{policy, ""}});
    change({{policy, "email=hash"}});
    quiet();  // the digest went
    change({{policy, "email=ride,username=never"}});
    replay_all();
    auto const sent = sent_since(1);
    for (auto const* absent : {"\"name\":null", "\"metadata\"", "\"company\""}) BOOST_TEST(!has(sent, absent), sent);
    BOOST_TEST(segment.counts().messages == before + 3, "both once more, and one's digest of the address");
    moesif.set_faults({});
    eventually("as it is in Moesif", [&] {
        return trait_of(1, "name") == R"("Ada")" && trait_of(1, "metadata") == R"({"plan":"pro","ssn":"123-45"})" &&
               has(trait_of(1, "company"), "acme.example") && has(trait_of(2, "company"), "acme.example");
    });
    pull();  // behind the end of the full one
    quiet();
    BOOST_TEST(trait_of(2, "metadata") == R"({"plan":"pro"})");
    for (auto const* trait : {"metadata", "company"}) {
        auto const e = explain(2, trait);
        BOOST_TEST(text_at(e, "moesif_value") == text_at(e, "segment_value"), trait);
    }
}

BOOST_AUTO_TEST_CASE(nothing_that_a_policy_hides_leaves_before_what_is_stored_was_compared) {
    put_users(400, "pro");
    start();
    settle();
    auto const before = segment.counts().messages;
    pause_delivery();
    for (int i = 0; i < 400; ++i) put(i, R"(,"email":"new@example.com","name":"Ada Secret")");
    pull();
    BOOST_TEST(queue("waiting") == 400);
    moesif.set_faults({.unavailable = 1});
    post("/v1/pull", R"({"kind":"full"})", 202);
    eventually("tried", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "retrying"; });
    stop();
    environment[policy] = "name=never";
    start();
    post("/v1/resume", R"({"scope":"all"})", 200);
    eventually("sent", [&] { return segment.counts().messages == before + 400; });
    for (int i = 0; i < 400; ++i) {
        BOOST_REQUIRE(trait_of(i, "email") == R"("new@example.com")");
        BOOST_REQUIRE(trait_of(i, "name").empty());
    }
    moesif.set_faults({});
    BOOST_TEST(rediffs() == 1);
    eventually("the pass goes on", [&] { return number("SELECT count(*) FROM passes WHERE ended IS NULL") == 0; });
}

BOOST_AUTO_TEST_CASE(a_member_that_was_removed_goes_as_null_also_when_policies_change_while_it_waits) {
    environment[nested_nulls] = "true";
    company(R"(,"metadata":{"tier":"a","seats":5,"secret":"x"})");
    put(1, R"(,"name":"Ada","company_id":"acme","metadata":{"plan":"pro","seats":5,"ssn":"123-45","age":7})");
    start();
    settle();
    pause_delivery();
    company(R"(,"metadata":{"tier":"a","secret":"x"})");
    put(1, R"(,"name":"Ada","company_id":"acme","metadata":{"plan":"pro","ssn":"123-45","age":7})");
    pull();
    sent_since(1);
    change({{policy, "name=never,metadata.ssn=never,metadata.age=hash,company.metadata.secret=never"}});
    resume();
    auto const sent = sent_since(1);
    BOOST_TEST(has(sent, R"("seats":null)"), sent);
    BOOST_TEST(has(trait_of(1, "company"), R"("seats":null)"), trait_of(1, "company"));
    BOOST_TEST(has(trait_of(1, "metadata"), R"("seats":null)"), trait_of(1, "metadata"));
    for (auto const* hidden : {"ssn", "secret", "not kept", "123-45", "Ada"}) BOOST_TEST(!has(sent, hidden), sent);
    BOOST_TEST(has(sent, sha256_hex("7")), sent);
}

BOOST_AUTO_TEST_CASE(a_member_that_rode_is_compared_once_its_policy_is_send_also_when_it_is_gone) {
    auto const rides = "metadata.seen=ride";
    environment[policy] = rides;
    for (int i : {1, 2, 3}) put(i, R"(,"name":"Ada","metadata":{"plan":"pro","seen":1})");
    start();
    settle();
    put(1, R"(,"name":"Ada","metadata":{"plan":"pro"})");
    pull();
    pause_delivery();
    // Of the second one it is stored: it rode with a change that was taken back.
    put(2, R"(,"name":"Eve","metadata":{"plan":"pro"})");
    pull();
    put(2, R"(,"name":"Ada","metadata":{"plan":"pro"})");
    pull();
    resume();
    for (int i : {1, 2}) BOOST_TEST(trait_of(i, "metadata") == R"({"plan":"pro","seen":1})", "it rides");
    auto const before = segment.counts().messages;
    change({{policy, "metadata.seen=send"}});
    pull("full");
    quiet();
    for (int i : {1, 2}) BOOST_TEST(trait_of(i, "metadata") == R"({"plan":"pro"})");
    BOOST_TEST(segment.counts().messages == before + 2);
    // And the other way: what is compared no more causes nothing.
    change({{policy, rides}});
    put(3, R"(,"name":"Ada","metadata":{"plan":"pro","seen":2})");
    pull("full");
    quiet();
    BOOST_TEST(segment.counts().messages == before + 2);
}

BOOST_AUTO_TEST_CASE(a_dead_letter_that_is_retried_while_policies_change_is_not_lost) {
    for (int const retry_after : {0, 1, 2, 3}) {
        auto const i = retry_after + 1;
        if (!service) {
            put(i, R"(,"name":"Ada","email":"a@example.com","metadata":{"plan":"pro"})");
            start();
        } else {
            put(i, R"(,"name":"Ada","email":"a@example.com","metadata":{"plan":"pro"})");
            pull("full");
        }
        settle();
        segment.set_refuse([](std::string_view, std::string_view) { return true; });
        put(i, R"(,"email":"b@example.com","metadata":{"plan":"free"})");
        pull();
        eventually("refused", [&] { return queue("dead") == 1; });
        segment.set_refuse({});
        auto const retry = [&](int when) {
            if (when == retry_after) post("/v1/dead-letters/retry", R"({"all":true})", 200);
        };
        pause_delivery();
        moesif.set_faults({.unavailable = 1});
        retry(0);
        change({{policy, "metadata=hash"}});
        retry(1);
        change({{policy, "company.companyDomain=never"}});
        retry(2);
        change({{policy, "metadata.n.x=hash,campaign=hash,username=hash"}});
        retry(3);
        change({{policy, "company.companyDomain=never"}});
        moesif.set_faults({});
        pull("full");
        resume();
        BOOST_TEST_CONTEXT("retried " << retry_after) {
            BOOST_TEST(trait_of(i, "email") == "\"b@example.com\"");
            BOOST_TEST(trait_of(i, "name") == "null");
            BOOST_TEST(trait_of(i, "metadata") == R"({"plan":"free"})");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_context_whose_policy_was_lifted_is_whole_again_after_a_full_pass) {
    company(R"(,"company_domain":"one.example")");
    put(1, R"(,"name":"Ada","company_id":"acme","ip_address":"198.51.100.7","geo_ip":{"city_name":"Bern"})");
    environment[policy] = "context.location=never";
    start();
    settle();
    BOOST_TEST(!has(sent_since(1), "Bern"));
    change({{policy, "name=hash"}});
    pull("full");
    quiet();
    sent_since(1);
    // Nothing of the user's own document changed since, nor does it now.
    company(R"(,"company_domain":"two.example")");
    pull();
    quiet();
    auto const sent = sent_since(1);
    BOOST_TEST(has(sent, "two.example"), sent);
    BOOST_TEST(has(sent, "Bern"), sent);
    BOOST_TEST(has(sent, "198.51.100.7"), sent);
}

BOOST_AUTO_TEST_SUITE_END()
