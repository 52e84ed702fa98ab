#include "traitsync/delivery/message.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <random>
#include <set>

#include "traitsync/delivery/batch_body.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {
namespace {

using profile::trait;
using profile::trait_at;

constexpr std::int64_t at = 1'777'716'000'000;  // 2026-05-02T10:00:00Z
message_id const an_id = *message_id::parse("01963b2c-7d5e-7abc-8def-0123456789ab");

std::string written(message_parts const& m) {
    std::string out;
    append_message(out, m, an_id);
    return out;
}
std::string text_of(std::size_t bytes) { return '"' + std::string(bytes - 2, 'x') + '"'; }
std::string list_of(std::size_t leaves) {
    std::string out = "[1";
    for (std::size_t i = 1; i < leaves; ++i) out += ",1";
    return out + ']';
}
std::vector<trait> names_of(std::vector<outgoing_trait> const& part) {
    std::vector<trait> names;
    for (auto const& t : part) names.push_back(t.name);
    return names;
}
message_parts with(std::vector<outgoing_trait> traits) {
    return {.user = "ada", .timestamp_millis = at, .context = {}, .traits = std::move(traits)};
}
std::size_t leaves_of(boost::json::value const& v) {
    std::size_t n = 0;
    if (auto const* o = v.if_object(); o && !o->empty()) {
        for (auto const& m : *o) n += leaves_of(m.value());
    } else if (auto const* a = v.if_array(); a && !a->empty()) {
        for (auto const& e : *a) n += leaves_of(e);
    } else {
        n = 1;
    }
    return n;
}

BOOST_AUTO_TEST_SUITE(delivery_message)

BOOST_AUTO_TEST_CASE(a_message_has_exactly_the_documented_bytes) {
    message_parts const m{.user = "usr \"1\"\n",
                          .timestamp_millis = at,
                          .context = R"("ip":"203.0.113.7","timezone":"Europe/Berlin")",
                          .traits = {{trait::id, R"("usr \"1\"\n")"},
                                     {trait::email, "null"},
                                     {trait::last_24_hour_agg_results, R"({"n":12345678901234567890})"}}};
    BOOST_TEST(
        written(m) ==
        R"({"type":"identify","messageId":"01963b2c-7d5e-7abc-8def-0123456789ab","userId":"usr \"1\"\n",)"
        R"("timestamp":"2026-05-02T10:00:00.000Z","traits":{"id":"usr \"1\"\n","email":null,)"
        R"("last24HourAggResults":{"n":12345678901234567890}},"context":{"ip":"203.0.113.7",)"
        R"("timezone":"Europe/Berlin","active":false,"library":{"name":"traitsync","version":")" TRAITSYNC_VERSION
        R"("}}})");
}

