#include "deployment.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::deployment;
}  // namespace

namespace {

// Two documents state the same user id.
struct one_id_twice : deployment {
    void say(std::string const& document, char const* called, char const* day) {
        moesif.put_user(
            document,
            fmt::format(R"({{"user_id":"same","name":"{}","modified_time":"2026-01-{}T00:00:00.000"}})", called, day),
            ++clock);
    }
    std::string name() const { return segment.state_of("same").value().at("name"); }
    // The one that the other keeps from the store.
    bool sets_aside(std::string const& document) const {
        return number(fmt::format("SELECT count(*) = 1 AND max(doc_id) = '{}' FROM quarantine WHERE reason = "
                                  "'duplicate_user_id'",
                                  document)) == 1;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_is_sent, deployment)

BOOST_AUTO_TEST_CASE(a_first_sync_sends_each_profile_once_and_an_unchanged_pass_sends_nothing) {
    put_users(250, "free");
    once_well();
    BOOST_TEST(segment.counts().messages == 250U);
    once_well();
    BOOST_TEST(segment.counts().messages == 250U);
}

BOOST_AUTO_TEST_CASE(only_the_changed_trait_goes_and_a_removed_one_goes_as_null) {
    put(1, R"(,"email":"a@example.com","name":"Ada","metadata":{"seats":1,"plan":"x"})");
    once_well();
    put(1, R"(,"email":"b@example.com","metadata":{"plan":"x","seats":1.0})");
    once_well();
    auto const messages = segment.messages_of(user_key(1));
    BOOST_REQUIRE(messages.size() == 2U);
    BOOST_TEST(messages[1].body.find(R"("email":"b@example.com")") != std::string::npos);
    BOOST_TEST(messages[1].body.find(R"("name":null)") != std::string::npos);
    BOOST_TEST(messages[1].body.find("metadata") == std::string::npos);
    BOOST_TEST(messages[1].body.find(R"("active":false)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_changed_company_changes_its_users_and_first_syncs_send_one_message_a_user) {
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"a"}})", ++clock);
    for (int i = 0; i < 30; ++i) put(i, R"(,"company_id":"acme")");
    once_well();
    BOOST_TEST(segment.counts().messages == 30U);
    BOOST_TEST(trait_of(3, "company").find(R"("tier":"a")") != std::string::npos);
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"b"}})", ++clock);
    once_well();
    BOOST_TEST(segment.counts().messages == 60U);
    BOOST_TEST(trait_of(29, "company").find(R"("tier":"b")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_company_that_arrives_later_completes_its_users) {
    put(1, R"(,"company_id":"late")");
    once_well();
    BOOST_TEST(trait_of(1, "company") == R"({"id":"late"})");
    moesif.put_company("late", R"({"company_id":"late","company_domain":"example.com"})", ++clock);
    once_well();
    BOOST_TEST(trait_of(1, "company").find("example.com") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_profile_that_is_gone_is_found_by_the_full_pass_and_sends_what_the_operator_chose) {
    put_users(5, "x");
    once_well();
    moesif.remove_user(user_key(2));
    once_well();
    BOOST_TEST(number("SELECT count(*) FROM users WHERE gone_at IS NOT NULL") == 1);
    BOOST_TEST(segment.counts().messages == 5U);
    environment["TRAITSYNC_TRAITS_ON_DELETE"] = "null";
    moesif.remove_user(user_key(3));
    once_well();
    BOOST_TEST(trait_of(3, "email") == "null");
    put(3, R"(,"email":"back@example.com")");
    once_well();
    BOOST_TEST(trait_of(3, "email") == R"("back@example.com")");
}

BOOST_AUTO_TEST_CASE(bad_documents_go_to_quarantine_and_leave_it_when_they_are_good_again) {
    put_users(3, "x");
    moesif.put_user("odd", R"({"user_id":{"not":"an id"},"anonymous":1})", ++clock);
    moesif.put_user("", R"({"email":"nobody@example.com"})", ++clock);
    once_well();
    BOOST_TEST(segment.counts().messages >= 3U);
    BOOST_TEST(number("SELECT count(*) FROM quarantine WHERE reason = 'missing_id'") >= 1);
    // Where it stands in the order of another kind of pass does not make it another document.
    {
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "100ms";
        test::process service{options({"run"})};
        auto const deadline = std::chrono::steady_clock::now() + 20s;
        while (number("SELECT count(*) FROM passes WHERE kind = 'incremental' AND ended > 0") == 0) {
            BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::sleep_for(10ms);
        }
        BOOST_REQUIRE(service.stop());
    }
    BOOST_TEST(number("SELECT count(*) FROM quarantine WHERE doc_id LIKE 'sha256:%'") == 1);
    moesif.remove_user("");
    once_well();
    BOOST_TEST(number("SELECT count(*) FROM quarantine WHERE doc_id LIKE 'sha256:%'") == 0);
}

BOOST_FIXTURE_TEST_CASE(of_two_documents_with_one_user_id_the_newest_wins, one_id_twice) {
    say("doc1", "old", "01");
    say("doc2", "new", "02");
    once_well();
    BOOST_TEST(name() == R"("new")");
    BOOST_TEST(sets_aside("doc1"));
}

BOOST_FIXTURE_TEST_CASE(of_two_documents_the_newer_is_told_by_what_moesif_says_now_not_by_what_was_worth_storing,
                        one_id_twice) {
    say("doc1", "one", "05");
    once_well();
    // Only a riding value moves, which need not be stored.
    say("doc1", "one", "20");
    say("doc2", "two", "10");
    once_well();
    BOOST_TEST(name() == R"("one")");
    BOOST_TEST(sets_aside("doc2"));
    BOOST_TEST(number("SELECT count(*) FROM missing") == 0);
}

BOOST_FIXTURE_TEST_CASE(the_older_of_two_documents_counts_once_the_newer_is_of_no_use, one_id_twice) {
    say("doc1", "one", "05");
    say("doc2", "two", "10");
    once_well();
    BOOST_TEST(name() == R"("two")");
    // Nested too deeply: in quarantine, and still the same user's by all that is known.
    moesif.put_user("doc2", R"({"user_id":"same","metadata":)" + std::string(100, '[') + std::string(100, ']') + "}",
                    ++clock);
    once_well();
    BOOST_TEST(number("SELECT count(*) FROM quarantine WHERE reason = 'too_deep' AND doc_id = 'doc2'") == 1);
    BOOST_TEST(name() == R"("one")");
    BOOST_TEST(number("SELECT count(*) FROM quarantine WHERE reason = 'duplicate_user_id'") == 0);
    say("doc2", "two", "10");
    once_well();
    BOOST_TEST(name() == R"("two")");
    BOOST_TEST(sets_aside("doc1"));
}

BOOST_FIXTURE_TEST_CASE(the_older_of_two_documents_counts_once_the_newer_tells_of_a_visitor, one_id_twice) {
    say("doc1", "one", "05");
    say("doc2", "two", "10");
    once_well();
    moesif.put_user("doc2", R"({"anonymous_id":"visitor","name":"two"})", ++clock);
    once_well();
    BOOST_TEST(name() == R"("one")");
    moesif.put_user("doc1", R"({"anonymous_id":"visitor","name":"one"})", ++clock);
    once_well();
    BOOST_TEST(name() == R"("one")");
    BOOST_TEST(number("SELECT count(*) FROM users WHERE gone_at IS NOT NULL") == 0);
}

BOOST_AUTO_TEST_CASE(a_company_s_document_wins_as_soon_as_it_is_newer_than_what_a_user_embeds) {
    auto const document = [this](char const* day) {
        moesif.put_company(
            "acme",
            fmt::format(
                R"({{"company_id":"acme","company_domain":"new.example","modified_time":"2026-01-{}T00:00:00.000"}})",
                day),
            ++clock);
    };
    document("05");
    put(1, R"(,"company":{"id":"acme","company_domain":"embedded.example","modified_time":"2026-01-10T00:00:00.000"})");
    put(2, R"(,"company":{"id":"acme","company_domain":"later.example","modified_time":"2026-01-20T00:00:00.000"})");
    once_well();
    BOOST_TEST(trait_of(1, "company").find("embedded.example") != std::string::npos, trait_of(1, "company"));
    // Nothing but its time moves.
    document("15");
    once_well();
    BOOST_TEST(trait_of(1, "company").find("new.example") != std::string::npos, trait_of(1, "company"));
    BOOST_TEST(trait_of(2, "company").find("later.example") != std::string::npos, trait_of(2, "company"));
    document("25");
    once_well();
    BOOST_TEST(trait_of(2, "company").find("new.example") != std::string::npos, trait_of(2, "company"));
    auto const sent = segment.counts().messages;
    document("27");
    once_well();
    BOOST_TEST(segment.counts().messages == sent, "users have it as it is: its time alone causes no message");
}

BOOST_AUTO_TEST_CASE(a_company_s_document_wins_where_neither_it_nor_what_a_user_embeds_has_a_time) {
    put(1, R"(,"company":{"id":"acme","company_domain":"embedded.example"})");
    once_well();
    BOOST_TEST(trait_of(1, "company").find("embedded.example") != std::string::npos, trait_of(1, "company"));
    moesif.put_company("acme", R"({"company_id":"acme","company_domain":"new.example"})", ++clock);
    once_well();
    BOOST_TEST(trait_of(1, "company").find("new.example") != std::string::npos, trait_of(1, "company"));
}

BOOST_AUTO_TEST_CASE(an_id_that_only_reads_the_same_takes_nobody_over) {
    moesif.put_user("doc1", R"({"user_id":"ada","name":"Ada"})", ++clock);
    once_well();
    moesif.put_user("doc2", R"({"user_id":"ada\u0000","name":"Eve"})", ++clock);
    moesif.put_user("doc3", R"({"user_id":"b\ud800","name":"B"})", ++clock);
    once_well();
    moesif.put_user("doc4", R"({"user_id":"b\udfff","name":"C"})", ++clock);
    once_well();
    BOOST_TEST(segment.state_of("ada")->at("name") == R"("Ada")");
    BOOST_TEST(segment.state_of("b\xef\xbf\xbd")->at("name") == R"("B")");
    BOOST_TEST(
        number("SELECT count(*) FROM quarantine WHERE reason = 'duplicate_user_id' AND doc_id IN ('doc2', 'doc4')") ==
        2);
}

BOOST_AUTO_TEST_CASE(a_renamed_id_gets_its_full_state_and_the_old_one_nothing) {
    moesif.put_user("doc", R"({"user_id":"ivy.old","email":"ivy@example.com"})", ++clock);
    once_well();
    moesif.put_user("doc", R"({"user_id":"ivy.new","email":"ivy@example.com"})", ++clock);
    once_well();
    BOOST_TEST(segment.messages_of("ivy.old").size() == 1U);
    BOOST_TEST((segment.state_of("ivy.new").value().at("email") == R"("ivy@example.com")"));
}

BOOST_AUTO_TEST_CASE(adopting_sends_only_later_changes) {
    environment["TRAITSYNC_TRAITS_FIRST_SYNC"] = "adopt";
    put_users(20, "x");
    once_well();
    BOOST_TEST(segment.counts().messages == 0U);
    put(4, R"(,"email":"new@example.com","metadata":{"plan":"x"})");
    once_well();
    BOOST_TEST(segment.counts().messages == 1U);
    BOOST_TEST(trait_of(4, "metadata").empty());
}

BOOST_AUTO_TEST_CASE(the_brake_holds_a_pass_that_changes_too_many) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "10";
    put_users(100, "x");
    once_well();
    put_users(100, "y");
    auto const ended = once();
    BOOST_TEST(ended.state.code == 1);
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 4") +
                   static_cast<std::int64_t>(segment.counts().messages) ==
               200);
    BOOST_TEST(segment.counts().messages <= 110U, "at most brake_min messages of the pass left");
    BOOST_TEST(once().state.code == 1, "held over a restart");
    BOOST_TEST(segment.counts().messages <= 110U);
}

