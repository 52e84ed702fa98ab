#include <fmt/core.h>

#include <algorithm>

#include "made_values.hpp"
#include "mapping.hpp"

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

namespace {

void expect_same(mapping const& a, mapping const& b) {
    BOOST_TEST(a.out.content == b.out.content);
    for (std::size_t i = 0; i < trait_count; ++i) {
        BOOST_TEST(a.out.traits[i].state == b.out.traits[i].state);
        BOOST_TEST(a.out.traits[i].full == b.out.traits[i].full);
        BOOST_TEST(a.out.traits[i].trigger == b.out.traits[i].trigger);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(value_texts)

BOOST_AUTO_TEST_CASE(neither_key_order_nor_number_spelling_changes_a_hash_and_every_leaf_does) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        maker make{seed};
        made document;
        document.kind = made::what::object;
        document.children.emplace_back("metadata", make.object(3));
        document.children.emplace_back("campaign", make.object(1));
        document.children.emplace_back("body", make.value(2));
        document.children.emplace_back("name", made{made::what::text, "\"n\"", {}});
        document.children.emplace_back("company", make.object(1));
        document.children.emplace_back("user_id", made{made::what::number, std::to_string(seed), {}});
        document.children.emplace_back("created", made{made::what::number, "1764460800", {}});

        policies const nested{{"metadata.k0", policy::never}};
        auto const masked = seed % 3 == 0;
        mapping a = masked ? mapping{nested} : mapping{};
        mapping b = masked ? mapping{nested} : mapping{};
        a.user(make.written(document, false));
        b.user(make.written(document, true));
        BOOST_TEST_CONTEXT("seed " << seed) {
            expect_same(a, b);
            for (std::size_t i = 0; i < trait_count; ++i) {
                auto const& t = a.out.traits[i];
                if (t.state != form::value) continue;
                auto const hashes = hashes_of(t.text, trait_at(i), a.r);
                BOOST_TEST(hashes.full == t.full);
                BOOST_TEST(hashes.trigger == t.trigger);
            }
            if (masked) continue;
            std::vector<made*> leaves;
            maker::collect(document, leaves);
            for (auto* leaf : leaves) {
                auto const kept = *leaf;
                make.change(*leaf);
                auto const outcome = b.m.map_user("key", make.written(document, true), b.out);
                BOOST_TEST((outcome.what == verdict::mapped));
                BOOST_TEST(b.out.content != a.out.content, make.written(document, false));
                *leaf = kept;
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(riding_traits_and_context_are_no_part_of_the_content) {
    mapping a;
    auto const content = a.user(R"({"user_id":"u","x":1})").content;
    for (auto const* field : {
             R"("last_seen_time":"2026-01-01")",
             R"("lastSeenTime":5)",
             R"("last_seen":true)",
             R"("modified_time":"2026-01-01")",
             R"("updated_at":null)",
             R"("last_24_hour_agg_results":{"a":1})",
             R"("last_24_hour_aggs":[])",
             R"("user_agent":{"name":"x"})",
             R"("userAgent":"x")",
             R"("user_agent_string":"x")",
             R"("ip_address":"192.0.2.1")",
             R"("ipAddress":7)",
             R"("geo_ip":{"a":1})",
             R"("session_token":"x")",
         }) {
        mapping b;
        BOOST_TEST(b.user(fmt::format(R"({{{},"user_id":"u","x":1}})", field)).content == content, field);
    }
    for (auto const* field :
         {R"("x":2)", R"("x":1,"y":null)", R"("x":1,"email":null)", R"("x":1,"email":"")", R"("x":1,"email":1)",
          R"("x":1,"company_id":"c")", R"("x":1,"company_id":null)", R"("x":1,"metadata":{})",
          R"("x":1,"first_name":"A")", R"("x":1,"identified_user_id":"u")", R"("x":1,"create":"2026-01-01")",
          R"("x":1,"company":{"id":"c"})", R"("x":1,"company":{"subscriptions":[]})"}) {
        mapping b;
        BOOST_TEST(b.user(fmt::format(R"({{"user_id":"u",{}}})", field)).content != content, field);
    }
}

BOOST_AUTO_TEST_CASE(kinds_that_look_alike_have_different_hashes) {
    auto const r = rules_with();
    std::vector<std::uint64_t> seen;
    for (auto const* text : {"1",
                             "\"1\"",
                             "[]",
                             "{}",
                             "null",
                             "\"\"",
                             "\"null\"",
                             "true",
                             "false",
                             "0",
                             "[0]",
                             "[null]",
                             "[[]]",
                             "[{}]",
                             "{\"a\":1}",
                             "{\"a\":\"1\"}",
                             "{\"a\":null}",
                             "{\"b\":1}",
                             "[1,2]",
                             "[2,1]",
                             "[12]",
                             "[\"a\",1]",
                             "{\"a\":{\"b\":1}}",
                             "{\"a\":1,\"b\":1}",
                             "{\"b\":2,\"a\":1}",
                             "{\"a\":2,\"b\":1}",
                             "1e400",
                             "-1",
                             "0.1"}) {
        auto const hash = hashes_of(text, trait::metadata, r).full;
        BOOST_TEST(hash != 0U);
        BOOST_TEST((std::ranges::find(seen, hash) == seen.end()), text);
        seen.push_back(hash);
    }
}

// Hashes are stored: they must be the same in every run and on every machine.
BOOST_AUTO_TEST_CASE(a_stored_hash_stays_comparable) {
    auto const hashes =
        hashes_of(R"({"id":"c","list":[1,2.5,null,true],"lastSeenTime":"x"})", trait::company, rules_with());
    BOOST_TEST(hashes.full == 17106859796276707171U);
    BOOST_TEST(hashes.trigger == 12577450960520030593U);
}

BOOST_AUTO_TEST_CASE(spellings_of_one_text_have_one_hash) {
    auto const r = rules_with();
    struct row {
        char const* a;
        char const* b;
    };
    for (auto const& [a, b] : {row{"{\"a\":1,\"b\":[\"\\u00e9\"]}", "{ \"b\" : [ \"é\" ] , \"a\" : 1.0 }"},
                               row{"1e2", "100"}, row{"-0.0", "0"}, row{"\"\\/\"", "\"/\""}, row{"120e-1", "12"}}) {
        BOOST_TEST(hashes_of(a, trait::metadata, r).full == hashes_of(b, trait::metadata, r).full, a);
    }
}

BOOST_AUTO_TEST_CASE(canonical_text_has_one_spelling_and_is_its_own_canonical_text) {
    struct row {
        char const* text;
        char const* canonical;
    };
    for (auto const& [text, canonical] : {
             row{R"({"b":1,"a":{"d":[],"c":{}}})", R"({"a":{"c":{},"d":[]},"b":1})"},
             row{"[1.0,1e2,-0,0.50,1e400,-12e-1]", "[1,100,0,0.5,null,-1.2]"},
             row{R"({"a":1e400,"b":1})", R"({"b":1})"},
             row{R"("\u00e9\/\u0000\n\"")", "\"é/\\n\\\"\""},
             row{R"({"z":1,"é":2,"Z":3,"":4})", R"({"":4,"Z":3,"z":1,"é":2})"},
             row{R"({"a\u0000":1,"a":2})", R"({"a":2})"},
             row{"true", "true"},
             row{"null", "null"},
             row{"123456789012345678901234567890", "123456789012345678901234567890"},
             row{"1e70", "1e+70"},
         }) {
        BOOST_TEST(same(text) == canonical);
        BOOST_TEST(same(canonical) == canonical);
    }
    BOOST_TEST(same("1" + std::string(70, '0')) == "1e+70");
    for (unsigned seed = 1; seed <= 200; ++seed) {
        maker make{seed};
        auto const value = make.value(4);
        auto const canonical = same(make.written(value, false));
        BOOST_TEST(same(make.written(value, true)) == canonical);
        BOOST_TEST(same(canonical) == canonical);
    }
}

BOOST_AUTO_TEST_CASE(keys_that_differ_by_nul_alone_do_not_make_a_key_twice) {
    mapping m;
    m.user(R"({"user_id":"u","metadata":{"a\u0000":1,"a":2,"b\u0000":3,"b\u0000\u0000":4}})");
    BOOST_TEST(m.text(trait::metadata) == R"({"a":2,"b":3})");
    BOOST_TEST(m.warned().removed_nul == 3U);
    BOOST_TEST(stored(m.out) == R"({"user_id":"u","metadata":{"a\u0000":1,"a":2,"b\u0000":3,"b\u0000\u0000":4}})");
    BOOST_TEST(hashes_of(m.text(trait::metadata), trait::metadata, m.r).full == m.of(trait::metadata).full);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_keys_with_nul_are_told_apart) {
    constexpr int keys = 100'000;
    std::string written;
    std::string sent;
    for (int i = 0; i < keys; ++i) {
        written += fmt::format("{}\"k{}{}\":1", i == 0 ? "" : ",", i % 2 == 0 ? "\\u0000" : "\\u0000\\u0000", i / 2);
        if (i % 2 == 0 && i > 0) sent += fmt::format("{}\"k{}\":1", i == 2 ? "" : ",", i / 2);
    }
    mapping m;
    m.user("{\"user_id\":\"u\",\"metadata\":{" + written + ",\"k0\":2}}");
    // Of each pair the first; of three that read the same the one that stands as it is.
    BOOST_TEST((m.text(trait::metadata) == "{" + sent + ",\"k0\":2}"));
    BOOST_TEST(m.warned().removed_nul == static_cast<unsigned>(keys));
}

BOOST_AUTO_TEST_CASE(members_that_are_gone_become_null_at_any_depth) {
    struct row {
        char const* now;
        char const* before;
        char const* text;
    };
    for (auto const& [now, before, text] : {
             row{R"({"a":1})", R"({"a":2})", R"({"a":1})"},
             row{R"({"a":1})", R"({"b":2,"c":3})", R"({"a":1,"b":null,"c":null})"},
             row{R"({})", R"({"b":{"c":1}})", R"({"b":null})"},
             row{R"({"b":{}})", R"({"b":{"c":1,"d":{"e":1}}})", R"({"b":{"c":null,"d":null}})"},
             row{R"({"b":{"d":{}}})", R"({"b":{"d":{"e":1}}})", R"({"b":{"d":{"e":null}}})"},
             row{R"({"b":[{}]})", R"({"b":[{"a":1}]})", R"({"b":[{}]})"},
             row{R"({"b":1})", R"({"b":{"a":1}})", R"({"b":1})"},
             row{R"({"b":{"a":1.0}})", R"({"b":1})", R"({"b":{"a":1.0}})"},
             row{R"({})", R"({"b":null})", R"({})"},
         }) {
        BOOST_TEST(with_nested_nulls(now, before, trait::metadata, mapping{}.r) == text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_hidden_becomes_no_null_and_stays_in_no_text) {
    constexpr auto before = R"({"a":{"x":1,"y":"s"},"b":"s","c":[{"b":"s"}],"d":{"e":{"f":1,"g":"s"}},"h":null,"i":2})";
    mapping const partly{{{"metadata.a.y", config::policy::never},
                          {"metadata.b", config::policy::hash},
                          {"metadata.d", config::policy::never},
                          {"metadata.d.e.f", config::policy::send},
                          {"metadata.h", config::policy::hash}}};
    auto const text = kept_text(before, trait::metadata, partly.r);
    BOOST_TEST(without_cut_mark(text) ==
               R"_({"a":{"x":1},"b":"(not kept)","c":[{"b":"s"}],"d":{"e":{"f":1}},"h":null,"i":2})_");
    BOOST_TEST(kept_text(text, trait::metadata, partly.r) == text, "once more changes nothing");
    BOOST_TEST(with_nested_nulls(R"({"a":{},"d":{"e":{}}})", before, trait::metadata, partly.r) ==
               R"({"a":{"x":null},"d":{"e":{"f":null}},"b":null,"c":null,"i":null})");
    // A whole trait, and one of which the policies do not say which part is hidden.
    for (auto const p : {config::policy::never, config::policy::hash}) {
        mapping const whole{{{"metadata", p}}};
        BOOST_TEST(without_cut_mark(kept_text(before, trait::metadata, whole.r)) == not_kept);
        BOOST_TEST(with_nested_nulls(R"({"a":1})", before, trait::metadata, whole.r) == R"({"a":1})");
    }
    BOOST_TEST(kept_text(R"("Ada")", trait::name, partly.r) == cut_mark + std::string{not_kept});
    BOOST_TEST(kept_text("", trait::company, partly.r).empty());
    // Where nothing of it is hidden it is the value itself, and is not marked as less.
    for (auto const* text : {R"({"a":{"x":1},"i":2.50})", R"({"b":null})", "[1]", "\"(not kept)\""}) {
        BOOST_TEST(kept_text(text, trait::campaign, partly.r) == text);
    }
    BOOST_TEST(kept_text(R"({"a":{"x":1},"i":2.50})", trait::metadata, partly.r) == R"({"a":{"x":1},"i":2.50})");
}

BOOST_AUTO_TEST_CASE(a_restored_document_with_a_lost_value_is_still_json) {
    mapping m;
    m.user(R"({"user_id":"u","email":"a@b"})");
    BOOST_TEST(restore_document(m.out.rest, {}) == R"({"user_id":null,"email":null})");
    BOOST_CHECK_THROW(restore_document("{\"a\":\x01", {}), damaged_content);
    BOOST_CHECK_THROW(restore_document("{\"a\":\x01Z}", {}), damaged_content);
}

BOOST_AUTO_TEST_SUITE_END()
