#include "traitsync/diff/life.hpp"

#include <algorithm>
#include <utility>

#include "life_parts.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::diff {
namespace {

message_id next_id(account& a, std::int64_t now) {
    a.last_id = make_message_id(from_millis(now), a.last_id);
    return *a.last_id;
}

// Timestamps of one user never go back, also when the clock does.
std::int64_t next_timestamp(account& a, std::int64_t now) {
    a.last_timestamp = std::max(a.last_timestamp, now);
    return a.last_timestamp;
}

trait_set causes(account const& a, message const* pending) {
    trait_set set;
    auto const marked = pending ? pending->marked() : trait_set{};
    each_trait([&](trait t) {
        if (marked.has(t) && can_send(a[t])) set.add(t);
    });
    return set;
}

// A dead letter whose traits all stand in newer messages that reached an end says nothing any more.
void supersede_older(account& a, message_id const& id, trait_set traits, std::int64_t now) {
    for (auto& d : a.open) {
        if (d.state != message_state::dead || !(d.id < id)) continue;
        auto const left = d.remaining - traits;
        if (left == d.remaining) continue;
        d.remaining = left;
        d.changed = true;
        if (!left.empty()) continue;
        d.state = message_state::superseded;
        d.settled = now;
    }
}

void touch(account& a, message& p, moment const& m, bool caused) {
    p.timestamp = next_timestamp(a, m.now);
    p.changed = true;
    if (m.pass == 0) return;
    auto const added = caused ? m.wait : m.wait & wait_company;
    p.wait = static_cast<std::uint8_t>((p.wait & ~wait_company) | added);
    if (!caused) return;
    p.pass = m.pass;
    if (m.hold) p.state = message_state::held;
}

void remove_pending(message& p) {
    p.removed = true;
    p.changed = true;
}

}  // namespace

bool can_send(slot const& s) {
    return s.wanted.state == known::form::value ||
           (s.wanted.state == known::form::null && s.baseline.state != known::form::none);
}

void take_back_offer(account& a, trait t) {
    auto& s = a[t];
    auto const is_offered = [&](message const& m) { return m.state == message_state::offered && m.id == s.offered_in; };
    if (s.in_flight || std::ranges::any_of(a.open, is_offered)) return;
    s.set_baseline(s.acknowledged, s.acknowledged_at, s.acknowledged_in);
    a.changed = true;
}

void clear_behind(account& a) {
    message* next = nullptr;
    for (auto& m : a.open) {
        if (m.state != message_state::offered) continue;
        if ((m.wait & wait_behind) == 0) return;
        if (!next || m.id < next->id) next = &m;
    }
    if (!next) next = a.pending();
    if (!next || (next->wait & wait_behind) == 0) return;
    next->wait = static_cast<std::uint8_t>(next->wait & ~wait_behind);
    next->changed = true;
}

void close(message& m, message_state state, std::int64_t now) {
    m.state = state;
    m.settled = now;
    m.changed = true;
}

bool is_parked(account const& a, diff_rules const& r) {
    if (!a.gone) return false;
    auto const has_value = [](slot const& s) { return s.wanted.state == known::form::value; };
    return r.on_delete == config::on_delete::ignore || std::ranges::any_of(a.slots, has_value);
}

message& make_pending(account& a, diff_rules const& r, std::int64_t now) {
    message m;
    m.id = next_id(a, now);
    m.created = now;
    m.timestamp = next_timestamp(a, now);
    if (a.has_offered()) m.wait |= wait_behind;
    if (is_parked(a, r)) m.wait |= wait_parked;
    a.open.push_back(std::move(m));
    return a.open.back();
}

diff_rules diff_rules_of(config::trait_settings const& settings, profile::rules const& policies) {
    return {.riding = policies.riding(),
            .always = policies.always(),
            .on_remove = settings.on_remove,
            .on_delete = settings.on_delete,
            .volatile_millis = settings.volatile_interval.count()};
}

