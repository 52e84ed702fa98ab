// The rows of the life of a message from its offer to its end: frozen, acknowledged, or dead.
#include <algorithm>
#include <utility>

#include "life_parts.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::diff {
namespace {

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

}  // namespace

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
        if (traits.has(t)) a[t].acknowledge_offered(at, id, is_on_its_way(a, t, &id));
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
        if (m.traits.has(t) && !is_on_its_way(a, t, &m.id)) a[t].in_flight.reset();
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
