// Work on texts that we wrote ourselves: putting a stored document together again, hashing a trait's text,
// and nulls for members that have gone.

#include <algorithm>
#include <cstring>
#include <vector>

#include "traitsync/core/error.hpp"
#include "traitsync/profile/mapper.hpp"
#include "value_hash.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {
namespace {

json::value const& parsed(json::document& document, std::string_view text) {
    if (document.parse(text) != json::parse_fault::none) throw damaged_content{"a stored trait is not JSON"};
    return document.root();
}

// Where a walk stands among the policies: at a node, or below one with what it says for all that has none.
struct standing {
    rules::node const* node;
    action inherited;

    action does() const { return node != nullptr ? node->does : inherited; }
    bool hides_all() const { return does() == action::drop && (node == nullptr || !node->keeps); }
    bool hashes() const { return does() == action::hash || does() == action::as_is; }
    standing at(std::string_view key) const { return {node != nullptr ? node->child(key) : nullptr, does()}; }
};

void begin_member(std::string& out, std::size_t start, std::string_view key) {
    if (out.size() > start) out.push_back(',');
    json::append_quoted(out, key);
    out.push_back(':');
}

// The members of an object by name: finding each of many in order would take the square of their number.
class by_name {
public:
    explicit by_name(json::value const& object) : object_{object} {
        if (object.count <= few) return;
        for (auto const& m : object.members()) sorted_.push_back(&m);
        std::ranges::sort(sorted_, {}, &json::member::key);
    }
    json::value const* find(std::string_view key) const {
        if (sorted_.empty()) return object_.find(key);
        auto const at = std::ranges::lower_bound(sorted_, key, {}, &json::member::key);
        return at != sorted_.end() && (*at)->key == key ? &(*at)->val : nullptr;
    }

private:
    static constexpr std::size_t few = 32;
    json::value const& object_;
    std::vector<json::member const*> sorted_;
};

void append_with_nulls(std::string& out, json::value const& now, json::value const& before, standing p) {
    if (!now.is_object() || !before.is_object() || p.hashes()) return json::append(out, now);
    by_name const olds{before};
    by_name const news{now};
    out.push_back('{');
    auto const start = out.size();
    for (auto const& m : now.members()) {
        begin_member(out, start, m.key);
        auto const* old = olds.find(m.key);
        if (old != nullptr) {
            append_with_nulls(out, m.val, *old, p.at(m.key));
        } else {
            json::append(out, m.val);
        }
    }
    for (auto const& m : before.members()) {
        // What was null already needs no second null; what is hidden now stays at Segment as it is.
        if (m.val.is_null() || news.find(m.key) != nullptr || p.at(m.key).hides_all()) continue;
        begin_member(out, start, m.key);
        out += "null";
    }
    out.push_back('}');
}

void append_kept(std::string& out, json::value const& v, standing p) {
    if (p.hashes() && !v.is_null()) {
        out += not_kept;
        return;
    }
    if (!v.is_object() || p.node == nullptr || p.node->children.empty()) return json::append(out, v);
    out.push_back('{');
    auto const start = out.size();
    for (auto const& m : v.members()) {
        auto const inner = p.at(m.key);
        if (inner.hides_all() || (inner.does() == action::drop && !m.val.is_object())) continue;
        begin_member(out, start, m.key);
        append_kept(out, m.val, inner);
    }
    out.push_back('}');
}

}  // namespace

std::string restore_document(std::string_view rest, std::array<std::string_view, trait_count> const& texts) {
    std::string out;
    auto size = rest.size();
    for (auto const& t : texts) size += t.size();
    out.reserve(size);
    while (!rest.empty()) {
        auto const* mark = static_cast<char const*>(std::memchr(rest.data(), mark_byte, rest.size()));
        auto const before = mark == nullptr ? rest.size() : static_cast<std::size_t>(mark - rest.data());
        out.append(rest.substr(0, before));
        rest.remove_prefix(before);
        if (rest.empty()) break;
        auto const index = rest.size() > 1 ? static_cast<std::size_t>(rest[1] - 'A') : trait_count;
        if (index >= trait_count) throw damaged_content{"a stored document has a broken mark"};
        // A trait that has lost its value in the meantime leaves null, so that the document stays JSON.
        out.append(texts[index].empty() ? std::string_view{"null"} : texts[index]);
        rest.remove_prefix(2);
    }
    return out;
}

text_hashes hashes_of(std::string_view text, trait t, rules const& r) {
    json::document document;
    auto const& v = parsed(document, text);
    std::string none;
    warning_counts ignored;
    value_writer<form::hashed> hasher{none, ignored};
    written w;
    auto const* n = r.root().child(name_of(t));
    if (n == nullptr || n->plain) {
        hasher.plain(v, w.full);
        w.trigger = w.full;
    } else {
        w = hasher.ruled(v, *n);
    }
    return {not_zero(w.full), not_zero(w.trigger)};
}

std::string with_nested_nulls(std::string_view now, std::string_view before, trait t, rules const& r) {
    json::document a;
    json::document b;
    std::string out;
    append_with_nulls(out, parsed(a, now), parsed(b, before), {r.root().child(name_of(t)), action::send});
    return out;
}

bool is_cut(std::string_view text) { return text.starts_with(cut_mark); }

std::string_view without_cut_mark(std::string_view text) { return text.substr(text.starts_with(cut_mark) ? 1 : 0); }

std::string kept_text(std::string_view text, trait t, rules const& r) {
    auto const bare = without_cut_mark(text);
    if (bare.empty()) return std::string{text};
    standing const whole{r.root().child(name_of(t)), action::send};
    auto const nothing_hidden = whole.node == nullptr || whole.node->plain;
    // They may have been read from members of metadata that are hidden now.
    auto const borrows = t == trait::name || t == trait::email || t == trait::username;
    if (nothing_hidden && !borrows) return std::string{text};
    json::document document;
    if (bare == not_kept || nothing_hidden || whole.hashes() || whole.hides_all() ||
        !parsed(document, bare).is_object()) {
        return cut_mark + std::string{not_kept};
    }
    std::string kept;
    std::string all;
    append_kept(kept, document.root(), whole);
    json::append(all, document.root());
    return kept == all ? std::string{text} : cut_mark + kept;
}

}  // namespace traitsync::profile
