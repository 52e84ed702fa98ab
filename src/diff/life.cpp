#include "traitsync/diff/life.hpp"

#include <algorithm>
#include <utility>

#include "life_parts.hpp"

namespace traitsync::diff {
namespace {

// Timestamps of one user never go back, also when the clock does.
std::int64_t next_timestamp(account& a, std::int64_t now) {
    a.last_timestamp = std::max(a.last_timestamp, now);
    return a.last_timestamp;
}

trait_set marked_causes(account const& a, message const* pending) {
    trait_set set;
    auto const marked = pending ? pending->marked() : trait_set{};
    each_trait([&](trait t) {
        if (marked.has(t) && can_send(a[t])) set.add(t);
    });
    return set;
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

}  // namespace

void remove_pending(message& p) {
    p.removed = true;
    p.changed = true;
}

message_id next_id(account& a, std::int64_t now) {
    a.last_id = make_message_id(from_millis(now), a.last_id);
    return *a.last_id;
}

bool can_send(slot const& s) {
    return s.wanted.state == known::form::value ||
           (s.wanted.state == known::form::null && s.baseline.state != known::form::none);
}

bool is_on_its_way(account const& a, trait t, message_id const* than) {
    return std::ranges::any_of(a.open, [&](message const& m) {
        return m.state == message_state::offered && m.traits.has(t) && (than == nullptr || m.id != *than);
    });
}

void doubt_offer(account& a, trait t) {
    if (a[t].in_flight || is_on_its_way(a, t)) return;
    a[t].doubt_baseline();
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
                // A company's object stands in several places; those that are replaced may lose what is hidden now.
                auto const moved = t == trait::company && s.wanted.text != found.text;
                if (moved) s.wanted.text = found.text;
                a.changed = a.changed || moved;
                if (s.wanted.trigger == found.trigger) return moved;
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
    if (auto const* p = a.pending(); p && std::ranges::any_of(p->marks, waits_for_retry)) doubt_offer(a, t);
    return true;
}

bool rides(account const& a, trait t, diff_rules const& r) {
    return r.riding.has(t) || (t != trait::company && a[t].differs() && !a[t].triggers());
}

std::optional<std::int64_t> due_at(account const& a, trait t, diff_rules const& r) {
    auto const& s = a[t];
    if (!s.differs() || !rides(a, t, r)) return std::nullopt;
    auto last = s.offered_at;
    if (s.baseline.state == known::form::none) {
        // Never sent: it has been riding since the user's newest message.
        for (auto const& other : a.slots) last = std::max(last, other.offered_at);
    }
    if (last == 0) return std::nullopt;
    auto const interval = std::max<std::int64_t>(r.volatile_millis, 1);
    return last + interval + static_cast<std::int64_t>(a.spread % static_cast<std::uint64_t>(interval));
}

bool is_due(account const& a, trait t, diff_rules const& r, std::int64_t now) {
    auto const at = due_at(a, t, r);
    if (!at) return false;
    auto const interval = std::max<std::int64_t>(r.volatile_millis, 1);
    auto const last = *at - interval - static_cast<std::int64_t>(a.spread % static_cast<std::uint64_t>(interval));
    // An offer of the future: the clock was ahead then, and nobody waits until that time has come.
    return now > *at || last > now + interval;
}

trait_set due_traits(account const& a, diff_rules const& r, std::int64_t now) {
    trait_set due;
    each_trait([&](trait t) {
        if (is_due(a, t, r, now)) due.add(t);
    });
    return due;
}

bool riding_differs(account const& a, diff_rules const& r) {
    bool some = false;
    each_trait([&](trait t) { some = some || (rides(a, t, r) && a[t].differs()); });
    return some;
}

trait_set contents(account const& a, message const& pending, diff_rules const& r) {
    auto set = marked_causes(a, &pending);
    each_trait([&](trait t) {
        auto const& s = a[t];
        if (s.differs() || (r.always.has(t) && s.wanted.state == known::form::value)) set.add(t);
    });
    return set;
}

namespace {

struct found_causes {
    trait_set reasons, due;
};

found_causes causes_of(account const& a, message const* pending, diff_rules const& r) {
    found_causes found{marked_causes(a, pending), {}};
    each_trait([&](trait t) {
        if (rides(a, t, r)) {
            if (pending && pending->due.has(t) && a[t].differs()) found.due.add(t);
        } else if (a[t].triggers()) {
            found.reasons.add(t);
        }
    });
    return found;
}

}  // namespace

trait_set causes(account const& a, message const& pending, diff_rules const& r) {
    auto const found = causes_of(a, &pending, r);
    return found.reasons | found.due;
}

refreshed refresh(account& a, diff_rules const& r, moment const& m) {
    auto* p = a.pending();
    auto const before = causes_of(a, p, r);
    auto const reasons = before.reasons;
    auto const due = before.due | due_traits(a, r, m.now);
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

bool was_told_before(account const& a, std::int64_t moment) {
    return std::ranges::any_of(
        a.slots, [&](slot const& s) { return s.baseline.state != known::form::none && s.offered_at < moment; });
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

}  // namespace traitsync::diff
