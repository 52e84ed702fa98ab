#include "mapping.hpp"

#include <fmt/core.h>
#include <filesystem>

using namespace traitsync;
using namespace traitsync::profile;
using namespace traitsync::profile::test;

namespace {

constexpr std::array<int, 17> all_pairs{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};

struct pair {
    explicit pair(int number) : text{read_sample(fmt::format("pairs/pair-{:02}.json", number))} {
        BOOST_REQUIRE(document.parse(text) == json::parse_fault::none);
    }
    std::string name_of(char const* what) const {
        auto const* v = document.root().find(what);
        return v != nullptr && v->is_string() ? std::string{v->text} : std::string{};
    }
    json::value const* message() const {
        auto const messages = document.root().find("messages")->elements();
        return messages.empty() ? nullptr : &messages.front();
    }
    std::string text;
    json::document document;
};

// The company trait as the caller joins it, without a store.
std::string company_text(mapping& m, std::string const& document) {
    if (!m.out.company_id) return {};
    if (!document.empty()) {
        sample const s{document};
        BOOST_TEST((m.m.map_company(s.key, s.source, m.company_out).what == verdict::mapped));
        return m.company_out.text;
    }
    return m.out.has_embedded_company ? m.out.embedded.text : company_of_id(*m.out.company_id, m.r).text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pairs)

BOOST_AUTO_TEST_CASE(every_first_delivery_has_exactly_the_expected_traits_and_context) {
    for (auto const number : all_pairs) {
        pair const p{number};
        if (!p.name_of("acknowledged_user").empty()) continue;
        BOOST_TEST_CONTEXT(p.name_of("name")) {
            mapping m;
            sample const user{p.name_of("user")};
            auto const outcome = m.m.map_user(user.key, user.source, m.out);
            auto const* message = p.message();
            BOOST_TEST((outcome.what == verdict::mapped) == (message != nullptr));
            if (message == nullptr) continue;
            BOOST_TEST(m.out.id == message->find("userId")->text);

            std::string traits{"{"};
            for (std::size_t i = 0; i < trait_count; ++i) {
                auto const t = trait_at(i);
                auto text = m.out.traits[i].state == form::value ? m.out.traits[i].text : std::string{};
                if (t == trait::company) text = company_text(m, p.name_of("company"));
                if (number == 15 && t == trait::metadata) {
                    BOOST_TEST(text.size() > 32'000U);
                    continue;
                }
                if (text.empty()) continue;
                if (traits.size() > 1) traits += ',';
                traits += fmt::format("\"{}\":{}", profile::name_of(t), text);
            }
            traits += '}';
            BOOST_TEST(same(traits) == canonical_text(*message->find("traits")));

            auto const context =
                fmt::format("{{{}{}\"active\":false,\"library\":{{\"name\":\"traitsync\",\"version\":\"$VERSION$\"}}}}",
                            m.out.context, m.out.context.empty() ? "" : ",");
            BOOST_TEST(same(context) == canonical_text(*message->find("context")));
        }
    }
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_source_text_and_only_minus_zero_is_rewritten) {
    pair const p{10};
    mapping m;
    sample const user{p.name_of("user")};
    m.user(user.source, user.key);
    std::string expected;
    json::append(expected, *p.message()->find("traits")->find("metadata"));
    BOOST_TEST(m.text(trait::metadata) == expected);
    BOOST_TEST(m.warned().number_out_of_range == 1U);
    BOOST_TEST(m.warned().large_integer == 5U);
    BOOST_TEST(stored(m.out).find("\"overflow\":1e400") != std::string::npos);
    BOOST_TEST(stored(m.out).find("\"minus_zero\":-0,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_types_and_differing_ids_are_counted) {
    mapping m;
    sample const user{"moesif/18-bad-wrong-types.json"};
    m.user(user.source, user.key);
    // email name user_name metadata campaign geo_ip user_agent ip_address modified_time company
    BOOST_TEST(m.warned().wrong_type == 10U);
    BOOST_TEST(m.warned().bad_time == 1U);
    BOOST_TEST(m.warned().id_mismatch == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_reader_repaired_is_counted) {
    mapping m;
    sample const twice{"moesif/19-bad-duplicate-keys.json"};
    m.user(twice.source, twice.key);
    BOOST_TEST(m.warned().duplicate_key == 2U);
    sample const broken{"moesif/20-bad-lone-surrogate.json"};
    m.user(broken.source, broken.key);
    BOOST_TEST(m.warned().replaced_character == 3U);
    BOOST_TEST(m.warned().removed_nul == 1U);
}

BOOST_AUTO_TEST_CASE(unicode_survives_byte_by_byte) {
    mapping m;
    sample const user{"moesif/08-user-unicode.json"};
    m.user(user.source, user.key);
    json::document d;
    d.parse(user.source);
    for (auto const& [t, field] :
         {std::pair{trait::email, "email"}, {trait::name, "name"}, {trait::metadata, "metadata"}}) {
        std::string expected;
        json::append(expected, *d.root().find(field));
        BOOST_TEST(m.text(t) == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_reordered_document_with_other_number_spellings_has_equal_traits) {
    mapping before;
    mapping after;
    sample const a{"moesif/12a-user-removed-trait-before.json"};
    sample const b{"moesif/12b-user-removed-trait-after.json"};
    before.user(a.source, a.key);
    after.user(b.source, b.key);
    for (auto const t : {trait::id, trait::email, trait::metadata}) {
        BOOST_TEST(before.of(t).full == after.of(t).full, t);
        BOOST_TEST(before.of(t).trigger == after.of(t).trigger, t);
    }
    BOOST_TEST(before.of(trait::name).full != after.of(trait::name).full);
    BOOST_TEST(after.text(trait::username) == "absent");
    BOOST_TEST(before.out.content != after.out.content);
}

BOOST_AUTO_TEST_CASE(a_document_in_which_only_volatile_fields_moved_has_the_same_content) {
    mapping before;
    mapping after;
    sample const a{"moesif/12a-user-removed-trait-before.json"};
    sample const b{"moesif/23-user-only-volatile-changed.json"};
    BOOST_TEST(before.user(a.source, a.key).content == after.user(b.source, b.key).content);
    BOOST_TEST(before.of(trait::last_seen_time).full != after.of(trait::last_seen_time).full);
}

BOOST_AUTO_TEST_CASE(a_renamed_document_has_another_id_and_a_warning) {
    mapping m;
    sample const user{"moesif/13b-user-rename-after.json"};
    BOOST_TEST(m.user(user.source, user.key).id == "ivy.new");
    BOOST_TEST(m.warned().id_mismatch == 1U);
}

BOOST_AUTO_TEST_CASE(a_stored_document_is_the_source_less_its_secrets) {
    for (auto const& file : std::filesystem::directory_iterator{TS_SOURCE_DIR "/tests/samples/moesif"}) {
        auto const name = file.path().filename().string();
        if (name.starts_with("17-") || name.starts_with("22-") || name.starts_with('3') || name.ends_with(".md"))
            continue;
        sample const s{"moesif/" + name};
        json::document d;
        d.parse(s.source);
        std::string expected{"{"};
        for (auto const& member : d.root().members()) {
            if (member.key == "session_token") continue;
            if (expected.size() > 1) expected += ',';
            json::append_quoted(expected, member.key);
            expected += ':';
            json::append(expected, member.val);
        }
        expected += '}';
        BOOST_TEST_CONTEXT(name) {
            mapping m;
            if (name.find("company") == std::string::npos || name.find("user") != std::string::npos) {
                BOOST_TEST(stored(m.user(s.source, s.key)) == expected);
                BOOST_TEST(m.out.rest.find("session") == std::string::npos);
            } else {
                BOOST_TEST((m.m.map_company(s.key, s.source, m.company_out).what == verdict::mapped));
                BOOST_TEST(m.company_out.stored == expected);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_stored_document_maps_to_the_same_traits) {
    for (auto const* name :
         {"01-user-full", "07-user-embedded-company", "10-user-number-limits", "11-user-nulls", "14-user-camel-case",
          "15-user-timestamps", "18-bad-wrong-types", "20-bad-lone-surrogate"}) {
        mapping first;
        mapping second;
        sample const s{std::string{"moesif/"} + name + ".json"};
        auto const document = stored(first.user(s.source, s.key));
        second.again(document, first.r, s.key);
        BOOST_TEST(first.out.content == second.out.content, name);
        BOOST_TEST(first.out.rest == second.out.rest, name);
        BOOST_TEST(first.out.context == second.out.context, name);
        for (std::size_t i = 0; i < trait_count; ++i) {
            BOOST_TEST(first.text(trait_at(i)) == second.text(trait_at(i)), name);
            BOOST_TEST(first.of(trait_at(i)).full == second.of(trait_at(i)).full, name);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