BOOST_AUTO_TEST_CASE(an_empty_context_still_says_inactive_and_which_library) {
    auto const parsed = boost::json::parse(written(with({{trait::name, "\"Ada\""}})));
    BOOST_TEST(parsed.at("context").at("active").as_bool() == false);
    BOOST_TEST(parsed.at("context").at("library").at("name").as_string() == "traitsync");
    BOOST_TEST(parsed.at("context").as_object().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_message_is_appended_to_what_is_there) {
    std::string out = "before ";
    append_message(out, with({{trait::name, "1"}}), an_id);
    BOOST_TEST(out.starts_with("before {\"type\""));
}

BOOST_AUTO_TEST_CASE(a_message_of_exactly_32000_bytes_is_one_part_and_one_byte_more_is_too_large) {
    auto const bare = written(with({{trait::metadata, ""}})).size();
    for (std::size_t const over : {0, 1}) {
        auto const text = text_of(limits::max_message_bytes - bare + over);
        auto const m = with({{trait::metadata, text}});
        BOOST_TEST(written(m).size() == limits::max_message_bytes + over);
        auto const c = cut_to_size(m);
        BOOST_TEST(c.parts.size() == 1 - over);
        BOOST_REQUIRE(c.too_large.size() == over);
        if (over == 0) continue;
        BOOST_TEST((c.too_large[0].name == trait::metadata));
        BOOST_TEST(c.too_large[0].bytes == 32'001u);
        BOOST_TEST(c.too_large[0].reason == "metadata makes a message of 32001 bytes; Segment drops those over 32000");
    }
}

BOOST_AUTO_TEST_CASE(bytes_are_counted_after_escaping_the_user_id) {
    std::string const user(4000, '\x01');  // six bytes each
    auto const big = text_of(9'000);
    message_parts m{.user = user, .timestamp_millis = at, .context = {}, .traits = {{trait::metadata, big}}};
    BOOST_TEST(written(m).size() > limits::max_message_bytes);
    BOOST_TEST(cut_to_size(m).too_large.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_message_of_exactly_9000_leaves_is_one_part_and_one_more_is_too_large) {
    // type, messageId, userId, timestamp, active, library name and version, and one of the context
    for (std::size_t const over : {0, 1}) {
        auto const list = list_of(limits::max_message_leaves - 8 + over);
        message_parts const m{
            .user = "ada", .timestamp_millis = at, .context = R"("ip":"::1")", .traits = {{trait::metadata, list}}};
        BOOST_TEST(leaves_of(boost::json::parse(written(m))) == limits::max_message_leaves + over);
        auto const c = cut_to_size(m);
        BOOST_TEST(c.parts.size() == 1 - over);
        BOOST_REQUIRE(c.too_large.size() == over);
        if (over == 1) BOOST_TEST(c.too_large[0].leaves == 9'001u);
    }
}

BOOST_AUTO_TEST_CASE(leaves_are_scalars_and_empty_containers_wherever_they_stand) {
    for (auto const* text :
         {"1", "null", "\"a,b\"", "{}", "[]", "[[],{}]", R"({"a,\"b":[1,2,{"c":"x\\","d":",\\\",{"}]})",
          R"(["\\",",","\\\\\",",1])", R"([[[[1]]],{"a":{"b":{}}}])", R"("")", R"({"":""})"}) {
        BOOST_TEST_CONTEXT(text) BOOST_TEST(count_leaves(text) == leaves_of(boost::json::parse(text)));
    }
}

BOOST_AUTO_TEST_CASE(a_too_large_message_is_split_by_trait_over_few_messages_in_fixed_order) {
    auto const half = text_of(16'000);
    auto const most = text_of(31'000);
    auto const c = cut_to_size(with({{trait::name, "\"Ada\""},
                                     {trait::company, half},
                                     {trait::campaign, half},
                                     {trait::metadata, most},
                                     {trait::user_agent, "{}"}}));
    BOOST_REQUIRE(c.parts.size() == 3u);
    BOOST_TEST((names_of(c.parts[0]) == std::vector{trait::name, trait::company, trait::user_agent}));
    BOOST_TEST((names_of(c.parts[1]) == std::vector{trait::campaign}));
    BOOST_TEST((names_of(c.parts[2]) == std::vector{trait::metadata}));
    BOOST_TEST(c.too_large.empty());
}

BOOST_AUTO_TEST_CASE(a_single_trait_that_is_too_large_is_named_while_the_others_go) {
    auto const huge = text_of(40'000);
    auto const c = cut_to_size(with({{trait::name, "\"Ada\""}, {trait::metadata, huge}, {trait::user_agent, "{}"}}));
    BOOST_REQUIRE(c.parts.size() == 1u);
    BOOST_TEST((names_of(c.parts[0]) == std::vector{trait::name, trait::user_agent}));
    BOOST_REQUIRE(c.too_large.size() == 1u);
    BOOST_TEST((c.too_large[0].name == trait::metadata));
}

BOOST_AUTO_TEST_CASE(when_user_id_and_context_alone_are_too_large_every_trait_is) {
    std::string const user(32'000, 'u');
    message_parts const m{
        .user = user, .timestamp_millis = at, .context = {}, .traits = {{trait::name, "1"}, {trait::email, "2"}}};
    auto const c = cut_to_size(m);
    BOOST_TEST(c.parts.empty());
    BOOST_TEST(c.too_large.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_message_without_traits_has_no_part) { BOOST_TEST(cut_to_size(with({})).parts.empty()); }

BOOST_AUTO_TEST_CASE(traits_with_the_policy_always_go_along_in_each_part_where_they_fit) {
    auto const half = text_of(16'000);
    auto const nearly_all = text_of(limits::max_message_bytes - written(with({{trait::metadata, ""}})).size());
    auto m = with({{trait::email, "\"ada@example.com\""},
                   {trait::company, half},
                   {trait::campaign, half},
                   {trait::metadata, nearly_all}});
    m.always.add(trait::email);
    auto const c = cut_to_size(m);
    BOOST_REQUIRE(c.parts.size() == 3u);
    BOOST_TEST((names_of(c.parts[0]) == std::vector{trait::email, trait::company}));
    BOOST_TEST((names_of(c.parts[1]) == std::vector{trait::email, trait::campaign}));
    BOOST_TEST((names_of(c.parts[2]) == std::vector{trait::metadata}));
}

BOOST_AUTO_TEST_CASE(every_part_fits_and_each_trait_is_sent_or_named) {
    std::mt19937 dice{11};
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < profile::trait_count; ++i) {
            switch (dice() % 4) {
                case 0:
                    texts.push_back(text_of(2 + dice() % 40'000));
                    break;
                case 1:
                    texts.push_back(list_of(1 + dice() % 10'000));
                    break;
                default:
                    texts.push_back(text_of(2 + dice() % 3'000));
            }
        }
        message_parts m{.user = "usr_\"1", .timestamp_millis = at, .context = R"("ip":"::1")", .traits = {}};
        std::set<trait> expected;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (dice() % 3 == 0) continue;
            m.traits.push_back({trait_at(i), texts[i]});
            expected.insert(trait_at(i));
            if (dice() % 6 == 0) m.always.add(trait_at(i));
        }
        auto const c = cut_to_size(m);
        std::map<trait, int> seen;
        for (auto const& part : c.parts) {
            BOOST_REQUIRE(!part.empty());
            BOOST_REQUIRE(std::ranges::is_sorted(part, std::ranges::less{}, &outgoing_trait::name));
            auto whole = m;
            whole.traits = part;
            auto const bytes = written(whole);
            BOOST_REQUIRE_LE(bytes.size(), limits::max_message_bytes);
            if (round % 20 == 0) BOOST_REQUIRE_LE(leaves_of(boost::json::parse(bytes)), limits::max_message_leaves);
            for (auto const& t : part) ++seen[t.name];
        }
        for (auto const& over : c.too_large) {
            auto alone = m;
            std::erase_if(alone.traits, [&](auto const& t) { return t.name != over.name; });
            auto const bytes = written(alone);
            BOOST_REQUIRE_EQUAL(bytes.size(), over.bytes);
            BOOST_REQUIRE(over.bytes > limits::max_message_bytes || over.leaves > limits::max_message_leaves);
            ++seen[over.name];
        }
        BOOST_REQUIRE_EQUAL(seen.size(), expected.size());
        for (auto const& [t, times] : seen) {
            BOOST_REQUIRE(expected.contains(t));
            BOOST_REQUIRE(times == 1 || m.always.has(t));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_batch_body_wraps_the_frozen_bytes_and_says_when_it_is_sent) {
    std::vector<std::string_view> const messages = {R"({"a":1})", R"({"b":2})"};
    auto const body = batch_body(messages, from_millis(at + 1250));
    BOOST_TEST(body ==
               R"({"batch":[{"a":1},{"b":2}],"integrations":{"All":true},"sentAt":"2026-05-02T10:00:01.250Z"})");
    BOOST_TEST(body.size() == batch_body_size(2, 14));
    BOOST_TEST(batch_body({}, from_millis(at)).size() == batch_body_size(0, 0));
    for (std::size_t const room : {1U, 100U, 600'000U}) {
        BOOST_TEST(batch_body(messages, from_millis(at + 1250), std::string(room, 'x')) == body);
    }
}

BOOST_AUTO_TEST_CASE(messages_that_fill_the_room_of_a_batch_make_a_body_of_475000_bytes) {
    std::vector<std::string> messages(19, std::string(24'000, 'x'));
    auto const used = messages.size() * 24'001;
    messages.push_back(std::string(batch_room_bytes - used - 1, 'y'));
    std::vector<std::string_view> const views(messages.begin(), messages.end());
    BOOST_TEST(batch_body(views, from_millis(at)).size() == limits::max_batch_bytes);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery
