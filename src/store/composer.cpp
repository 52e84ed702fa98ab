#include "traitsync/store/composer.hpp"

#include "traitsync/profile/mapper.hpp"

namespace traitsync::store {

using diff::known;
using profile::trait;
using profile::trait_at;
using profile::trait_count;

namespace {

bool nests_nulls(trait t) { return t == trait::company || t == trait::metadata; }

}  // namespace

std::string composer::text_of(diff::slot const& s, known const& k) {
    std::string buffer;
    auto const text = s.text_of(k);
    auto const whole = resolved(text, buffer);
    return std::string{profile::is_cut(text) || profile::is_cut(whole) ? profile::not_kept : whole};
}

std::string_view composer::resolved(std::string_view text, std::string& buffer) {
    auto const reference = referred_value(text);
    if (!reference) return text;
    buffer = companies_.value_text(*reference);
    return buffer;
}

draft const& composer::compose(std::string_view user_id, std::string_view source, diff::account const& a,
                               diff::message const& pending, diff::diff_rules const& rules,
                               profile::rules const* nested_nulls, profile::trait_set bare) {
    auto const set = diff::contents(a, pending, rules);
    auto const stored = decode_source(source);
    draft_.user = user_id;
    draft_.context = stored.context;
    draft_.timestamp = pending.timestamp;
    draft_.always = rules.always;
    draft_.traits.clear();
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const t = trait_at(i);
        if (!set.has(t)) continue;
        auto const& s = a[t];
        if (s.wanted.state != known::form::value) {
            draft_.traits.emplace_back(t, "null");
            continue;
        }
        auto text = resolved(stored.texts[i], texts_[i]);
        if (profile::is_cut(text)) continue;
        if (nested_nulls != nullptr && nests_nulls(t) && !bare.has(t)) {
            // Both: a message that died carried its nulls to the baseline, not to Segment.
            for (auto const* before : {&s.baseline, &s.acknowledged}) {
                if (before->state != known::form::value || before->same(s.wanted)) continue;
                if (before == &s.acknowledged && before->same(s.baseline)) continue;
                std::string buffer;
                auto const was = profile::without_cut_mark(resolved(s.text_of(*before), buffer));
                texts_[i] = profile::with_nested_nulls(text, was, t, *nested_nulls);
                text = texts_[i];
            }
        }
        draft_.traits.emplace_back(t, text);
    }
    return draft_;
}

going composer::plan(message_writer& writer, std::string_view user_id, std::string_view source, diff::account const& a,
                     diff::message const& pending, diff::diff_rules const& rules, profile::rules const* nested_nulls) {
    going g{.message = &compose(user_id, source, a, pending, rules, nested_nulls, {}), .plan = writer.cut(draft_)};
    profile::trait_set bare;
    for (auto const& over : g.plan.too_large) {
        if (nested_nulls != nullptr && nests_nulls(over.name)) bare.add(over.name);
    }
    if (!bare.empty()) {
        // A value that fits is not refused for the nulls of others.
        compose(user_id, source, a, pending, rules, nested_nulls, bare);
        g.plan = writer.cut(draft_);
    }
    // What goes along with everything has its dead letter since its value came: another one each time tells nothing
    // new.
    auto const asked_for = pending.marked();
    std::erase_if(g.plan.too_large, [&](auto const& over) {
        return rules.always.has(over.name) && !a[over.name].differs() && !asked_for.has(over.name);
    });
    if (g.plan.too_large.empty() || g.plan.parts.empty()) return g;
    profile::trait_set fits;
    for (auto const& part : g.plan.parts) fits = fits | part;
    if (!(fits & diff::causes(a, pending, rules)).empty()) return g;
    g.plan.parts.clear();
    g.left_some = true;
    return g;
}

}  // namespace traitsync::store
