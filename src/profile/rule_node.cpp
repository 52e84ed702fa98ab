#include "rule_node.hpp"

namespace traitsync::profile {
namespace {

using node = rules::node;

action action_of(config::policy p) {
    switch (p) {
        case config::policy::ride:
            return action::ride;
        case config::policy::never:
            return action::drop;
        case config::policy::hash:
            return action::hash;
        case config::policy::send:
        case config::policy::always:
            break;
    }
    return action::send;
}

bool is_hash(action a) { return a == action::hash || a == action::as_is; }

// What something without a node of its own does below a node that does `a`.
action below(action a) { return is_hash(a) ? action::send : a; }

void set_flags(node& n) {
    n.plain = n.does == action::send;
    n.keeps = false;
    n.triggers = false;
    for (auto const& c : n.children) {
        n.plain = n.plain && c.plain;
        n.keeps = n.keeps || c.does != action::drop || c.keeps;
        n.triggers = n.triggers || c.triggers || (c.does != action::drop && c.does != action::ride);
    }
}

// The same values are left out below two hashed nodes.
bool same_below(node const& a, node const& b) {
    auto const covered = [](node const& x, node const& y) {
        return std::ranges::all_of(x.children, [&y](node const& c) {
            if (c.plain) return true;
            auto const* other = y.child(c.key);
            return other != nullptr && other->does == c.does && same_below(c, *other);
        });
    };
    return covered(a, b) && covered(b, a);
}

template <class Function>
void each_key(node const* a, node const* b, Function f) {
    if (a != nullptr) {
        for (auto const& c : a->children) f(&c, b != nullptr ? b->child(c.key) : nullptr);
    }
    if (b == nullptr) return;
    for (auto const& c : b->children) {
        if (a == nullptr || a->child(c.key) == nullptr) f(nullptr, &c);
    }
}

}  // namespace

node& child_of(node& parent, std::string_view key) {
    auto const at = std::ranges::lower_bound(parent.children, key, {}, node::key_of);
    if (at != parent.children.end() && at->key == key) return *at;
    auto const made = parent.children.emplace(at);
    made->key = key;
    return *made;
}

void compile(node& n, action inherited, bool inside_hash) {
    n.does = n.own ? action_of(*n.own) : n.implied ? action::drop : inherited;
    if (inside_hash && n.does != action::drop) n.does = action::send;
    for (auto& c : n.children) compile(c, below(n.does), inside_hash || n.does == action::hash);
    set_flags(n);
}

node combine(node const* now, action now_inherits, node const* was, action was_inherits) {
    auto const does = now != nullptr ? now->does : now_inherits;
    auto const did = was != nullptr ? was->does : was_inherits;
    node out;
    out.key = now != nullptr ? now->key : was->key;
    out.does = does;
    if (did == action::hash) {
        auto const same = does == action::hash && now != nullptr && was != nullptr && same_below(*now, *was);
        out.does = same ? action::as_is : action::drop;
        set_flags(out);
        return out;
    }
    if (now != nullptr) {
        out.own = now->own;
        out.implied = now->implied;
    }
    each_key(now, was, [&](node const* a, node const* b) {
        auto c = combine(a, below(does), b, did);
        if (c.does != below(does) || !c.children.empty()) out.children.push_back(std::move(c));
    });
    std::ranges::sort(out.children, {}, node::key_of);
    set_flags(out);
    return out;
}

bool lacks(node const* now, action now_inherits, node const* was, action was_inherits) {
    auto const does = now != nullptr ? now->does : now_inherits;
    auto const did = was != nullptr ? was->does : was_inherits;
    if (did == action::hash) {
        if (does == action::hash) return !same_below(*now, *was);
        return does != action::drop || (now != nullptr && now->keeps);
    }
    if (did == action::drop && does != action::drop) return true;
    bool found = false;
    each_key(now, was, [&](node const* a, node const* b) { found = found || lacks(a, below(does), b, did); });
    return found;
}

bool may_borrow(node const* metadata, std::string_view member) {
    if (metadata == nullptr) return true;
    if (is_hash(metadata->does)) return false;
    auto const* own = metadata->child(member);
    auto const does = own != nullptr && !own->implied ? own->does : metadata->does;
    return does == action::send || does == action::ride;
}

}  // namespace traitsync::profile
