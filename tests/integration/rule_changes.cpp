// What becomes of what is stored and sent when the operator says something else about traits than before.

#include "operator.hpp"
#include "traitsync/core/sha256.hpp"

namespace {
using namespace traitsync;
using test::text_at;

constexpr auto not_kept = "(not kept)";
bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct changing : test::operated {
    std::size_t bodies_seen = 0;

    std::string hex(std::string_view text) const {
        std::string out;
        for (unsigned char const c : text) out += fmt::format("{:02X}", c);
        return out;
    }
    void company(std::string const& members) {
        moesif.put_company("acme", fmt::format(R"({{"company_id":"acme"{}}})", members), ++clock);
    }
    std::int64_t rediffs() const {
        std::int64_t n = 0;
        auto const runs = get("/v1/runs");
        for (auto const& r : runs.at("items").as_array()) {
            if (text_at(r, "kind") == "rediff" && !r.at("ended").is_null()) ++n;
        }
        return n;
    }
    void quiet() const {
        eventually("empty queue", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    }
    // Other words of the operator, and the pass over the store that they start.
    void change(std::map<std::string, std::string> const& settings) {
        auto const before = rediffs();
        stop();
        for (auto const& [key, value] : settings) environment[key] = value;
        start();
        eventually("compared again", [&] { return rediffs() > before; });
    }
    void replay_all() {
        auto const path = "/v1/replays/" + text_at(post("/v1/replays", R"({"all":true})", 202), "id");
        eventually("sent again", [&] { return text_at(get(path), "state") == "done"; });
    }
    void pause_delivery() { post("/v1/pause", R"({"scope":"deliver"})", 200); }
    void resume() {
        post("/v1/resume", R"({"scope":"all"})", 200);
        quiet();
    }
    // Everything that was sent of one user since the last call.
    std::string sent_since(int i) {
        std::string all;
        auto const messages = segment.messages_of(user_key(i));
        for (; bodies_seen < messages.size(); ++bodies_seen) all += messages[bodies_seen].body;
        return all;
    }
    bool stored(std::string_view text) const {
        for (auto const* table : {"sources", "ledgers"}) {
            if (number(fmt::format("SELECT count(*) FROM {} WHERE instr(hex(data), '{}') > 0", table, hex(text))) > 0)
                return true;
        }
        return false;
    }
};

constexpr auto policy = "TRAITSYNC_TRAITS_POLICY";
constexpr auto on_remove = "TRAITSYNC_TRAITS_ON_REMOVE";
constexpr auto nested_nulls = "TRAITSYNC_TRAITS_NESTED_NULLS";
}  // namespace

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

// What was cut is not whole again because the policy is lifted, also where the trait has its old value when it comes
// back.
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
    quiet();
    BOOST_TEST(trait_of(2, "metadata") == R"({"plan":"pro"})");
    for (auto const* trait : {"metadata", "company"}) {
        auto const e = explain(2, trait);
        BOOST_TEST(text_at(e, "moesif_value") == text_at(e, "segment_value"), trait);
    }
}

// Companies were read before the restart, under the policies of before.
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

// It goes between the policies' change and the full pass that would have brought the rest.
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

// With a pass that Moesif does not let end: what is stored is compared first all the same.
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

BOOST_AUTO_TEST_CASE(what_a_cancelled_replay_asked_for_does_not_leave_after_the_answer) {
    put_users(2000, "pro");
    start();
    settle();
    auto const before = segment.counts().messages;
    pause_delivery();
    auto const id = text_at(post("/v1/replays", R"({"all":true})", 202), "id");
    eventually("claimed", [&] { return queue("waiting") == 1000; });
    post("/v1/replays/" + id + "/cancel", "", 200);
    post("/v1/resume", R"({"scope":"all"})", 200);
    quiet();
    BOOST_TEST(segment.counts().messages == before);
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
