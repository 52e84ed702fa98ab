// For any user and trait the API says what each end has and why.

#include <boost/json/serialize.hpp>

#include <filesystem>

#include "operator.hpp"

namespace {
using namespace traitsync;
using namespace traitsync::test;
using test::number_at;
using test::operated;
using test::text_at;
}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_is_explained, operated)

BOOST_AUTO_TEST_CASE(an_unchanged_trait_has_its_message_and_a_missing_one_says_so) {
    put(1, R"(,"email":"a@example.com","metadata":{"plan":"x"})");
    start();
    settle();
    auto const e = explain(1, "email");
    BOOST_TEST(text_at(e, "state") == "unchanged");
    BOOST_TEST(text_at(e, "moesif_value") == "a@example.com");
    BOOST_TEST(text_at(e, "segment_value") == "a@example.com");
    BOOST_TEST(text_at(e, "message_id").size() == 36U);
    BOOST_TEST(text_at(explain(1, "name"), "reason").find("Moesif has no name") == 0U);
    BOOST_TEST(get("/v1/profiles/" + user_key(1) + "/explain").at("items").as_array().size() == 14U);
    BOOST_TEST(api->get("/v1/profiles/nobody/explain").status == 404);
    auto const message = get("/v1/messages/" + text_at(e, "message_id"));
    BOOST_TEST(text_at(message, "state") == "acknowledged");
    BOOST_TEST(boost::json::serialize(message.at("body")).find("a@example.com") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_waiting_a_retried_and_then_an_acknowledged_change_are_told_apart) {
    put(1, R"(,"email":"a@example.com")");
    start();
    settle();
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    put(1, R"(,"email":"b@example.com")");
    pull();
    auto e = explain(1, "email");
    BOOST_TEST(text_at(e, "state") == "waiting");
    BOOST_TEST(text_at(e, "moesif_value") == "b@example.com");
    BOOST_TEST(text_at(e, "segment_value") == "a@example.com");
    BOOST_TEST(text_at(e, "reason").find("paused by the operator") != std::string::npos);
    auto const waiting = get("/v1/messages/" + text_at(e, "message_id"));
    segment.listen(false);
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    eventually("a retry", [&] { return state_of_trait(1, "email") == "retrying"; });
    // Just as it is tried nobody knows when it will be again.
    eventually("its next time", [&] { return has(text_at(explain(1, "email"), "reason"), "next at"); });
    auto const id = text_at(explain(1, "email"), "message_id");
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    eventually("no time, as none comes while delivery is paused",
               [&] { return get("/v1/messages/" + id).at("next_attempt_at").is_null(); });
    BOOST_TEST(!has(text_at(explain(1, "email"), "reason"), "next at"));
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    segment.listen(true);
    eventually("acknowledged", [&] { return state_of_trait(1, "email") == "unchanged"; });
    auto const sent = get("/v1/messages/" + text_at(e, "message_id"));
    BOOST_TEST(boost::json::serialize(waiting.at("body")) == boost::json::serialize(sent.at("body")),
               "what was shown was sent");
}

BOOST_AUTO_TEST_CASE(a_removed_trait_that_stays_at_segment_is_told_apart_from_one_that_moesif_has) {
    environment["TRAITSYNC_TRAITS_ON_REMOVE"] = "ignore";
    put(1, R"(,"email":"a@example.com","name":"Anna","company_id":"acme")");
    start();
    settle();
    put(1, R"(,"email":"b@example.com")");
    pull();
    settle();
    for (auto const* trait : {"name", "company"}) {
        auto const e = explain(1, trait);
        BOOST_TEST(text_at(e, "state") == "unchanged");
        BOOST_TEST(e.at("moesif_value").is_null(), trait);
        BOOST_TEST(!e.at("segment_value").is_null(), trait);
        BOOST_TEST(text_at(e, "reason").find("on_remove = ignore") != std::string::npos);
    }
    BOOST_TEST(text_at(explain(1, "email"), "moesif_value") == "b@example.com");
    BOOST_TEST(text_at(explain(1, "email"), "reason").find("ignore") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_excluded_trait_in_a_message_that_is_on_its_way_is_not_said_to_be_nowhere) {
    put(1, R"(,"email":"a@example.com")");
    start();
    settle();
    segment.listen(false);
    put(1, R"(,"email":"b@example.com")");
    pull();
    eventually("offered", [&] { return queue("offered") == 1; });
    stop();
    environment["TRAITSYNC_TRAITS_POLICY"] = "email=never";
    start();
    eventually("excluded", [&] { return state_of_trait(1, "email") == "excluded"; });
    BOOST_TEST(text_at(explain(1, "email"), "reason").find("on its way") != std::string::npos);
    segment.listen(true);
    settle();
    eventually("gone", [&] { return queue("offered") == 0; });
    BOOST_TEST(text_at(explain(1, "email"), "reason").find("on its way") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_two_documents_the_older_takes_over_when_the_newer_leaves) {
    environment["TRAITSYNC_TRAITS_ON_DELETE"] = "null";
    auto const document = [&](std::string const& id, std::string const& user, std::string const& name) {
        ++clock;
        auto const time = to_rfc3339(from_millis(clock));
        moesif.put_user(id, fmt::format(R"({{"user_id":"{}","name":"{}","modified_time":"{}"}})", user, name, time),
                        clock);
    };
    auto const name_at_segment = [&] {
        auto const state = segment.state_of("same");
        return state && state->contains("name") ? state->at("name") : std::string{};
    };
    document("doc1", "same", "older");
    document("doc2", "same", "newer");
    start();
    settle();
    BOOST_TEST(name_at_segment() == R"("newer")");
    auto const e = get("/v1/profiles/same/explain?trait=name").at("items").at(0);
    BOOST_TEST(text_at(e, "reason").find("this one is newer: doc1") != std::string::npos, text_at(e, "reason"));
    // Its document goes; then it is given to somebody else.
    moesif.remove_user("doc2");
    pull("full");
    eventually("the older one", [&] { return name_at_segment() == R"("older")"; });
    document("doc3", "same", "newest");
    pull();
    eventually("the newest", [&] { return name_at_segment() == R"("newest")"; });
    document("doc3", "another", "newest");
    pull();
    pull("full");
    eventually("the older one again", [&] { return name_at_segment() == R"("older")"; });
    eventually("synced", [&] { return text_at(get("/v1/profiles/same"), "state") == "synced"; });
    for (auto const& m : segment.messages_of("same"))
        BOOST_TEST(m.body.find(R"("name":null)") == std::string::npos, "it was never gone");
}

BOOST_AUTO_TEST_CASE(policies_are_named_and_hidden_values_are_not_shown) {
    environment["TRAITSYNC_TRAITS_POLICY"] = "email=hash,name=never,metadata.secret=never";
    put(1, R"(,"email":"a@example.com","name":"Hidden Name","metadata":{"secret":"s3cret","plan":"x"})");
    start();
    settle();
    BOOST_TEST(state_of_trait(1, "name") == "excluded");
    BOOST_TEST(text_at(explain(1, "email"), "moesif_value").size() == 64U);
    BOOST_TEST(text_at(explain(1, "email"), "policy") == "hash");
    auto const whole = api->get("/v1/profiles/" + user_key(1)).body;
    for (auto const* hidden : {"a@example.com", "Hidden Name", "s3cret"})
        BOOST_TEST(whole.find(hidden) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_gone_profile_had_not_sent_yet_is_told_to_wait_for_its_return) {
    put(1, R"(,"email":"a@example.com","name":"Ada")");
    start();
    settle();
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    put(1, R"(,"email":"new@example.com","name":"Ada")");
    pull();
    eventually("waits", [&] { return queue("waiting") == 1; });
    moesif.remove_user(user_key(1));
    pull("full");
    eventually("gone", [&] { return text_at(get("/v1/profiles/" + user_key(1)), "state") == "gone"; });
    auto const words = "This value had not been sent by then: it goes when the profile comes back.";
    auto const e = explain(1, "email");
    BOOST_TEST(has(text_at(e, "reason"), words), text_at(e, "reason"));
    BOOST_TEST(text_at(get("/v1/messages/" + text_at(e, "message_id")), "state") == "waiting");
    BOOST_TEST(!has(text_at(explain(1, "name"), "reason"), words));
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    stop();
    moesif.listen(false);
    auto const unread = once({"--max-wait", "1s"});
    BOOST_TEST(unread.state.code == 3, "nothing is left that could be sent");
    BOOST_TEST(!has(unread.errors, "not sent yet"), unread.errors);
}

BOOST_AUTO_TEST_CASE(what_becomes_of_a_value_that_is_newer_than_the_one_on_its_way_is_told) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "1";
    put_users(3, "x");
    put(1, R"(,"email":"a@example.com","last_seen_time":"2026-01-01T00:00:00Z")");
    start();
    settle();
    segment.listen(false);
    put(1, R"(,"email":"b@example.com","last_seen_time":"2026-01-02T00:00:00Z")");
    pull();
    eventually("on its way", [&] { return state_of_trait(1, "email") == "retrying"; });
    auto const tells = [&](char const* name, char const* words) {
        auto const reason = text_at(explain(1, name), "reason");
        BOOST_TEST(has(reason, words), reason);
        BOOST_TEST(state_of_trait(1, name) == "retrying");
    };
    BOOST_TEST(!has(text_at(explain(1, "email"), "reason"), "newer value"));
    put(1, R"(,"email":"b@example.com","last_seen_time":"2026-01-03T00:00:00Z")");
    pull();
    put(1, R"(,"email":"c@example.com","last_seen_time":"2026-01-03T00:00:00Z")");
    pull();
    tells("email", "a newer value meanwhile, which goes after the answer");
    put(1, R"(,"email":"b@example.com","last_seen_time":"2026-01-03T00:00:00Z")");
    pull();
    tells("lastSeenTime", "which goes along with the next other change");
    // Held, and then discarded.
    put(0, R"(,"email":"0@example.com")");
    put(1, R"(,"email":"d@example.com","last_seen_time":"2026-01-03T00:00:00Z")");
    put(2, R"(,"email":"2@example.com")");
    pull("full");
    eventually("held", [&] { return queue("held") == 3; });
    tells("email", "which the brake holds");
    moesif.remove_user(user_key(1));
    pull("full");
    eventually("gone", [&] { return !get("/v1/profiles/" + user_key(1)).at("gone_at").is_null(); });
    post("/v1/brake/discard", "", 200);
    tells("email", "which an operator discarded");
}

BOOST_AUTO_TEST_CASE(a_value_that_was_refused_though_segment_took_it_before_says_so) {
    put(1, R"(,"email":"a@example.com")");
    start();
    settle();
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    post("/v1/replays", R"({"user_ids":["user00001"],"traits":["email"]})", 202);
    eventually("refused", [&] { return queue("dead") == 1; });
    auto const reason = text_at(explain(1, "email"), "reason");
    BOOST_TEST(has(reason, "Segment took this very value at"), reason);
}

BOOST_AUTO_TEST_CASE(riding_gone_and_quarantined_profiles_are_explained) {
    put(1, R"(,"email":"a@example.com","last_seen_time":"2026-01-01T00:00:00Z")");
    put(2, R"(,"email":"b@example.com")");
    moesif.put_user("bad", R"(["user_id"])", ++clock);
    start();
    settle();
    put(1, R"(,"email":"a@example.com","last_seen_time":"2026-01-02T00:00:00Z")");
    moesif.remove_user(user_key(2));
    pull("full");
    eventually("gone", [&] { return text_at(get("/v1/profiles/" + user_key(2)), "state") == "gone"; });
    BOOST_TEST(state_of_trait(2, "email") == "gone");
    BOOST_TEST(state_of_trait(1, "email") == "unchanged");
    auto const seen = explain(1, "lastSeenTime");
    BOOST_TEST(text_at(seen, "policy") == "ride");
    auto const quarantine = get("/v1/quarantine");
    auto const& items = quarantine.at("items").as_array();
    BOOST_REQUIRE(items.size() == 1U);
    BOOST_TEST(text_at(items[0], "document_id") == "bad");
    BOOST_TEST(text_at(items[0], "raw").find("user_id") != std::string::npos);
}

// Until the pass over the store has come to a profile the store knows what the policies before wanted of it.
BOOST_AUTO_TEST_CASE(what_is_not_yet_compared_under_changed_policies_is_not_explained_by_the_earlier_ones) {
    auto const copy = (folder / "earlier.db").string();
    put(1, R"(,"email":"a@example.com","last_seen_time":"2026-01-01T00:00:00Z")");
    start();
    settle();
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    for (auto const* change : {R"(,"email":"b@example.com","last_seen_time":"2026-01-02T00:00:00Z")",
                               R"(,"email":"a@example.com","last_seen_time":"2026-01-03T00:00:00Z")"}) {
        put(1, change);
        pull();
    }
    BOOST_TEST(state_of_trait(1, "lastSeenTime") == "riding");
    stop();
    std::filesystem::copy_file(folder / "store.db", copy);
    environment["TRAITSYNC_TRAITS_POLICY"] = "lastSeenTime=send";
    start();
    eventually("compared", [&] { return queue("waiting") == 1; });
    auto const path = "/v1/runs";
    eventually("the end", [&] { return !get(path).at("items").at(0).at("ended").is_null(); });
    {
        // As if the pass had not come to the profile.
        SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READWRITE, 5000};
        db.exec("ATTACH '" + copy + "' AS earlier");
        for (auto const* table : {"sources", "ledgers", "messages"})
            db.exec(fmt::format("DELETE FROM {0}; INSERT INTO {0} SELECT * FROM earlier.{0}", table));
        db.exec("INSERT INTO meta SELECT 'rules_pending', value FROM meta WHERE key = 'rules'");
    }
    auto const e = explain(1, "lastSeenTime");
    BOOST_TEST(text_at(e, "policy") == "send");
    BOOST_TEST(text_at(e, "state") == "waiting");
    BOOST_TEST(has(text_at(e, "reason"), "compared again under those in force"), text_at(e, "reason"));
    BOOST_TEST(!has(text_at(e, "reason"), "policy ride"));
}

BOOST_AUTO_TEST_CASE(a_trait_that_is_too_large_is_named_while_the_others_are_there) {
    put(1, fmt::format(R"(,"email":"a@example.com","metadata":{{"big":"{}"}})", std::string(40'000, 'x')));
    start();
    eventually("a dead letter", [&] { return queue("dead") == 1 && queue("offered") == 0; });
    auto const e = explain(1, "metadata");
    BOOST_TEST(text_at(e, "state") == "too_large");
    BOOST_TEST(text_at(e, "reason").find("bytes") != std::string::npos);
    BOOST_TEST(e.at("segment_value").is_null());
    BOOST_TEST(state_of_trait(1, "email") == "unchanged");
    auto const letters = get("/v1/dead-letters?reason=too_large");
    BOOST_REQUIRE(letters.at("items").as_array().size() == 1U);
    auto const letter = get("/v1/messages/" + text_at(letters.at("items").at(0), "message_id"));
    BOOST_TEST(letter.at("first_offered_at").is_null());
    BOOST_TEST(!letter.at("frozen").as_bool(), "it was never offered");
}

BOOST_AUTO_TEST_CASE(what_was_adopted_and_what_is_offered_without_an_answer_says_so) {
    environment["TRAITSYNC_TRAITS_FIRST_SYNC"] = "adopt";
    put(1, R"(,"email":"a@example.com")");
    start();
    settle();
    BOOST_TEST(text_at(explain(1, "email"), "reason").find("adopt") != std::string::npos);
    auto const profile = get("/v1/profiles/" + user_key(1));
    BOOST_TEST(text_at(profile.at("acknowledged"), "email") == "a@example.com");
    BOOST_TEST(profile.at("acknowledged_at").is_null(), "Segment took nothing");
    auto const taken =
        post("/v1/replays",
             R"({"acknowledged_between":["2020-01-01T00:00:00Z","2099-01-01T00:00:00Z"],"dry_run":true})", 200);
    BOOST_TEST(number_at(taken, "profiles") == 0);
    segment.script({demo::segment_fault::hang});
    put(1, R"(,"email":"b@example.com")");
    pull();
    eventually("offered", [&] { return state_of_trait(1, "email") == "offered"; });
    auto const e = explain(1, "email");
    BOOST_TEST(text_at(e, "segment_value") == "a@example.com");
    BOOST_TEST(text_at(e, "moesif_value") == "b@example.com");
    BOOST_TEST(get("/v1/profiles?state=offered").at("items").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_list_of_profiles_is_found_by_id_name_and_email_and_each_comes_once) {
    put(1, R"(,"email":"zoe@example.com","name":"Zoe Zet")");
    put(2, R"(,"email":"ada@example.com","name":"zoltan")");
    put(3, R"(,"email":"Zoe.b@example.com","company_id":"acme")");
    for (int i = 10; i < 40; ++i) put(i, R"(,"email":"other@example.com")");
    start();
    settle();
    auto const ids = [&](std::string const& query) {
        std::string found;
        std::string cursor;
        for (;;) {
            auto const page = get("/v1/profiles?limit=1&" + query + (cursor.empty() ? "" : "&cursor=" + cursor));
            for (auto const& item : page.at("items").as_array()) found += text_at(item, "user_id").substr(8) + " ";
            if (page.at("next_cursor").is_null()) return found;
            cursor = text_at(page, "next_cursor");
        }
    };
    BOOST_TEST(ids("q=ZO") == "1 3 2 ");
    BOOST_TEST(ids("q=user0000") == "1 2 3 ");
    BOOST_TEST(ids("q=ada%40") == "2 ");
    BOOST_TEST(ids("company=acme") == "3 ");
    BOOST_TEST(ids("state=dead").empty());
    BOOST_TEST(ids("state=synced&q=zoe") == "1 3 ");
    std::size_t all = 0;
    std::string cursor;
    do {
        auto const page = get("/v1/profiles?limit=7" + (cursor.empty() ? std::string{} : "&cursor=" + cursor));
        all += page.at("items").as_array().size();
        cursor = page.at("next_cursor").is_null() ? "" : text_at(page, "next_cursor");
    } while (!cursor.empty());
    BOOST_TEST(all == 33U);
    BOOST_TEST(api->get("/v1/profiles?state=sinced").body.find("synced") != std::string::npos);
    BOOST_TEST(api->get("/v1/profiles?cursor=zz").status == 422);
    BOOST_TEST(number_at(get("/v1/companies/acme"), "users") == 1);
}

BOOST_AUTO_TEST_CASE(a_newer_document_in_quarantine_is_named_with_the_state_before_it) {
    put_users(2, "x");
    start();
    settle();
    std::string deep = "1";
    for (int i = 0; i < 70; ++i) deep = "{\"a\":" + deep + "}";
    put(1, ",\"email\":\"new@example.com\",\"metadata\":" + deep);
    pull();
    auto const e = explain(1, "email");
    BOOST_TEST(text_at(e, "state") == "unchanged");
    BOOST_TEST(text_at(e, "moesif_value") == "u1@example.com");
    BOOST_TEST(
        text_at(e, "reason").find("newest document of this profile is in quarantine (too_deep)") != std::string::npos,
        text_at(e, "reason"));
    BOOST_TEST(text_at(get("/v1/profiles/user00001").at("quarantined"), "reason") == "too_deep");
    BOOST_TEST(text_at(explain(0, "email"), "reason").find("quarantine") == std::string::npos);
    put(1, R"(,"email":"good@example.com")");
    pull();
    BOOST_TEST(get("/v1/profiles/user00001").at("quarantined").is_null());
    eventually("delivered", [&] { return trait_of(1, "email") == R"("good@example.com")"; });
}

BOOST_AUTO_TEST_CASE(a_company_whose_document_is_in_quarantine_is_not_said_to_be_unknown) {
    std::string deep = "1";
    for (int i = 0; i < 70; ++i) deep = "{\"a\":" + deep + "}";
    moesif.put_company("acme", R"({"company_id":"acme","metadata":)" + deep + "}", ++clock);
    start();
    settle();
    auto const aside = api->get("/v1/companies/acme");
    BOOST_TEST(aside.status == 404);
    BOOST_TEST(has(aside.body, "the company was never stored: its document is in quarantine (too_deep: "), aside.body);
    BOOST_TEST(has(api->get("/v1/companies/globex").body, "Moesif never showed a company with this id"));
}

BOOST_AUTO_TEST_CASE(a_companys_newer_document_in_quarantine_and_its_end_are_told_where_its_object_is) {
    moesif.put_company("acme", R"({"company_id":"acme","metadata":{"tier":"gold"}})", ++clock);
    put(1, R"(,"company_id":"acme","email":"a@example.com")");
    start();
    settle();
    auto const why = [&] { return text_at(explain(1, "company"), "reason"); };
    BOOST_TEST(!has(why(), "quarantine"));
    BOOST_TEST(get("/v1/companies/acme").at("quarantined").is_null());
    std::string deep = "1";
    for (int i = 0; i < 70; ++i) deep = "{\"a\":" + deep + "}";
    moesif.put_company("acme", R"({"company_id":"acme","metadata":)" + deep + "}", ++clock);
    pull();
    BOOST_TEST(has(why(), "The newest document of the company is in quarantine (too_deep)"), why());
    BOOST_TEST(!has(text_at(explain(1, "email"), "reason"), "quarantine"));
    BOOST_TEST(text_at(get("/v1/companies/acme").at("quarantined"), "reason") == "too_deep");
    moesif.remove_company("acme");
    pull("full");
    eventually("gone", [&] { return !get("/v1/companies/acme").at("gone_at").is_null(); });
    BOOST_TEST(has(why(), "The company is gone from Moesif since "), why());
    BOOST_TEST(!has(why(), "quarantine"), why());
}

BOOST_AUTO_TEST_CASE(what_is_pending_of_a_split_message_is_in_all_its_parts) {
    put(1, R"(,"email":"a@example.com")");
    start();
    settle();
    segment.listen(false);
    put(1, fmt::format(R"(,"email":"a@example.com","metadata":{{"x":"{0}"}},"campaign":{{"utm_source":"{0}"}})",
                       std::string(20'000, 'x')));
    pull();
    eventually("in parts", [&] { return queue("offered") == 2; });
    auto const pending = get("/v1/profiles/" + user_key(1)).at("pending");
    BOOST_TEST(pending.at("traits").as_object().contains("metadata"));
    BOOST_TEST(pending.at("traits").as_object().contains("campaign"));
    BOOST_TEST(text_at(pending, "state") == "offered");
}

BOOST_AUTO_TEST_CASE(what_only_rides_what_is_sent_again_and_who_is_not_known_say_so) {
    put(1, R"(,"email":"a@example.com","last_seen_time":"2026-01-01T00:00:00Z")");
    put(2, R"(,"email":"b@example.com")");
    start();
    settle();
    auto const unknown = api->get("/v1/profiles/nobody/explain?trait=email");
    BOOST_TEST(unknown.status == 404);
    BOOST_TEST(
        unknown.body.find("no profile with this user id is stored: Moesif never showed one") != std::string::npos,
        unknown.body);
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    put(1, R"(,"email":"c@example.com","last_seen_time":"2026-01-02T00:00:00Z")");
    pull();
    BOOST_TEST(state_of_trait(1, "lastSeenTime") == "waiting", "it goes along");
    BOOST_TEST(text_at(explain(1, "lastSeenTime"), "reason").find("goes along") != std::string::npos);
    put(1, R"(,"email":"a@example.com","last_seen_time":"2026-01-03T00:00:00Z")");
    pull();
    BOOST_TEST(queue("waiting") == 0, "nothing is left but what rides");
    auto const rides = explain(1, "lastSeenTime");
    BOOST_TEST(text_at(rides, "state") == "riding");
    BOOST_TEST(text_at(rides, "moesif_value") == "2026-01-03T00:00:00.000Z");
    BOOST_TEST(text_at(rides, "segment_value") == "2026-01-01T00:00:00.000Z");
    BOOST_TEST(text_at(rides, "reason").find("goes along with the next other change") != std::string::npos);
    BOOST_TEST(state_of_trait(1, "email") == "unchanged");

    auto const replay = post("/v1/replays", R"({"user_ids":["user00002"],"traits":["email"]})", 202);
    eventually("marked", [&] { return state_of_trait(2, "email") == "waiting"; });
    auto const again = explain(2, "email");
    BOOST_TEST(text_at(again, "reason").find("replay " + text_at(replay, "id") + " sends it again") !=
               std::string::npos);
    BOOST_TEST(text_at(again, "segment_value") == "b@example.com");
    auto const first = get("/v1/profiles/" + user_key(2)).at("messages").as_array();
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    eventually("replayed", [&] { return state_of_trait(2, "email") == "unchanged"; });
    BOOST_TEST(text_at(explain(2, "email"), "message_id") == text_at(again, "message_id"), "in the new message");
    BOOST_TEST(first.size() == 2U);
    post("/v1/profiles/" + user_key(2) + "/forget", "", 200);
    auto const forgotten = api->get("/v1/profiles/" + user_key(2) + "/explain");
    BOOST_TEST(forgotten.status == 404);
    BOOST_TEST(forgotten.body.find("forgotten") != std::string::npos, forgotten.body);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_was_made_up_is_refused_in_every_state) {
    put_users(3, "x");
    start();
    settle();
    // Well formed, but the key of gone profiles is a time.
    auto const made_up = [](std::string const& mode) {
        std::string cursor;
        for (auto const* text : {mode.c_str(), "nonsense", "1"}) {
            cursor += cursor.empty() ? "" : ".";
            for (unsigned char const c : std::string_view{text}) cursor += fmt::format("{:02x}", c);
        }
        return cursor;
    };
    BOOST_TEST(api->get("/v1/profiles?cursor=" + made_up("a")).status == 200, "that is how they look");
    for (auto const* state : {"synced", "waiting", "offered", "dead", "held", "gone"}) {
        for (auto const* mode : {"a", "w", "o", "d", "h", "g", "x"}) {
            auto const reply = api->get(std::string{"/v1/profiles?state="} + state + "&cursor=" + made_up(mode));
            BOOST_TEST((reply.status == 200 || reply.status == 422), state << mode << reply.body);
            if (*state == 'g') BOOST_TEST(reply.status == 422);
        }
    }
    BOOST_TEST(api->get("/healthz").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
