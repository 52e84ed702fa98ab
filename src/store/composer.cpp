#include "traitsync/store/composer.hpp"

#include "traitsync/profile/mapper.hpp"

namespace traitsync::store {

using diff::known;
using profile::trait;
using profile::trait_at;
using profile::trait_count;

namespace {

// Beside it stand id, context and what goes along; Segment drops a message of more than 32,000 bytes.
constexpr std::size_t most_with_nulls = 30'000;

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
                               profile::rules const* nested_nulls) {
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
        if (nested_nulls != nullptr && (t == trait::company || t == trait::metadata)) {
            // Both: a message that died carried its nulls to the baseline, not to Segment.
            for (auto const* before : {&s.baseline, &s.acknowledged}) {
                if (before->state != known::form::value || before->same(s.wanted)) continue;
                if (before == &s.acknowledged && before->same(s.baseline)) continue;
                std::string buffer;
                auto const was = profile::without_cut_mark(resolved(s.text_of(*before), buffer));
                auto with_nulls = profile::with_nested_nulls(text, was, t, *nested_nulls);
                // A value that fits is not refused for the nulls of others.
                if (with_nulls.size() > most_with_nulls) continue;
                texts_[i] = std::move(with_nulls);
                text = texts_[i];
            }
        }
        draft_.traits.emplace_back(t, text);
    }
    return draft_;
}

going going_of(message_writer& writer, draft const& d, diff::account const& a, diff::message const& pending,
               diff::diff_rules const& rules) {
    going g{.plan = writer.cut(d)};
    if (g.plan.too_large.empty() || g.plan.parts.empty()) return g;
    profile::trait_set fits;
    for (auto const& part : g.plan.parts) fits = fits | part;
    if (!(fits & diff::causes(a, pending, rules)).empty()) return g;
    g.plan.parts.clear();
    g.left_some = true;
    return g;
}

}  // namespace traitsync::store
