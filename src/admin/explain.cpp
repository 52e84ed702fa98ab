#include "explain.hpp"

#include <algorithm>

#include "explained_trait.hpp"

namespace traitsync::admin {

using diff::known;
using diff::message_state;
using profile::trait;

explanation explained_trait::tell(std::optional<store::quarantined> const& aside) {
    out_.name = trait_;
    out_.policy = config::name_of(lens_.rules.of(trait_));
    kept_ = lens_.traits.on_remove == config::on_remove::ignore && is_kept(reader_, profile_, trait_);
    old_rules_ = is_to_be_compared();
    auto const hidden = lens_.rules.of(trait_) == config::policy::never;
    out_.moesif_value = kept_ || hidden ? "null" : json_of(reader_, slot_, slot_.wanted);
    out_.segment_value = json_of(reader_, slot_, slot_.acknowledged);
    decide();
    add_notes(aside);
    return std::move(out_);
}

void explained_trait::decide() {
    if (lens_.rules.of(trait_) == config::policy::never) return tell_excluded();
    for (auto const& m : profile_.account.open) {
        if (m.state == message_state::offered && m.traits.has(trait_)) return tell_offered(m);
    }
    auto const* pending = carried_by_pending();
    if (pending != nullptr && (pending->wait & diff::wait_parked) == 0) return tell_pending(*pending);
    // The newest message with the trait: of an older one that died a newer value may have been discarded.
    auto const dead = std::ranges::find_if(profile_.account.open, [this](diff::message const& m) {
        return m.state == message_state::dead && m.remaining.has(trait_) && m.id == slot_.offered_in;
    });
    auto const died = dead != profile_.account.open.end() && !slot_.differs();
    auto const sends_nulls = lens_.traits.on_delete == config::on_delete::null;
    if (profile_.user.gone_at && !(died && sends_nulls)) return tell_gone();
    if (died) return tell_dead(*dead);
    if (slot_.differs() && old_rules_ && !lens_.steps.riding.has(trait_)) return tell_to_be_compared();
    if (slot_.differs()) return tell_riding();
    if (slot_.wanted.state == known::form::none && keeps_last_object())
        return set("unchanged", "The company is gone from Moesif: Segment keeps the last object that it got.",
                   slot_.acknowledged_in, slot_.acknowledged_at);
    if (slot_.wanted.state == known::form::none && (slot_.baseline.state != known::form::none || is_lacking()))
        return tell_taken_out();
    if (slot_.baseline.state != known::form::none && !slot_.acknowledged.same(slot_.baseline)) return tell_discarded();
    tell_unchanged();
}

diff::message const* explained_trait::carried_by_pending() const {
    auto const* pending = profile_.account.pending();
    if (pending == nullptr || !diff::contents(profile_.account, *pending, lens_.steps).has(trait_)) return nullptr;
    return pending;
}

std::optional<store::companies::brief> explained_trait::company() const {
    auto const& id = profile_.user.company_id;
    return trait_ == trait::company && id ? reader_.companies.find(*id) : std::nullopt;
}

bool explained_trait::keeps_last_object() const {
    auto const its = company();
    return its && its->gone && its->value.cut && slot_.acknowledged.state == known::form::value;
}

// Moesif may have it, but what the store has was read under policies that kept it out.
bool explained_trait::is_lacking() const {
    auto const& user = profile_.user;
    auto const document = user.doc_id ? reader_.profiles.document(*user.doc_id) : std::nullopt;
    if (document && document->lacking.has(trait_)) return true;
    auto const its = company();
    return its && its->value.cut;
}

bool explained_trait::is_to_be_compared() const {
    auto const coming = reader_.meta.text("rules_pending");
    return coming && reader_.meta.rules_text(profile_.source.rules_no) != *coming;
}

explanation explain(store::reader& r, lens const& l, delivery_now const& now, seen_profile& p, profile::trait t,
                    std::optional<store::quarantined> const& aside) {
    return explained_trait{r, l, now, p, t}.tell(aside);
}

}  // namespace traitsync::admin
