// What the operator says about traits, as Segment sees it.

#include "operator.hpp"
#include "traitsync/core/sha256.hpp"

namespace {
using namespace traitsync;
using namespace traitsync::test;
using namespace std::chrono_literals;
using test::deployment;

struct with_file : deployment {
    // Everything else comes from the environment.
    void sync(std::string const& traits) {
        auto const file = folder.write("traitsync.toml", traits);
        auto const ended = once({"-c", file});
        BOOST_REQUIRE_MESSAGE(ended.state.code == 0, ended.errors);
    }
    std::string last_body(int i) {
        auto const messages = segment.messages_of(user_key(i));
        return messages.empty() ? std::string{} : messages.back().body;
    }
    std::size_t messages() { return segment.counts().messages; }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(rules_for_traits, with_file)

BOOST_AUTO_TEST_CASE(each_policy_does_what_it_says_for_traits_and_quoted_paths) {
    std::string const file =
        "[traits.policy]\nname = \"never\"\nusername = \"ride\"\nemail = \"always\"\n"
        "\"metadata.secret\" = \"never\"\n\"metadata.ssn\" = \"hash\"\n";
    auto const user = [&](char const* name, char const* nick, char const* secret, char const* ssn, char const* plan) {
        put(1,
            fmt::format(
                R"(,"name":"{}","user_name":"{}","email":"a@example.com","metadata":{{"plan":"{}","secret":"{}","ssn":"{}"}})",
                name, nick, plan, secret, ssn));
    };
    user("Ada", "ada", "s3cret-value", "123", "x");
    sync(file);
    BOOST_TEST(messages() == 1U);
    auto const hashed = sha256_hex("123");
    BOOST_TEST(has(last_body(1), "\"ssn\":\"" + hashed + "\""), last_body(1));
    BOOST_TEST(!has(last_body(1), "s3cret-value"));
    BOOST_TEST(!has(last_body(1), "Ada"));
    // Neither a `never` nor a `ride` value alone is worth a message.
    user("Eve", "eve", "s3cret-other", "123", "x");
    sync(file);
    BOOST_TEST(messages() == 1U);
    user("Eve", "eve", "s3cret-other", "124", "x");
    sync(file);
    BOOST_TEST(messages() == 2U);
    BOOST_TEST(has(last_body(1), sha256_hex("124")));
    BOOST_TEST(has(last_body(1), "\"username\":\"eve\""), last_body(1));
    BOOST_TEST(has(last_body(1), "\"email\":\"a@example.com\""), last_body(1));
    // Stripped before storing: the file holds neither value.
    std::ifstream in{folder / "store.db", std::ios::binary};
    std::string const stored{std::istreambuf_iterator<char>{in}, {}};
    BOOST_TEST(!has(stored, "s3cret"));
    BOOST_TEST(!has(stored, "\"Eve\""));
}

BOOST_AUTO_TEST_CASE(a_nested_member_that_is_gone_goes_as_null_once) {
    std::string const file = "[traits]\nnested_nulls = true\n";
    put(1, R"(,"metadata":{"a":1,"b":{"c":2,"d":3}})");
    sync(file);
    put(1, R"(,"metadata":{"a":1,"b":{"c":2}})");
    sync(file);
    BOOST_TEST(has(last_body(1), R"("metadata":{"a":1,"b":{"c":2,"d":null}})"), last_body(1));
    sync(file);
    BOOST_TEST(messages() == 2U);
    put(1, R"(,"metadata":{"a":2,"b":{"c":2}})");
    sync(file);
    BOOST_TEST(has(last_body(1), R"("metadata":{"a":2,"b":{"c":2}})"), last_body(1));
}

BOOST_AUTO_TEST_CASE(a_removed_trait_stays_with_on_remove_ignore) {
    std::string const file = "[traits]\non_remove = \"ignore\"\n";
    put(1, R"(,"name":"Ada","email":"a@example.com")");
    sync(file);
    put(1, R"(,"email":"a@example.com")");
    sync(file);
    BOOST_TEST(messages() == 1U);
    put(1, R"(,"email":"b@example.com")");
    sync(file);
    BOOST_TEST(messages() == 2U);
    BOOST_TEST(!has(last_body(1), "name\":null"), last_body(1));
    BOOST_TEST(trait_of(1, "name") == R"("Ada")");
}

BOOST_AUTO_TEST_CASE(on_delete_null_sends_nulls_for_what_was_sent_and_nothing_else) {
    std::string const file = "[traits]\non_delete = \"null\"\n";
    put(1, R"(,"name":"Ada","email":"a@example.com")");
    put(2, R"(,"name":"Bob")");
    sync(file);
    moesif.remove_user(user_key(1));
    sync(file);
    BOOST_TEST(messages() == 3U);
    for (auto const* name : {"name", "email"}) BOOST_TEST(trait_of(1, name) == "null");
    BOOST_TEST(trait_of(1, "username").empty(), "what was never sent is not nulled");
    sync(file);
    BOOST_TEST(messages() == 3U);
}

BOOST_AUTO_TEST_CASE(adopting_takes_the_first_pass_as_known_and_sends_what_changes_from_there) {
    std::string const file = "[traits]\nfirst_sync = \"adopt\"\n";
    put(1, R"(,"name":"Ada","email":"a@example.com")");
    sync(file);
    sync(file);
    BOOST_TEST(messages() == 0U);
    put(1, R"(,"email":"a@example.com")");
    put(2, R"(,"name":"New")");
    sync(file);
    BOOST_TEST(messages() == 2U);
    BOOST_TEST(trait_of(1, "name") == "null");
    BOOST_TEST(trait_of(1, "email").empty());
    BOOST_TEST(trait_of(2, "name") == R"("New")");
}

// What one policy kept out and what the next one hides lie in the same object: the store's rest cannot tell.
BOOST_AUTO_TEST_CASE(a_policy_that_takes_the_place_of_another_in_one_object_holds_after_the_full_pass) {
    put(1, R"(,"email":"a@example.com","metadata":{"plan":"pro","ssn":"123-45"})");
    sync("[traits.policy]\n\"metadata.secret\" = \"never\"\n");
    BOOST_TEST(trait_of(1, "metadata") == R"({"plan":"pro","ssn":"123-45"})");
    sync("[traits.policy]\n\"metadata.ssn\" = \"never\"\n");
    sync("[traits.policy]\n\"metadata.ssn\" = \"never\"\n");
    BOOST_TEST(trait_of(1, "metadata") == R"({"plan":"pro"})");
    for (auto const* table : {"sources", "ledgers"}) {
        BOOST_TEST(
            number(fmt::format("SELECT count(*) FROM {} WHERE instr(hex(data), '3132332D3435') > 0", table)) == 0,
            table);
    }
    BOOST_TEST(messages() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(exchanged_policies, test::operated)

BOOST_AUTO_TEST_CASE(traits_with_a_field_of_their_own_lack_nothing_when_the_policy_of_metadata_is_lifted) {
    environment["TRAITSYNC_TRAITS_POLICY"] = "metadata=never,email=always";
    put(1, R"(,"email":"a@example.com","name":"Ada","metadata":{"plan":"pro","email":"other@example.com"})");
    put(2, R"(,"metadata":{"plan":"pro","email":"b@example.com"})");
    start();
    settle();
    stop();
    moesif.set_faults({.unavailable = 1});
    environment["TRAITSYNC_TRAITS_POLICY"] = "email=always";
    start();
    eventually("applied", [&] { return number("SELECT count(*) FROM meta WHERE key = 'rules_pending'") == 0; });
    BOOST_TEST(state_of_trait(1, "email") == "unchanged");
    BOOST_TEST(state_of_trait(1, "name") == "unchanged");
    auto const path = "/v1/replays/" + test::text_at(post("/v1/replays", R"({"user_ids":["user00001"]})", 202), "id");
    eventually("sent again", [&] { return test::text_at(get(path), "state") == "done"; });
    auto const again = segment.messages_of(user_key(1)).back().body;
    BOOST_TEST(again.find(R"("a@example.com")") != std::string::npos, again);
    BOOST_TEST(again.find(R"("Ada")") != std::string::npos, again);
    moesif.set_faults({});
    pull("full");
    eventually("read from metadata", [&] { return trait_of(2, "email") == R"("b@example.com")"; });
    BOOST_TEST(trait_of(1, "email") == R"("a@example.com")");
}

BOOST_AUTO_TEST_CASE(what_a_new_policy_hides_is_not_sent_again_while_the_full_pass_cannot_run) {
    environment["TRAITSYNC_TRAITS_POLICY"] = "metadata.secret=never";
    put(1, R"(,"email":"a@example.com","metadata":{"plan":"pro","ssn":"123-45"})");
    start();
    settle();
    stop();
    moesif.set_faults({.unavailable = 1});
    environment["TRAITSYNC_TRAITS_POLICY"] = "metadata.ssn=never";
    start();
    eventually("stripped",
               [&] { return number("SELECT count(*) FROM sources WHERE instr(hex(data), '3132332D3435') > 0") == 0; });
    auto const path = "/v1/replays/" + test::text_at(post("/v1/replays", R"({"all":true})", 202), "id");
    eventually("sent again", [&] { return test::text_at(get(path), "state") == "done"; });
    auto const again = segment.messages_of(user_key(1)).back().body;
    BOOST_TEST(again.find("a@example.com") != std::string::npos, again);
    BOOST_TEST(again.find("123-45") == std::string::npos, again);
    moesif.set_faults({});
    pull("full");
    eventually("as the new policy has it", [&] { return trait_of(1, "metadata") == R"({"plan":"pro"})"; });
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(riding_traits, test::operated)

BOOST_AUTO_TEST_CASE(a_riding_trait_goes_by_itself_when_its_interval_is_over_and_not_before) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    environment["TRAITSYNC_TRAITS_VOLATILE_INTERVAL"] = "3s";
    environment["TRAITSYNC_TRAITS_POLICY"] = "username=ride";
    put(1, R"(,"email":"a@example.com","user_name":"one")");
    start();
    settle();
    auto const sent_at = std::chrono::steady_clock::now();
    put(1, R"(,"email":"a@example.com","user_name":"two")");
    eventually("due", [&] { return trait_of(1, "username") == R"("two")"; });
    BOOST_TEST(segment.counts().messages == 2U);
    BOOST_TEST((std::chrono::steady_clock::now() - sent_at < 12s));
    auto const body = segment.messages_of(user_key(1)).back().body;
    BOOST_TEST(body.find("email") == std::string::npos, body);
}

BOOST_AUTO_TEST_CASE(a_member_that_rides_goes_by_itself_too_when_its_interval_is_over) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    environment["TRAITSYNC_TRAITS_VOLATILE_INTERVAL"] = "2s";
    environment["TRAITSYNC_TRAITS_POLICY"] = "metadata.seen=ride,modifiedTime=never";
    put(1, R"(,"email":"a@example.com","metadata":{"plan":"x","seen":1})");
    start();
    settle();
    put(1, R"(,"email":"a@example.com","metadata":{"plan":"x","seen":2})");
    eventually("due", [&] { return has(trait_of(1, "metadata"), R"("seen":2)"); });
    BOOST_TEST(segment.counts().messages == 2U);
    auto const body = segment.messages_of(user_key(1)).back().body;
    BOOST_TEST(!has(body, "email"), body);
    eventually("quiet", [&] { return state_of_trait(1, "metadata") == "unchanged"; });
}

BOOST_AUTO_TEST_SUITE_END()