bool want(account& a, trait t, profile::mapped_trait const& found, diff_rules const& r) {
    auto& s = a[t];
    known next;
    switch (found.state) {
        case profile::mapped_trait::form::value:
            if (s.wanted.state == known::form::value && s.wanted.full == found.full) {
                if (s.wanted.trigger == found.trigger) return false;
                // Other policies: another part of the same value is compared.
                if (s.baseline.same(s.wanted)) s.baseline.trigger = found.trigger;
                s.wanted.trigger = found.trigger;
                a.changed = true;
                return true;
            }
            next = {.state = known::form::value, .full = found.full, .trigger = found.trigger, .text = found.text};
            break;
        case profile::mapped_trait::form::absent:
            if (keeps(found, r)) {
                // It keeps its value in waiting, else in the baseline.
                auto const* p = a.pending();
                if (p && s.differs() && !(r.riding.has(t) && !p->due.has(t))) return false;
                next = s.baseline;
                next.text = std::string{s.text_of(s.baseline)};
                if (next.state != known::form::value) next.text.clear();
                // A policy took the value out: it stays at Segment, and is not here to be sent again. Stores of before
                // the mark have the words alone.
                if (profile::is_cut(next.text) || next.text == profile::not_kept) next = {};
                break;
            }
            [[fallthrough]];
        case profile::mapped_trait::form::null:
            // A trait that was never sent and is null or absent sends nothing.
            next = s.baseline.state == known::form::none ? known{} : known::null_value();
            break;
    }
    if (s.wanted.same(next)) return false;
    s.set_wanted(std::move(next));
    a.changed = true;
    return true;
}

bool keeps(profile::mapped_trait const& found, diff_rules const& r) {
    return found.state == profile::mapped_trait::form::absent && r.on_remove == config::on_remove::ignore;
}

bool exclude(account& a, trait t) {
    if (a[t].wanted.state == known::form::none) return false;
    a[t].set_wanted({});
    a.changed = true;
    auto const waits_for_retry = [&](mark const& claim) { return claim.replay == 0 && claim.traits.has(t); };
    if (auto const* p = a.pending(); p && std::ranges::any_of(p->marks, waits_for_retry)) take_back_offer(a, t);
    return true;
}

bool is_due(account const& a, trait t, diff_rules const& r, std::int64_t now) {
    if (!r.riding.has(t)) return false;
    auto const& s = a[t];
    if (!s.differs()) return false;
    auto last = s.offered_at;
    if (s.baseline.state == known::form::none) {
        // Never sent: it has been riding since the user's newest message.
        for (auto const& other : a.slots) last = std::max(last, other.offered_at);
    }
    if (last == 0) return false;
    auto const interval = std::max<std::int64_t>(r.volatile_millis, 1);
    auto const spread = static_cast<std::int64_t>(a.spread % static_cast<std::uint64_t>(interval));
    return now - last > interval + spread;
}

trait_set due_traits(account const& a, diff_rules const& r, std::int64_t now) {
    trait_set due;
    each_trait([&](trait t) {
        if (is_due(a, t, r, now)) due.add(t);
    });
    return due;
}

trait_set contents(account const& a, message const& pending, diff_rules const& r) {
    auto set = causes(a, &pending);
    each_trait([&](trait t) {
        auto const& s = a[t];
        if (s.differs() || (r.always.has(t) && s.wanted.state == known::form::value)) set.add(t);
    });
    return set;
}

