#include "policies.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "traitsync/config/nearest.hpp"
#include "traitsync/core/text.hpp"

namespace traitsync::config {
namespace {

constexpr std::array<std::string_view, 5> policy_words{"send", "ride", "never", "hash", "always"};

enum class shape : std::uint8_t { scalar, object };

struct part {
    std::string_view name;
    shape form;
};

// The traits of the seed table; a test compares them with profile/trait.
constexpr std::array<part, 14> traits{{{"id", shape::scalar},
                                       {"createdAt", shape::scalar},
                                       {"modifiedTime", shape::scalar},
                                       {"firstSeenTime", shape::scalar},
                                       {"lastSeenTime", shape::scalar},
                                       {"name", shape::scalar},
                                       {"email", shape::scalar},
                                       {"username", shape::scalar},
                                       {"company", shape::object},
                                       {"campaign", shape::object},
                                       {"clearbit", shape::object},
                                       {"last24HourAggResults", shape::object},
                                       {"metadata", shape::object},
                                       {"userAgent", shape::object}}};

constexpr std::array<part, 9> company_members{{{"id", shape::scalar},
                                               {"created", shape::scalar},
                                               {"modifiedTime", shape::scalar},
                                               {"firstSeenTime", shape::scalar},
                                               {"lastSeenTime", shape::scalar},
                                               {"ipAddress", shape::scalar},
                                               {"companyDomain", shape::scalar},
                                               {"ttfhw_s", shape::scalar},
                                               {"metadata", shape::object}}};

constexpr std::array<part, 4> context_members{
    {{"ip", shape::scalar}, {"location", shape::object}, {"timezone", shape::scalar}, {"userAgent", shape::scalar}}};

constexpr std::array<part, 5> location_members{{{"city", shape::scalar},
                                                {"country", shape::scalar},
                                                {"region", shape::scalar},
                                                {"latitude", shape::scalar},
                                                {"longitude", shape::scalar}}};

using words = std::optional<std::string>;

std::vector<std::string> names_of(std::span<part const> parts, std::string const& prefix = {}) {
    std::vector<std::string> out;
    for (auto const& p : parts) out.push_back(prefix + std::string{p.name});
    return out;
}

part const* find(std::span<part const> parts, std::string_view name) {
    auto const found = std::ranges::find(parts, name, &part::name);
    return found == parts.end() ? nullptr : &*found;
}

std::string_view head_of(std::string_view path) { return path.substr(0, path.find('.')); }

std::string_view below(std::string_view path) {
    auto const dot = path.find('.');
    return dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
}

words no_member(std::string_view head, std::string_view member, std::span<part const> parts) {
    auto const prefix = std::string{head} + ".";
    return "there is no " + prefix + std::string{member} +
           suggestion(prefix + std::string{member}, names_of(parts, prefix));
}

words no_nesting(std::string const& path) { return path + " is one value; nothing lies below it"; }

// What is wrong with the path itself.
words wrong_path(std::string const& path) {
    if (!is_utf8(path)) return "a path is not UTF-8, in which it would be shown";
    if (path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos) {
        return "\"" + path + "\" is not a path: names with single dots between them";
    }
    auto const head = head_of(path);
    auto const rest = below(path);
    if (head == "context") {
        if (rest.empty())
            return "context takes policies for its members: context.ip, context.location, context.timezone, "
                   "context.userAgent";
        auto const* member = find(context_members, head_of(rest));
        if (member == nullptr) return no_member(head, head_of(rest), context_members);
        if (member->form == shape::scalar && !below(rest).empty())
            return no_nesting("context." + std::string{member->name});
        auto const inner = below(rest);
        if (inner.empty()) return std::nullopt;
        if (find(location_members, head_of(inner)) == nullptr)
            return no_member("context.location", head_of(inner), location_members);
        if (!below(inner).empty()) return no_nesting("context.location." + std::string{head_of(inner)});
        return std::nullopt;
    }
    auto const* trait = find(traits, head);
    if (trait == nullptr) {
        auto known = names_of(traits);
        known.emplace_back("context");
        return "there is no trait " + std::string{head} + suggestion(head, known);
    }
    if (rest.empty()) return std::nullopt;
    if (trait->form == shape::scalar) return no_nesting(std::string{head});
    if (head != "company") return std::nullopt;
    auto const* member = find(company_members, head_of(rest));
    if (member == nullptr) return no_member(head, head_of(rest), company_members);
    if (member->form == shape::scalar && !below(rest).empty())
        return no_nesting("company." + std::string{member->name});
    return std::nullopt;
}

words wrong_pair(std::string const& path, policy p) {
    bool const hides = p == policy::never || p == policy::hash;
    if (hides && path == "id") return "id must be known: it is the userId that Segment files everything under";
    if (hides && path == "company.id") return "company.id must be known: it links users to their company";
    if (head_of(path) == "context" && p != policy::send && p != policy::never) {
        return path + " takes send or never: context never causes a message by itself";
    }
    return std::nullopt;
}

void take(loaded& out, assignment const& a, std::string const& path, findings& found) {
    if (auto wrong = wrong_path(path)) {
        found.problems.push_back(a.key.wrong("traits.policy: " + *wrong));
        return;
    }
    auto const* text = std::get_if<std::string>(&a.value);
    auto const chosen = text != nullptr ? policy_named(*text) : std::nullopt;
    if (!chosen) {
        std::vector<std::string> const known{policy_words.begin(), policy_words.end()};
        found.problems.push_back(
            a.value_place.wrong("the policy of " + path + " must be send, ride, never, hash or always, not " +
                                (text != nullptr ? "\"" + *text + "\"" + suggestion(*text, known) : a.kind)));
        return;
    }
    if (auto wrong = wrong_pair(path, *chosen)) {
        found.problems.push_back(a.value_place.wrong("traits.policy: " + *wrong));
        return;
    }
    out.values.traits.policies[path] = *chosen;
    out.origins[a.name] = a.origin;
}

// The most specific policy wins, so a default ride below a trait that the operator hid would bring a part
// of it back.
bool hidden_above(std::map<std::string, policy> const& policies, std::string path) {
    for (auto dot = path.rfind('.'); dot != std::string::npos; dot = path.rfind('.')) {
        path.resize(dot);
        auto const found = policies.find(path);
        if (found != policies.end()) return found->second == policy::never || found->second == policy::hash;
    }
    return false;
}

}  // namespace

std::string_view name_of(policy p) { return policy_words[static_cast<std::size_t>(p)]; }

std::optional<policy> policy_named(std::string_view name) {
    auto const found = std::ranges::find(policy_words, name);
    if (found == policy_words.end()) return std::nullopt;
    return static_cast<policy>(found - policy_words.begin());
}

std::span<std::string_view const> policy_names() { return policy_words; }

void assign_policies(loaded& out, std::span<std::vector<assignment> const> layers, findings& found) {
    auto& policies = out.values.traits.policies;
    policies.clear();
    for (auto const& layer : layers) {
        std::map<std::string, assignment const*> seen;
        for (auto const& a : layer) {
            if (!a.name.starts_with(policy_prefix)) continue;
            auto const path = a.name.substr(policy_prefix.size());
            auto const [first, fresh] = seen.emplace(path, &a);
            if (fresh) {
                take(out, a, path, found);
                continue;
            }
            auto const& later = a.key.line >= first->second->key.line ? a : *first->second;
            found.problems.push_back(later.key.wrong("traits.policy: " + path + " is set twice"));
        }
    }
    auto const chosen = policies;
    for (auto const& path : riding_by_default()) {
        if (hidden_above(chosen, path) || !policies.emplace(path, policy::ride).second) continue;
        out.origins[std::string{policy_prefix} + path] = "default";
    }
}

}  // namespace traitsync::config
