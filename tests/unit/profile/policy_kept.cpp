// What is kept of a document under the policies: tokens, what older rules hashed, quarantined texts.
#include "mapping.hpp"

#include "traitsync/core/sha256.hpp"

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

BOOST_AUTO_TEST_SUITE(policy_kept)

BOOST_AUTO_TEST_CASE(session_tokens_are_neither_sent_nor_stored_nor_compared) {
    mapping m;
    m.user(
        R"({"user_id":"u","session_token":["a"],"sessionToken":"b","company":{"id":"c","session_token":"d","sessionToken":[]}})");
    BOOST_TEST(stored(m.out) == R"({"user_id":"u","company":{"id":"c"}})");
    mapping other;
    other.user(R"({"user_id":"u","company":{"id":"c"}})");
    BOOST_TEST(m.out.content == other.out.content);
}

// Bytes that are no UTF-8 are stored as U+FFFD, three times as long: what was taken once is taken again.
BOOST_AUTO_TEST_CASE(a_document_that_grew_beyond_the_limit_in_the_store_is_under_new_rules_like_any_other) {
    mapping first;
    auto const document = stored(
        first.user(R"({"user_id":"u","email":"a@b","metadata":{"k":")" + std::string(2'000'000, '\xe9') + R"("}})"));
    BOOST_REQUIRE(document.size() > 4'000'000U);
    mapping second{{{"email", policy::never}}};
    second.again(document, first.r);
    BOOST_TEST(second.text(trait::email) == "absent");
    BOOST_TEST(!second.text(trait::metadata).empty());
}

BOOST_AUTO_TEST_CASE(what_old_rules_hashed_is_taken_as_it_is_or_is_lost) {
    constexpr auto source =
        R"({"user_id":"u","email":"a@b","created":"2026-01-01","campaign":{"a":1},"metadata":{"ssn":"x","k":{"l":1}}})";
    struct row {
        policies before;
        policies after;
        trait t;
        std::string text;
    };
    auto const hash = policy::hash;
    auto const never = policy::never;
    for (auto const& [before, after, t, text] : {
             row{{{"email", hash}}, {{"email", hash}}, trait::email, quoted_hash("a@b")},
             row{{{"email", hash}}, {}, trait::email, "absent"},
             row{{{"email", hash}}, {{"email", never}}, trait::email, "absent"},
             row{{{"email", never}}, {}, trait::email, "absent"},
             row{{}, {{"email", hash}}, trait::email, quoted_hash("a@b")},
             row{{}, {{"email", never}}, trait::email, "absent"},
             row{{{"createdAt", hash}},
                 {{"createdAt", hash}},
                 trait::created_at,
                 quoted_hash("2026-01-01T00:00:00.000Z")},
             row{{{"createdAt", hash}}, {}, trait::created_at, "absent"},
             row{{{"campaign", hash}}, {{"campaign", hash}}, trait::campaign, quoted_hash(R"({"a":1})")},
             row{{{"campaign", hash}}, {}, trait::campaign, "absent"},
             row{{{"metadata.ssn", hash}},
                 {{"metadata.ssn", hash}},
                 trait::metadata,
                 "{\"ssn\":" + quoted_hash("x") + R"(,"k":{"l":1}})"},
             row{{{"metadata.ssn", hash}}, {}, trait::metadata, R"({"k":{"l":1}})"},
             row{{{"metadata.ssn", hash}}, {{"metadata.ssn", never}}, trait::metadata, R"({"k":{"l":1}})"},
             row{{}, {{"metadata.ssn", hash}}, trait::metadata, "{\"ssn\":" + quoted_hash("x") + R"(,"k":{"l":1}})"},
             row{{{"metadata.k.l", hash}},
                 {{"metadata.k.l", hash}},
                 trait::metadata,
                 "{\"ssn\":\"x\",\"k\":{\"l\":" + quoted_hash("1") + "}}"},
             row{{{"metadata.k.l", hash}},
                 {{"metadata.k", hash}},
                 trait::metadata,
                 "{\"ssn\":\"x\",\"k\":" + quoted_hash("{}") + "}"},
             row{{{"metadata.k.l", hash}}, {{"metadata.k", never}}, trait::metadata, R"({"ssn":"x"})"},
             row{{{"metadata.k.l", hash}}, {{"metadata", policy::ride}}, trait::metadata, R"({"ssn":"x","k":{}})"},
             row{{{"metadata", hash}},
                 {{"metadata", hash}},
                 trait::metadata,
                 quoted_hash(R"({"k":{"l":1},"ssn":"x"})")},
             row{{{"metadata", hash}}, {{"metadata.ssn", hash}}, trait::metadata, "absent"},
             row{{{"metadata", hash}}, {{"metadata", hash}, {"metadata.ssn", never}}, trait::metadata, "absent"},
         }) {
        mapping first{before};
        mapping second{after};
        auto const document = stored(first.user(source));
        second.again(document, first.r);
        BOOST_TEST(second.text(t) == text, first.r.text() << " -> " << second.r.text());
        BOOST_TEST(second.warned().wrong_type + second.warned().bad_time == 0U, first.r.text());
        // What is lost does not stay behind, and what was written is complete under the new rules.
        mapping third{after};
        third.again(stored(second.out), second.r);
        BOOST_TEST(third.text(t) == text, first.r.text() << " -> " << second.r.text());
        BOOST_TEST(third.out.rest == second.out.rest);
    }
}

