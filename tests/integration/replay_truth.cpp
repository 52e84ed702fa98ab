// What a preview says, running the same selector sends: over a store with every kind of profile, for every selector.

#include <boost/json/serialize.hpp>

#include <set>

#include "operator.hpp"

namespace {
using namespace traitsync;
using test::number_at;
using test::operated;
using test::text_at;

constexpr int people = 40;

struct previewed : operated {
    // Of every message that Segment has, its bytes by user.
    std::map<std::string, std::vector<std::string>> everything() const {
        std::map<std::string, std::vector<std::string>> all;
        for (auto const& user : segment.user_ids()) {
            for (auto const& m : segment.messages_of(user)) all[user].push_back(m.body);
        }
        return all;
    }
    static std::string without_id_and_time(std::string const& body) {
        auto message = boost::json::parse(body);
        message.as_object()["messageId"] = nullptr;
        message.as_object()["timestamp"] = nullptr;
        return boost::json::serialize(message);
    }
    // Whom the preview counts, with the bytes that were sent to each.
    std::set<std::string> preview_is_true(
        std::string const& selector, std::function<void()> const& meanwhile = [] {}) {
        BOOST_TEST_INFO_SCOPE(selector);
        auto const inner = selector.substr(1, selector.size() - 2);
        auto const preview = post("/v1/replays", "{" + inner + ",\"dry_run\":true}", 200);
        auto const before = everything();
        auto const started =
            post("/v1/replays", "{" + inner + ",\"preview_token\":\"" + text_at(preview, "preview_token") + "\"}", 202);
        meanwhile();
        auto const path = "/v1/replays/" + text_at(started, "id");
        eventually("the replay's end", [&] { return text_at(get(path), "state") == "done"; });
        std::set<std::string> reached;
        std::int64_t messages = 0;
        std::int64_t bytes = 0;
        std::map<std::string, std::set<std::string>> bodies;
        for (auto const& [user, sent] : everything()) {
            auto const known = before.contains(user) ? before.at(user).size() : 0;
            for (auto i = known; i < sent.size(); ++i) {
                reached.insert(user);
                ++messages;
                bytes += static_cast<std::int64_t>(sent[i].size());
                bodies[user].insert(without_id_and_time(sent[i]));
            }
        }
        BOOST_TEST(number_at(preview, "profiles") == static_cast<std::int64_t>(reached.size()));
        BOOST_TEST(number_at(preview, "messages") == messages);
        BOOST_TEST(number_at(preview, "bytes") == bytes);
        BOOST_TEST(number_at(get(path), "done") == messages);
        auto const& sample = preview.at("sample").as_array();
        BOOST_TEST(sample.size() == static_cast<std::size_t>(std::min<std::int64_t>(messages, 5)));
        for (auto const& shown : sample)
            BOOST_TEST(bodies[text_at(shown, "userId")].contains(boost::json::serialize(shown)), shown);
        return reached;
    }
    std::set<std::string> keys(std::initializer_list<int> numbers) const {
        std::set<std::string> found;
        for (auto const i : numbers) found.insert(user_key(i));
        return found;
    }
    std::string member(int i, std::string const& plan) const {
        return fmt::format(
            R"(,"email":"u{0}@example.com","name":"Hidden {0}","company_id":"{1}","modified_time":"{2}",)"
            R"("metadata":{{"plan":"{3}","secret":"s"}})",
            i, i % 2 == 0 ? "acme" : "beta", to_rfc3339(from_millis(clock + 1)), plan);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_preview, previewed)

BOOST_AUTO_TEST_CASE(says_exactly_what_running_it_sends_for_every_selector_and_kind_of_profile) {
    environment["TRAITSYNC_TRAITS_POLICY"] = "name=never,email=hash,metadata.secret=never";
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "10";
    moesif.put_company("acme", R"({"company_id":"acme","company_domain":"acme.example"})", ++clock);
    for (int i = 0; i < people; ++i) put(i, member(i, "x"));
    auto const large = [](char c) { return std::string(20'000, c); };
    // One that needs two messages, one whose metadata is too large for any.
    put(1,
        fmt::format(R"(,"company_id":"beta","clearbit":{{"a":"{}"}},"metadata":{{"b":"{}"}})", large('a'), large('b')));
    put(2, fmt::format(R"(,"email":"u2@example.com","metadata":{{"b":"{}"}})", large('a') + large('b')));
    start();
    settle();
    eventually("too large", [&] { return queue("dead") == 1; });

    auto const second_phase = to_rfc3339(system_clock().wall());
    auto const changed_since = to_rfc3339(from_millis(clock + 1));
    // Dead by Segment's refusal; gone; forgotten; in quarantine; changed in the meantime.
    segment.set_refuse([this](std::string_view user, std::string_view) { return user == user_key(5); });
    for (int const i : {5, 6, 7, 20, 21}) put(i, member(i, "y"));
    moesif.remove_user(user_key(8));
    std::string deep = "1";
    for (int i = 0; i < 70; ++i) deep = "{\"a\":" + deep + "}";
    put(30, ",\"metadata\":" + deep);
    pull("full");
    eventually("gone", [&] { return text_at(get("/v1/profiles/" + user_key(8)), "state") == "gone"; });
    settle();
    eventually("dead", [&] { return queue("dead") == 2; });
    segment.set_refuse({});
    post("/v1/profiles/" + user_key(9) + "/forget", "", 200);
    auto const third_phase = to_rfc3339(system_clock().wall());

    auto const span = [](std::string const& a, std::string const& b) {
        return "\"acknowledged_between\":[\"" + a + "\",\"" + b + "\"]";
    };
    auto const far = std::string{"2999-01-01T00:00:00.000Z"};
    BOOST_TEST((preview_is_true("{" + span(second_phase, third_phase) + "}") == keys({6, 7, 20, 21})));
    BOOST_TEST((preview_is_true(R"({"modified_since":")" + changed_since + "\"}") == keys({5, 6, 7, 20, 21})),
               "the one that was refused too");
    BOOST_TEST(
        (preview_is_true(R"({"modified_since":")" + changed_since + R"(","company_id":"acme"})") == keys({6, 20})));
    BOOST_TEST(
        (preview_is_true(
             R"({"user_ids":["user00001","user00002","user00008","user00009","user00030","nobody","user00001"]})") ==
         keys({1, 2, 30})),
        "neither gone nor forgotten ones, and each once");
    BOOST_TEST(
        (preview_is_true(R"({"user_ids":["user00033","user00012","user00013","user00003"]})") == keys({3, 12, 13, 33})),
        "in whatever order they are named");
    BOOST_TEST((preview_is_true(R"({"user_ids":["user00006","user00007"],"company_id":"acme"})") == keys({6})));
    BOOST_TEST((preview_is_true(R"({"user_ids":["user00003"],"traits":["email","name"]})") == keys({3})),
               "of what is excluded nothing is sent");
    BOOST_TEST(preview_is_true(R"({"user_ids":["user00003"],"traits":["name"]})").empty());
    BOOST_TEST(preview_is_true(R"({"modified_since":")" + far + "\"}").empty());
    BOOST_TEST(
        (preview_is_true(
             R"({"all":true,"modified_since":")" + changed_since + "\"," + span(second_phase, far) +
             R"(,"company_id":"beta","user_ids":["user00006","user00007","user00021"],"traits":["metadata"]})") ==
         keys({7, 21})));
    // All but the gone and the forgotten; of the one that is too large what can be sent.
    BOOST_TEST(preview_is_true(R"({"all":true})").size() == people - 2U);
    BOOST_TEST(preview_is_true(R"({"company_id":"beta","traits":["company","email"]})").size() == people / 2 - 1U);

    // What waits, and what the brake holds, goes with the replay in one message.
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    put(3, member(3, "waits"));
    pull();
    BOOST_TEST(queue("waiting") == 1);
    BOOST_TEST((preview_is_true(R"({"user_ids":["user00003","user00004"],"traits":["email"]})",
                                [&] { post("/v1/resume", R"({"scope":"deliver"})", 200); }) == keys({3, 4})));
    BOOST_TEST(trait_of(3, "metadata") == R"({"plan":"waits"})");
    for (int i = 10; i < people - 10; ++i) put(i, member(i, "held"));
    pull();
    eventually("held", [&] { return queue("held") == 20; });
    auto const release = [&] { post("/v1/brake/release", "", 200); };
    BOOST_TEST(preview_is_true(R"({"all":true})", release).size() == people - 2U);
    settle();
    BOOST_TEST(queue("held") == 0);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_SUITE_END()
