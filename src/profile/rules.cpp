#include "traitsync/profile/rules.hpp"

#include <algorithm>
#include <array>

#include "rule_node.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/core/json.hpp"
#include "value_hash.hpp"

namespace traitsync::profile {
namespace {

using config::policy;
using node = rules::node;

// Raise it when the mapping itself gives other traits for the same document: every profile is then compared
// again from the store.
constexpr std::string_view mapping_version = "1";

// Members of `metadata` that another trait is read from where the document has no such field.
struct borrowed {
    trait reader;
    std::string_view member;
};
constexpr std::array<borrowed, 6> borrowed_members{{{trait::name, "name"},
                                                    {trait::name, "first_name"},
                                                    {trait::name, "last_name"},
                                                    {trait::email, "email"},
                                                    {trait::username, "username"},
                                                    {trait::username, "user_name"}}};

void set_policy(node& root, std::string_view path, policy p) {
    auto* at = &root;
    while (true) {
        auto const dot = path.find('.');
        at = &child_of(*at, path.substr(0, dot));
        if (dot == std::string_view::npos) break;
        path.remove_prefix(dot + 1);
    }
    at->own = p;
}

bool has_always(node const& n) { return n.own == policy::always || std::ranges::any_of(n.children, has_always); }

void imply_borrowed(node& root) {
    for (auto const& b : borrowed_members) {
        auto const* reader = root.child(name_of(b.reader));
        if (reader == nullptr || (reader->own != policy::never && reader->own != policy::hash)) continue;
        auto& member = child_of(child_of(root, name_of(trait::metadata)), b.member);
        (member.own ? member.stands : member.implied) = true;
    }
}

void append_policies(std::string& out, node const& n, std::string const& path, bool sends) {
    auto const says = n.own.has_value() && (n.stands || !(sends && *n.own == policy::send));
    if (says) {
        out += out.back() == '{' ? "" : ",";
        json::append_quoted(out, path);
        out += ":\"";
        out += config::name_of(*n.own);
        out += '"';
    }
    auto const below = n.own ? *n.own == policy::send || *n.own == policy::always : sends;
    for (auto const& c : n.children) append_policies(out, c, path.empty() ? c.key : path + "." + c.key, below);
}

}  // namespace

rules::rules() : root_{std::make_unique<node>()} {}
rules::rules(rules&&) noexcept = default;
rules& rules::operator=(rules&&) noexcept = default;
rules::~rules() = default;

rules::rules(config::trait_settings const& settings) : rules{} {
    for (auto const& [path, p] : settings.policies) set_policy(*root_, path, p);
    compile();
}

void rules::compile() {
    imply_borrowed(*root_);
    profile::compile(*root_, action::send);
    for (auto& n : root_->children) {
        auto const t = trait_named(n.key);
        if (!t) continue;
        if (n.does == action::ride && !n.triggers) {
            // The caller knows that the whole trait rides; below it only what rides by itself is left out.
            riding_.add(*t);
            for (auto& c : n.children) profile::compile(c, action::send);
            n.does = action::send;
            n.plain = std::ranges::all_of(n.children, &node::plain);
        }
        if (has_always(n)) always_.add(*t);
        if (n.does == action::drop && !n.keeps) never_.add(*t);
        if (n.does == action::hash) hashed_.add(*t);
    }
    auto const all = text();
    fingerprint_ = hash_string(all);
}

config::policy rules::of(trait t) const {
    if (always_.has(t)) return policy::always;
    if (riding_.has(t)) return policy::ride;
    if (never_.has(t)) return policy::never;
    return hashed_.has(t) ? policy::hash : policy::send;
}

trait_set rules::riding() const { return riding_ - always_; }
trait_set rules::always() const { return always_; }
trait_set rules::never() const { return never_; }
trait_set rules::hashed() const { return hashed_; }

std::string rules::text() const {
    std::string out{"{\"mapping\":"};
    out += mapping_version;
    out += ",\"policies\":{";
    append_policies(out, *root_, {}, true);
    return out + "}}";
}

rules rules::parse(std::string_view text) {
    rules out;
    json::document document;
    if (document.parse(text) != json::parse_fault::none) throw damaged_content{"stored rules are not JSON"};
    auto const* policies = document.root().find("policies");
    if (policies == nullptr || !policies->is_object()) throw damaged_content{"stored rules have no policies"};
    for (auto const& [path, value] : policies->members()) {
        auto const known = config::policy_named(value.text);
        if (!known) throw damaged_content{"stored rules have an unknown policy"};
        set_policy(*out.root_, path, *known);
    }
    out.compile();
    return out;
}

bool rules::wants_more_than(rules const& old) const {
    return lacks(root_.get(), action::send, old.root_.get(), action::send) || !lacking(old).empty();
}

bool rules::lacks_context(rules const& old) const {
    return lacks(root_->child("context"), action::send, old.root_->child("context"), action::send);
}

trait_set rules::lacking_by_itself(rules const& old) const {
    trait_set out;
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const t = trait_at(i);
        if (lacks(root_->child(name_of(t)), action::send, old.root_->child(name_of(t)), action::send)) out.add(t);
    }
    return out;
}

trait_set rules::borrowing() const {
    trait_set out;
    auto const* const metadata = root_->child(name_of(trait::metadata));
    for (auto const& b : borrowed_members) {
        if (may_borrow(metadata, b.member) && !never_.has(b.reader)) out.add(b.reader);
    }
    return out;
}

trait_set rules::lacking(rules const& old) const {
    auto out = lacking_by_itself(old);
    auto const* now = root_->child(name_of(trait::metadata));
    auto const* was = old.root_->child(name_of(trait::metadata));
    for (auto const& b : borrowed_members) {
        auto const may = may_borrow(now, b.member);
        auto const might = may_borrow(was, b.member);
        if (may && !might && !never_.has(b.reader)) out.add(b.reader);
        // A digest does not tell whether it was made from the member that is hidden now.
        if (!may && might && hashed_.has(b.reader) && old.hashed_.has(b.reader)) out.add(b.reader);
    }
    return out;
}

}  // namespace traitsync::profile
