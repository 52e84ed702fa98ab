// The rows of the life of a message in which an operator, the brake or a removal has a hand.
#include <algorithm>

#include "life_parts.hpp"

namespace traitsync::diff {
namespace {

void join_marks(message& p, mark const& added) {
    auto const found = std::ranges::find(p.marks, added.replay, &mark::replay);
    if (found == p.marks.end()) {
        p.marks.push_back(added);
    } else {
        found->traits = found->traits | added.traits;
    }
    p.changed = true;
}

}  // namespace

void retry_dead(account& a, message& dead, diff_rules const& r, moment const& m) {
    auto const traits = dead.traits;
    each_trait([&](trait t) {
        if (traits.has(t) && a[t].wanted.state == known::form::none && a[t].offered_in == dead.id) doubt_offer(a, t);
    });
    close(dead, message_state::retried, m.now);
    mark_for_replay(a, 0, traits, r, m);
}

void discard_dead(account&, message& dead, std::int64_t now) { close(dead, message_state::discarded, now); }

void hold(account& a) {
    auto* p = a.pending();
    if (!p || p->state == message_state::held) return;
    p->state = message_state::held;
    p->wait = static_cast<std::uint8_t>(p->wait & ~(wait_gate | wait_company));
    p->changed = true;
}

void release_held(account& a, diff_rules const& r, std::vector<std::int64_t> const& at_the_gate) {
    auto* p = a.pending();
    if (!p || p->state != message_state::held) return;
    p->state = message_state::waiting;
    auto const gate = std::ranges::find(at_the_gate, p->pass) != at_the_gate.end() ? p->wait & wait_gate : 0;
    p->wait =
        static_cast<std::uint8_t>((is_parked(a, r) ? wait_parked : 0) | (a.has_offered() ? wait_behind : 0) | gate);
    p->changed = true;
}

void discard_held(account& a, diff_rules const& r, std::int64_t now) {
    auto* p = a.pending();
    if (!p || p->state != message_state::held) return;
    p->traits = contents(a, *p, r);
    trait_set in_flight;
    for (auto const& m : a.open) {
        if (m.state == message_state::offered) in_flight = in_flight | m.traits;
    }
    each_trait([&](trait t) {
        if (!p->traits.has(t)) return;
        auto& s = a[t];
        if (in_flight.has(t) && !s.in_flight) s.in_flight = s.baseline;
        s.set_baseline(s.wanted, now, p->id);
    });
    close(*p, message_state::discarded, now);
    a.changed = true;
}

bool mark_for_replay(account& a, std::int64_t replay, trait_set traits, diff_rules const& r, moment const& m) {
    trait_set sendable;
    each_trait([&](trait t) {
        if (traits.has(t) && can_send(a[t])) sendable.add(t);
    });
    if (sendable.empty()) {
        refresh(a, r, m);
        return false;
    }
    auto* p = a.pending();
    if (!p) p = &make_pending(a, r, m.now);
    join_marks(*p, {replay, sendable});
    refresh(a, r, m);
    return true;
}

void cancel_replay(account& a, std::int64_t replay, diff_rules const& r, moment const& m) {
    auto* p = a.pending();
    if (!p) return;
    if (std::erase_if(p->marks, [&](mark const& claim) { return claim.replay == replay; }) == 0) return;
    p->changed = true;
    refresh(a, r, m);
}

refreshed leave(account& a, diff_rules const& r, moment const& m) {
    a.gone = true;
    a.changed = true;
    refreshed met;
    if (r.on_delete == config::on_delete::null) {
        each_trait([&](trait t) {
            auto& s = a[t];
            if (s.wanted.state == known::form::none && s.baseline.state == known::form::none) return;
            s.set_wanted(s.baseline.state == known::form::none ? known{} : known::null_value());
        });
        met = refresh(a, r, m);
    }
    if (auto* p = a.pending()) {
        p->wait = static_cast<std::uint8_t>((p->wait & ~wait_parked) | (is_parked(a, r) ? wait_parked : 0));
        p->changed = true;
    }
    return met;
}

void come_back(account& a) {
    a.gone = false;
    a.changed = true;
    if (auto* p = a.pending(); p && (p->wait & wait_parked)) {
        p->wait = static_cast<std::uint8_t>(p->wait & ~wait_parked);
        p->changed = true;
    }
}

void forget_destination(account& a, diff_rules const& r, moment const& m) {
    for (auto& message : a.open) {
        if (message.state == message_state::offered || message.state == message_state::dead) {
            close(message, message_state::superseded, m.now);
        }
    }
    for (auto& s : a.slots) {
        s.in_flight.reset();
        s.baseline = {};
        s.acknowledged = {};
        s.offered_at = s.acknowledged_at = 0;
        s.offered_in = s.acknowledged_in = {};
        if (s.wanted.state == known::form::null) s.wanted = {};
    }
    a.changed = true;
    clear_behind(a);
    if (a.gone && r.on_delete == config::on_delete::ignore) {
        // Who is gone gets nothing, and who comes back differs from an empty destination in everything. A message that
        // waits for that would keep the profile past its retention.
        // A replay's claim ends with it; what an operator retries stays.
        auto const is_retry = [](mark const& claim) { return claim.replay == 0; };
        if (auto* p = a.pending(); p && std::ranges::none_of(p->marks, is_retry)) remove_pending(*p);
        return;
    }
    refresh(a, r, m);
}

}  // namespace traitsync::diff
