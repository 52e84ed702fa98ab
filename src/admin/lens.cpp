#include "lens.hpp"

#include <algorithm>
#include <array>

#include "traitsync/diff/taken.hpp"
#include "traitsync/profile/mapper.hpp"
#include "traitsync/store/rest_text.hpp"

namespace traitsync::admin {

using diff::message_state;

// Where one at a time is tried its own time may have passed before its turn comes, and while nothing goes it passes
// without a turn.
std::int64_t delivery_now::next_attempt(std::int64_t noted) const {
    auto const next = retry_at ? std::max(noted, to_millis(*retry_at)) : noted;
    return next > at ? next : 0;
}

delivery_now delivery_of(engine::status const& s, wall_time at) {
    delivery_now now;
    now.at = to_millis(at);
    now.retry_at = s.push.retry_at;
    if (s.destination) {
        now.obstacle = "delivery is blocked: " + s.destination->detail;
    } else if (s.push.blocked) {
        now.obstacle = "delivery is blocked: " + s.push.blocked->detail;
    } else if (s.push.paused) {
        now.obstacle = "delivery is paused by the operator";
    } else if (s.store_fault) {
        now.obstacle = "nothing is offered while the store cannot be written: " + s.store_fault->detail;
    } else if (s.applies_rules) {
        now.obstacle = "nothing new is offered before every profile was compared under the changed policies";
    } else if (s.push.retrying) {
        now.obstacle = "Segment does not take messages: " + s.push.retrying->detail;
    }
    return now;
}

std::optional<seen_profile> see(store::reader& r, std::int64_t user_no) {
    store::accounts::whole_user stored;
    if (!r.accounts.load_whole(user_no, stored) || !stored.has_source) return std::nullopt;
    seen_profile p{std::move(stored.user), std::move(stored.source), std::move(stored.account)};
    store::set_wanted_texts(p.account, p.source.data);
    return p;
}

bool is_kept(store::reader& r, seen_profile const& p, profile::trait t) {
    if (p.account.slots[profile::index_of(t)].wanted.state != diff::known::form::value) return false;
    auto const view = store::decode_source(p.source.data);
    auto const applied = profile::rules::parse(r.meta.rules_text(p.source.rules_no));
    profile::mapper mapper{applied};
    profile::mapped_user user;
    auto const document = profile::restore_document(store::unpack_rest(view.rest), view.texts);
    if (mapper.map_user(p.user.doc_id.value_or(p.user.user_id), document, user, &applied).what !=
        profile::verdict::mapped)
        return false;
    if (t == profile::trait::company) return !user.company_id;
    return user.traits[profile::index_of(t)].state == profile::mapped_trait::form::absent;
}

std::string_view state_of(seen_profile const& p) {
    if (p.user.gone_at) return "gone";
    auto const any = [&](message_state s) {
        return std::ranges::any_of(p.account.open, [s](diff::message const& m) { return m.state == s; });
    };
    if (any(message_state::dead)) return "dead";
    if (any(message_state::held)) return "held";
    if (any(message_state::offered)) return "offered";
    if (any(message_state::waiting)) return "waiting";
    return "synced";
}

std::int64_t acknowledged_at(diff::account const& a) {
    std::int64_t latest = 0;
    for (auto const& s : a.slots) {
        if (diff::was_taken(s)) latest = std::max(latest, s.acknowledged_at);
    }
    return latest;
}

std::string json_of(store::reader& r, diff::slot const& s, diff::known const& k) {
    if (k.state != diff::known::form::value) return "null";
    auto text = r.composer.text_of(s, k);
    return text.empty() ? "null" : text;
}

}  // namespace traitsync::admin
