// What becomes of what is gone when on_remove, on_delete or policies change.

#include "changing.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(other_rules_for_what_is_gone, changing)

BOOST_AUTO_TEST_CASE(neither_a_search_nor_forgetting_finds_the_name_of_a_gone_user_whose_nulls_were_sent) {
    environment["TRAITSYNC_TRAITS_ON_DELETE"] = "null";
    put(1, R"(,"name":"Ada Secret","email":"ada@example.com")");
    start();
    settle();
    moesif.remove_user(user_key(1));
    pull("full");
    eventually("gone", [&] { return trait_of(1, "name") == "null"; });
    auto const keys =
        "SELECT (SELECT count(*) FROM lookups) + (SELECT count(*) FROM lookups_new WHERE name || email <> '')";
    BOOST_TEST(number(keys) == 0);
    change({{policy, "name=never,email=hash"}});
    quiet();
    BOOST_TEST(!stored("Ada Secret"));
    BOOST_TEST(!stored("ada@example.com"));
}

BOOST_AUTO_TEST_CASE(users_that_are_gone_already_get_their_nulls_when_on_delete_becomes_null) {
    put(1, R"(,"email":"a@example.com")");
    put(2, R"(,"email":"b@example.com")");
    start();
    settle();
    moesif.remove_user(user_key(1));
    pull("full");
    eventually("gone", [&] { return state_of_trait(1, "email") == "gone"; });
    segment.set_refuse(
        [](std::string_view, std::string_view message) { return message.find("null") != std::string_view::npos; });
    change({{"TRAITSYNC_TRAITS_ON_DELETE", "null"}});
    eventually("refused", [&] { return queue("dead") == 1; });
    BOOST_TEST(state_of_trait(1, "email") == "dead");
    post("/v1/dead-letters/discard", R"({"all":true})", 200);
    BOOST_TEST(has(text_at(explain(1, "email"), "reason"), "discarded"));
    // Both ways once more: an operator's no is not undone.
    segment.set_refuse({});
    change({{"TRAITSYNC_TRAITS_ON_DELETE", "ignore"}});
    change({{"TRAITSYNC_TRAITS_ON_DELETE", "null"}});
    quiet();
    BOOST_TEST(trait_of(1, "email") == R"("a@example.com")");
    BOOST_TEST(segment.counts().messages == 2U);
}

BOOST_AUTO_TEST_CASE(a_value_that_waits_while_its_removal_is_ignored_is_told_as_that) {
    environment[on_remove] = "ignore";
    put(1, R"(,"email":"a@example.com","name":"Ada")");
    start();
    settle();
    pause_delivery();
    put(1, R"(,"email":"a@example.com","name":"Grace")");
    pull();
    put(1, R"(,"email":"a@example.com")");
    pull();
    BOOST_TEST(state_of_trait(1, "name") == "waiting");
    BOOST_TEST(has(text_at(explain(1, "name"), "reason"), "on_remove = ignore"), text_at(explain(1, "name"), "reason"));
    resume();
    BOOST_TEST(trait_of(1, "name") == R"("Grace")");
}

BOOST_AUTO_TEST_CASE(removals_that_were_ignored_are_made_up_for_when_on_remove_becomes_null) {
    environment[on_remove] = "ignore";
    company("");
    put(1, R"(,"email":"a@example.com","name":"Ada","company_id":"acme")");
    start();
    settle();
    put(1, R"(,"email":"a@example.com")");
    pull();
    quiet();
    BOOST_TEST(trait_of(1, "name") == R"("Ada")");
    change({{on_remove, "null"}});
    quiet();
    for (auto const* trait : {"name", "company"}) {
        BOOST_TEST(trait_of(1, trait) == "null");
        BOOST_TEST(has(text_at(explain(1, trait), "reason"), "Segment took null"));
    }
    BOOST_TEST(trait_of(1, "email") == R"("a@example.com")");
    // And back: nothing is to be done.
    sent_since(1);
    change({{on_remove, "ignore"}});
    quiet();
    BOOST_TEST(sent_since(1).empty());
}

BOOST_AUTO_TEST_CASE(nulls_of_a_gone_user_that_were_refused_go_when_they_are_retried) {
    environment["TRAITSYNC_TRAITS_ON_DELETE"] = "null";
    put(1, R"(,"email":"a@example.com")");
    put(2, R"(,"email":"b@example.com")");
    start();
    settle();
    segment.set_refuse(
        [](std::string_view, std::string_view message) { return message.find("null") != std::string_view::npos; });
    moesif.remove_user(user_key(1));
    pull("full");
    eventually("refused", [&] { return queue("dead") == 1; });
    segment.set_refuse({});
    post("/v1/dead-letters/retry", R"({"all":true})", 200);
    eventually("sent", [&] { return trait_of(1, "email") == "null"; });
    quiet();
    BOOST_TEST(trait_of(2, "email") == R"("b@example.com")");
}

BOOST_AUTO_TEST_CASE(a_hashed_object_that_moesif_has_is_not_explained_as_removed) {
    environment[on_remove] = "ignore";
    environment[policy] = "metadata=hash,campaign=hash";
    put(1, R"(,"email":"a@example.com","metadata":{"plan":"pro"},"campaign":{"utm_source":"x"})");
    start();
    settle();
    for (auto const* trait : {"metadata", "campaign"}) {
        auto const e = explain(1, trait);
        BOOST_TEST(!has(text_at(e, "reason"), "on_remove"), text_at(e, "reason"));
        BOOST_TEST(text_at(e, "moesif_value") == text_at(e, "segment_value"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
