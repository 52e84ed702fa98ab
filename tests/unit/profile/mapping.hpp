#pragma once
// Words of the mapping tests: settings with the default policies, one-line mapping, samples.

#include <boost/test/unit_test.hpp>

#include <array>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traitsync/core/error.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/profile/canonical_text.hpp"
#include "traitsync/profile/mapper.hpp"

namespace traitsync::profile {

using config::policy;
using form = mapped_trait::form;

inline std::ostream& operator<<(std::ostream& out, form f) {
    constexpr std::array<char const*, 3> names{"absent", "null", "value"};
    return out << names[static_cast<std::size_t>(f)];
}
inline std::ostream& operator<<(std::ostream& out, verdict v) {
    constexpr std::array<char const*, 3> names{"mapped", "anonymous", "quarantine"};
    return out << names[static_cast<std::size_t>(v)];
}
inline std::ostream& operator<<(std::ostream& out, trait t) { return out << name_of(t); }

namespace test {

using policies = std::vector<std::pair<char const*, policy>>;

// The default policies and `more`.
inline rules rules_with(policies const& more = {}) {
    config::trait_settings s;
    for (auto const& path : config::riding_by_default()) s.policies[path] = policy::ride;
    for (auto const& [path, p] : more) s.policies[path] = p;
    return rules{s};
}

// The JSON text that the policy `hash` leaves of a string.
inline std::string quoted_hash(std::string_view s) { return '"' + sha256_hex(s) + '"'; }

struct mapping {
    explicit mapping(policies const& more = {}) : r{rules_with(more)}, m{r} {}

    mapped_user& user(std::string_view source, std::string_view key = {}) {
        outcome = m.map_user(key, source, out);
        BOOST_TEST(outcome.what == verdict::mapped, source << ": " << outcome.reason);
        return out;
    }
    mapped_user& again(std::string_view stored, rules const& applied, std::string_view key = {}) {
        outcome = m.map_user(key, stored, out, &applied);
        BOOST_TEST(outcome.what == verdict::mapped, stored << ": " << outcome.reason);
        return out;
    }
    mapped_company& company(std::string_view source, rules const* applied = nullptr) {
        outcome = m.map_company({}, source, company_out, applied);
        BOOST_TEST(outcome.what == verdict::mapped, source << ": " << outcome.reason);
        return company_out;
    }
    std::string text(trait t) const {
        auto const& found = out.traits[index_of(t)];
        return found.state == form::value ? found.text : found.state == form::null ? "null" : "absent";
    }
    mapped_trait const& of(trait t) const { return out.traits[index_of(t)]; }
    warning_counts const& warned() const { return m.warnings(); }

    rules r;
    mapper m;
    mapped_user out;
    mapped_company company_out;
    map_outcome outcome;
};

inline std::array<std::string_view, trait_count> texts_of(mapped_user const& user) {
    std::array<std::string_view, trait_count> texts;
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (user.traits[i].state == form::value) texts[i] = user.traits[i].text;
    }
    return texts;
}

inline std::string stored(mapped_user const& user) { return restore_document(user.rest, texts_of(user)); }

// One spelling of a JSON text.
inline std::string same(std::string_view text) {
    json::document d;
    BOOST_REQUIRE_MESSAGE(d.parse(text) == json::parse_fault::none, "not JSON: " << text);
    return canonical_text(d.root());
}

inline std::string read_sample(std::string const& name) {
    std::ifstream in{TS_SOURCE_DIR "/tests/samples/" + name, std::ios::binary};
    BOOST_REQUIRE_MESSAGE(in, "no sample " << name);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

// A hit's own id and document; of a flat document all of it.
struct sample {
    explicit sample(std::string const& name) : text{read_sample(name)}, source{text} {
        json::document d;
        BOOST_REQUIRE(d.parse(text) == json::parse_fault::none);
        if (d.root().find("_source") == nullptr) return;
        if (auto const* id = d.root().find("_id")) key = id->text;
        constexpr std::string_view member = "\"_source\":";
        auto begin = text.find(member) + member.size();
        auto const end = json::skip_value(text, begin);
        source = std::string_view{text}.substr(begin, end - begin);
    }
    sample(sample const&) = delete;
    sample& operator=(sample const&) = delete;

    std::string text;
    std::string key;
    std::string_view source;
};

}  // namespace test
}  // namespace traitsync::profile