BOOST_AUTO_TEST_CASE(quarantined_text_obeys_the_policies) {
    struct row {
        policies more;
        bool is_user;
        std::string raw;
        std::string kept;
    };
    auto const never = policy::never;
    auto const hash = policy::hash;
    for (auto const& [more, is_user, raw, kept] : {
             row{{}, true, "{\"a\":", "{\"a\":"},
             row{{}, true, R"({ "email": "a@b" })", R"({"email":"a@b"})"},
             row{{{"email", never}}, true, R"({"email":"a@b","x":1})", R"({"x":1})"},
             row{{{"email", hash}}, true, R"({"email":"a@b"})", R"({"email":)" + quoted_hash("a@b") + "}"},
             row{{{"email", hash}}, true, R"({"email":17})", "{}"},
             row{{{"email", never}},
                 true,
                 R"({"_id":"k","_source":{"email":"a@b","session_token":["t"],"x":1},"sort":[1]})",
                 R"({"_id":"k","_source":{"x":1},"sort":[1]})"},
             row{{{"company.companyDomain", never}},
                 false,
                 R"({"_id":"k","_source":{"domain":"d","x":1}})",
                 R"({"_id":"k","_source":{"x":1}})"},
             row{{{"email", never}}, false, R"({"email":"a@b"})", R"({"email":"a@b"})"},
         }) {
        mapping m{more};
        BOOST_TEST(m.m.quarantine_text(raw, is_user) == kept, raw);
        BOOST_TEST(m.warned().wrong_type == 0U);
    }
}

BOOST_AUTO_TEST_CASE(quarantined_text_that_cannot_be_read_is_kept_only_where_nothing_is_hidden) {
    for (auto const* raw : {"{\"email\":\"a@b\"", R"({"_id":"k","_source":["a@b"]})", R"(["a@b"])"}) {
        mapping hiding{{{"email", policy::never}}};
        auto const kept = hiding.m.quarantine_text(raw, true);
        BOOST_TEST(kept.find("a@b") == std::string::npos, kept);
        BOOST_TEST(kept.find(sha256_hex(raw)) != std::string::npos);
        BOOST_TEST(!same(kept).empty());
        mapping open;
        BOOST_TEST(open.m.quarantine_text(raw, true) == raw);
    }
    mapping open;
    BOOST_TEST(open.m.quarantine_text(R"({"session_token":"tok)", true).find("tok\"") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