refreshed refresh(account& a, diff_rules const& r, moment const& m) {
    auto* p = a.pending();
    auto reasons = causes(a, p);
    auto due = due_traits(a, r, m.now);
    each_trait([&](trait t) {
        if (r.riding.has(t)) {
            if (p && p->due.has(t) && a[t].differs()) due.add(t);
        } else if (a[t].triggers()) {
            reasons.add(t);
        }
    });
    if ((reasons | due).empty()) {
        if (p) remove_pending(*p);
        return {};
    }
    auto const is_new = p == nullptr;
    if (is_new) p = &make_pending(a, r, m.now);
    p->due = due;
    // A message that is due by its interval alone is no sign that something went wrong upstream.
    auto step = m;
    if (reasons.empty()) step.pass = 0;
    auto const caused = !reasons.empty() && (is_new || m.causes);
    touch(a, *p, step, caused);
    return {.queued = is_new || m.causes, .caused = caused};
}

void adopt(account& a, std::int64_t now) {
    each_trait([&](trait t) {
        auto& s = a[t];
        if (s.wanted.state == known::form::none) return;
        auto const value = s.wanted;
        s.set_baseline(value, now, {});
        s.set_acknowledged(value, now, {});
    });
    a.changed = true;
}

std::vector<std::size_t> freeze(account& a, std::span<trait_set const> parts, std::span<oversize_trait const> too_large,
                                std::int64_t now) {
    auto* const waiting = a.pending();
    if (!waiting) throw broken_invariant{"freeze: the user has no waiting message"};
    auto const base = *waiting;
    auto const base_index = static_cast<std::size_t>(waiting - a.open.data());
    std::vector<std::size_t> frozen;
    bool first = true;
    auto const piece = [&](trait_set traits) -> std::size_t {
        std::size_t index = base_index;
        if (!first) {
            auto copy = base;
            copy.row = 0;
            copy.had_marks = false;
            copy.stored_marks.clear();
            copy.row_claim = 0;
            copy.id = next_id(a, now);
            a.open.push_back(std::move(copy));
            index = a.open.size() - 1;
        }
        first = false;
        auto& m = a.open[index];
        m.traits = traits;
        m.due = {};
        m.wait = 0;
        m.changed = true;
        m.marks.clear();
        for (auto const& claim : base.marks) {
            if (auto const mine = claim.traits & traits; !mine.empty()) m.marks.push_back({claim.replay, mine});
        }
        take_offered(a, m.id, traits, now);
        return index;
    };
    for (auto const& traits : parts) {
        auto const index = piece(traits);
        a.open[index].state = message_state::offered;
        a.open[index].first_offered = now;
        if (!frozen.empty()) a.open[index].wait = wait_behind;
        frozen.push_back(index);
    }
    for (auto const& over : too_large) {
        trait_set alone;
        alone.add(over.name);
        auto const index = piece(alone);
        // It is never sent: no replay counts it among its messages.
        a.open[index].marks.clear();
        bury(a, a.open[index], dead_reason::too_large, over.words, now);
    }
    a.changed = true;
    return frozen;
}

void take_offered(account& a, message_id const& id, trait_set traits, std::int64_t at) {
    each_trait([&](trait t) {
        if (traits.has(t)) a[t].offer_wanted(at, id);
    });
    a.changed = true;
}

void take_acknowledged(account& a, message_id const& id, trait_set traits, std::int64_t at) {
    each_trait([&](trait t) {
        if (traits.has(t)) a[t].acknowledge_offered(at, id);
    });
    a.changed = true;
}

void acknowledge(account& a, message& m, std::int64_t now) {
    take_acknowledged(a, m.id, m.traits, now);
    close(m, message_state::acknowledged, now);
    supersede_older(a, m.id, m.traits, now);
    clear_behind(a);
}

void bury(account& a, message& m, dead_reason why, std::string answer, std::int64_t now) {
    each_trait([&](trait t) {
        if (m.traits.has(t)) a[t].in_flight.reset();
    });
    close(m, message_state::dead, now);
    m.reason = why;
    m.answer = std::move(answer);
    m.remaining = m.traits;
    a.changed = true;
    supersede_older(a, m.id, m.traits, now);
    clear_behind(a);
}

}  // namespace traitsync::diff
