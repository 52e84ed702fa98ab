// Documents under policies. The first byte chooses the policies, the second whether it is a user or a company.
#include "traitsync/profile/mapper.hpp"

#include <memory>

#include "fuzz.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/canonical_text.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::profile;
using config::policy;
using fuzz::check;

struct desk {
    rules policies;
    profile::mapper first, second;
    mapped_user user, again;
    mapped_company company, company_again;

    explicit desk(std::map<std::string, policy> const& more) : policies{of(more)}, first{policies}, second{policies} {}
    static rules of(std::map<std::string, policy> const& more) {
        config::trait_settings s;
        for (auto const& path : config::riding_by_default()) s.policies[path] = policy::ride;
        for (auto const& [path, p] : more) s.policies[path] = p;
        return rules{s};
    }
};

desk& desk_of(std::uint8_t choice) {
    static auto const all = [] {
        std::vector<std::unique_ptr<desk>> list;
        for (auto const& more : std::vector<std::map<std::string, policy>>{
                 {},
                 {{"metadata.ssn", policy::never}, {"email", policy::hash}, {"context.ip", policy::never}},
                 {{"metadata", policy::hash}, {"company.metadata", policy::never}, {"name", policy::always}},
                 {{"metadata", policy::never}, {"company", policy::hash}},
                 {{"metadata.plan", policy::hash}, {"metadata.a.b", policy::ride}, {"company.id", policy::never}}}) {
            list.push_back(std::make_unique<desk>(more));
        }
        return list;
    }();
    return *all[choice % all.size()];
}

void check_text(std::string_view text, std::uint64_t full, trait t, rules const& r) {
    json::document d;
    check(d.parse(text) == json::parse_fault::none, "what is sent is JSON");
    check(d.replaced_characters() == 0 && d.duplicate_keys() == 0, "what is sent is clean");
    check(hashes_of(text, t, r).full == full, "the hash is that of the text");
    // hash != 0 says that there is a value.
    check(full != 0, "a value has a hash");
}

void check_user(desk& d, std::string_view key, std::string_view source) {
    auto const outcome = d.first.map_user(key, source, d.user);
    auto const repeated = d.second.map_user(key, source, d.again);
    check(outcome.what == repeated.what && outcome.reason == repeated.reason, "the same verdict again");
    if (outcome.what == verdict::quarantine) check(!outcome.reason.empty(), "a quarantine has its reason");
    if (outcome.what != verdict::mapped) return;
    std::array<std::string_view, trait_count> texts{};
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const& t = d.user.traits[i];
        check(
            t.state == d.again.traits[i].state && t.full == d.again.traits[i].full && t.text == d.again.traits[i].text,
            "the same traits again");
        texts[i] = t.text;
        if (t.state == mapped_trait::form::value) check_text(t.text, t.full, trait_at(i), d.policies);
    }
    check(d.user.content == d.again.content, "the same content again");
    // As it is stored it maps to the same traits.
    auto const stored = restore_document(d.user.rest, texts);
    auto const again = d.second.map_user(key, stored, d.again, &d.policies);
    check(again.what == verdict::mapped, "what is stored can be mapped");
    check(d.again.id == d.user.id && d.again.company_id == d.user.company_id, "ids survive the store");
    for (std::size_t i = 0; i < trait_count; ++i) {
        check(d.user.traits[i].state == d.again.traits[i].state && d.user.traits[i].full == d.again.traits[i].full,
              "traits survive the store");
    }
}

void check_company(desk& d, std::string_view key, std::string_view source) {
    if (d.first.map_company(key, source, d.company).what != verdict::mapped) return;
    if (!d.company.text.empty()) check_text(d.company.text, d.company.full, trait::company, d.policies);
    auto const again = d.second.map_company(key, d.company.stored, d.company_again, &d.policies);
    check(again.what == verdict::mapped, "what is stored can be mapped");
    check(d.company_again.id == d.company.id && d.company_again.full == d.company.full, "a company survives the store");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    auto& d = desk_of(data[0]);
    auto const source = fuzz::text_of(data + 2, size - 2);
    auto const is_user = (data[1] & 1U) == 0;
    auto const* const key = (data[1] & 2U) == 0 ? "doc-1" : "";
    if (is_user) {
        check_user(d, key, source);
    } else {
        check_company(d, key, source);
    }
    d.first.quarantine_text(source, is_user);
    return 0;
}