BOOST_AUTO_TEST_CASE(a_changed_policy_is_applied_to_every_profile_without_losing_or_nulling_values) {
    put(1, R"(,"email":"ada@example.com","name":"Ada")");
    environment["TRAITSYNC_TRAITS_POLICY"] = "email=hash,name=never";
    once_well();
    BOOST_TEST(trait_of(1, "email").size() == 66U);
    BOOST_TEST(trait_of(1, "name").empty());
    environment.erase("TRAITSYNC_TRAITS_POLICY");
    once_well();
    BOOST_TEST(trait_of(1, "email") == R"("ada@example.com")");
    BOOST_TEST(trait_of(1, "name") == R"("Ada")");
    for (auto const& m : segment.messages_of(user_key(1))) BOOST_TEST(m.body.find("null") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_bad_message_becomes_a_dead_letter_and_the_others_go) {
    put_users(60, "x");
    segment.set_refuse([](std::string_view user, std::string_view) { return user == "user00007"; });
    auto const ended = once();
    BOOST_TEST(ended.state.code == 1);
    BOOST_TEST(segment.counts().distinct_messages == 59U);
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 3") == 1);
    BOOST_TEST(once().state.code == 0, "older dead letters are no failure");
}

BOOST_AUTO_TEST_CASE(a_trait_that_is_too_large_is_a_dead_letter_while_the_others_go) {
    put(1, fmt::format(R"(,"email":"a@example.com","metadata":{{"big":"{}"}})", std::string(40'000, 'x')));
    BOOST_TEST(once().state.code == 1);
    BOOST_TEST(trait_of(1, "email") == R"("a@example.com")");
    BOOST_TEST(trait_of(1, "metadata").empty());
    BOOST_TEST(number("SELECT count(*) FROM messages WHERE state = 3 AND reason = 2") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
