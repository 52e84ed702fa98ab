// Every order of events for one user with two traits, up to a depth, on the real steps: change, removal,
// offer, acknowledgement, loss of an answer that was applied, refusal, retry, discard, hold, release, replay,
// cancel, gone and back. A crash is no event of its own: each step is one transaction, so what a crash leaves is
// a state that is visited anyway.
#include <boost/test/unit_test.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>

#include "traitsync/diff/life.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::diff;

constexpr std::array traits{trait::name, trait::email};

// The account, and beside it what an observer knows: what Segment holds.
struct world {
    account a;
    std::int64_t now = 1'790'000'000'000;
    std::array<std::string, 2> segment{"", ""};  // value each trait has there; "" never set
    std::array<bool, 2> excused{false, false};   // the newest message with the trait died or was discarded
    std::optional<message_id> newest_accepted;
    std::map<message_id, std::array<std::string, 2>> frozen;  // values in the bytes of each offered message
    std::array<std::string, 2> accepted{"", ""};              // in the newest message that Segment acknowledged
};

diff_rules rules_now{.riding = {}, .always = {}, .volatile_millis = 1000};

profile::mapped_trait found(std::string const& text) {
    profile::mapped_trait m;
    if (text.empty()) return m;
    m.state = profile::mapped_trait::form::value;
    m.text = text;
    m.full = m.trigger = static_cast<std::uint64_t>(text[0]);
    return m;
}

message* in_state(account& a, message_state s) {
    for (auto& m : a.open) {
        if (m.state == s && !m.removed) return &m;
    }
    return nullptr;
}

void save(account& a) {
    std::erase_if(a.open, [](message const& m) {
        return m.removed || m.state == message_state::acknowledged || m.state == message_state::retried ||
               m.state == message_state::discarded || m.state == message_state::superseded;
    });
    for (auto& m : a.open) m.changed = false;
}

// The offered message that may be on its way: parts of a split one go one after the other.
message* under_way(account& a) {
    for (auto& m : a.open) {
        if (m.state == message_state::offered && (m.wait & wait_behind) == 0) return &m;
    }
    return nullptr;
}

void offer_in(world& w, std::span<trait_set const> parts) {
    freeze(w.a, parts, {}, w.now);
    for (auto const& m : w.a.open) {
        if (m.state != message_state::offered || w.frozen.contains(m.id)) continue;
        for (std::size_t i = 0; i < traits.size(); ++i) {
            auto const& s = w.a[traits[i]];
            if (m.traits.has(traits[i])) w.frozen[m.id][i] = std::string{s.text_of(s.baseline)};
        }
    }
}

// What Segment holds after it applied the offered message.
void apply_at_segment(world& w, message const& m) {
    for (std::size_t i = 0; i < traits.size(); ++i) {
        if (!m.traits.has(traits[i])) continue;
        auto const& s = w.a[traits[i]];
        w.segment[i] = w.frozen.at(m.id)[i];
        // A held message that was discarded meanwhile is newer: what it would have set is still excused.
        if (!s.in_flight) w.excused[i] = false;
    }
}

struct event {
    std::string name;
    std::function<bool(world&)> take;  // false: cannot happen now
};

std::vector<event> events() {
    std::vector<event> all;
    for (std::size_t i = 0; i < traits.size(); ++i) {
        for (std::string const text : {"A", "B", ""}) {
            all.push_back(
                {"trait " + std::to_string(i) + " becomes " + (text.empty() ? "absent" : text), [i, text](world& w) {
                     if (w.a.gone) return false;
                     if (!want(w.a, traits[i], found(text), rules_now)) return false;
                     refresh(w.a, rules_now, {.now = w.now, .pass = 1});
                     return true;
                 }});
        }
    }
    all.push_back({"offer", [](world& w) {
                       auto* p = w.a.pending();
                       if (!p || p->state != message_state::waiting || p->wait != 0) return false;
                       BOOST_REQUIRE(!w.a.has_offered());
                       auto const set = contents(w.a, *p, rules_now);
                       BOOST_REQUIRE(!set.empty());
                       for (auto const t : traits) {
                           // Only changes are sent: a trait differs from the baseline, or somebody asked for it.
                           if (set.has(t))
                               BOOST_REQUIRE((w.a[t].differs() || p->marked().has(t) || rules_now.always.has(t)));
                       }
                       BOOST_REQUIRE((!w.newest_accepted || *w.newest_accepted < p->id));
                       // Too large together: each part carries what goes with every message.
                       std::vector parts{set};
                       if (auto const along = set & rules_now.always; along != set && !along.empty())
                           parts.push_back(along);
                       offer_in(w, parts);
                       return true;
                   }});
    all.push_back({"2xx", [](world& w) {
                       auto* m = under_way(w.a);
                       if (!m) return false;
                       apply_at_segment(w, *m);
                       w.newest_accepted = m->id;
                       for (std::size_t i = 0; i < traits.size(); ++i) {
                           if (m->traits.has(traits[i])) w.accepted[i] = w.frozen.at(m->id)[i];
                       }
                       acknowledge(w.a, *m, w.now);
                       return true;
                   }});
    all.push_back({"applied, answer lost", [](world& w) {
                       auto* m = under_way(w.a);
                       if (!m) return false;
                       auto const before = w.segment;
                       apply_at_segment(w, *m);
                       return before != w.segment;
                   }});
    all.push_back({"refused alone", [](world& w) {
                       auto* m = under_way(w.a);
                       if (!m) return false;
                       for (std::size_t i = 0; i < traits.size(); ++i) {
                           if (m->traits.has(traits[i])) w.excused[i] = true;
                       }
                       bury(w.a, *m, dead_reason::refused, "400", w.now);
                       return true;
                   }});
    all.push_back({"retry the dead", [](world& w) {
                       auto* m = in_state(w.a, message_state::dead);
                       if (!m) return false;
                       retry_dead(w.a, *m, rules_now, {.now = w.now});
                       return true;
                   }});
    all.push_back({"discard the dead", [](world& w) {
                       auto* m = in_state(w.a, message_state::dead);
                       if (!m) return false;
                       discard_dead(w.a, *m, w.now);
                       return true;
                   }});
    all.push_back({"hold", [](world& w) {
                       auto* p = w.a.pending();
                       if (!p || p->state == message_state::held) return false;
                       hold(w.a);
                       return true;
                   }});
    all.push_back({"release", [](world& w) {
                       if (!in_state(w.a, message_state::held)) return false;
                       release_held(w.a, rules_now);
                       return true;
                   }});
    all.push_back({"discard the held", [](world& w) {
                       auto* p = in_state(w.a, message_state::held);
                       if (!p) return false;
                       auto const set = contents(w.a, *p, rules_now);
                       for (std::size_t i = 0; i < traits.size(); ++i) {
                           if (set.has(traits[i])) w.excused[i] = true;
                       }
                       discard_held(w.a, rules_now, w.now);
                       return true;
                   }});
    all.push_back({"replay", [](world& w) {
                       auto* p = w.a.pending();
                       if (p && !p->marks.empty()) return false;
                       return mark_for_replay(w.a, 1, trait_set::all(), rules_now, {.now = w.now});
                   }});
    all.push_back({"cancel the replay", [](world& w) {
                       auto* p = w.a.pending();
                       if (!p || p->marks.empty()) return false;
                       cancel_replay(w.a, 1, rules_now, {.now = w.now});
                       return true;
                   }});
    all.push_back({"gone", [](world& w) {
                       if (w.a.gone) return false;
                       leave(w.a, rules_now, {.now = w.now, .pass = 1});
                       return true;
                   }});
    all.push_back({"back", [](world& w) {
                       if (!w.a.gone) return false;
                       come_back(w.a);
                       refresh(w.a, rules_now, {.now = w.now, .pass = 1});
                       return true;
                   }});
    return all;
}

// Equal keys: states that no event can tell apart. Ids and times are left out.
std::string key_of(world const& w) {
    std::string key = w.a.gone ? "g" : "-";
    auto const put = [&key](known const& k) {
        key += std::to_string(static_cast<int>(k.state)) + "/" + std::to_string(k.full) + " ";
    };
    for (std::size_t i = 0; i < traits.size(); ++i) {
        auto const& s = w.a[traits[i]];
        put(s.wanted);
        put(s.baseline);
        put(s.acknowledged);
        if (s.in_flight) put(*s.in_flight);
        key += "[" + w.segment[i] + (w.excused[i] ? "x]" : "]");
    }
    for (auto const& m : w.a.open) {
        if (m.state == message_state::offered) key += "(" + w.frozen.at(m.id)[0] + "," + w.frozen.at(m.id)[1] + ")";
        key += "|" + std::to_string(static_cast<int>(m.state)) + "," + std::to_string(m.traits.bits()) + "," +
               std::to_string(m.remaining.bits()) + "," + std::to_string(m.marked().bits()) + "," +
               std::to_string(m.wait);
    }
    return key;
}

void check(world const& w) {
    int pending = 0, offered = 0;
    for (auto const& m : w.a.open) {
        pending += m.is_pending();
        offered += m.state == message_state::offered && (m.wait & wait_behind) == 0;
    }
    BOOST_REQUIRE(pending <= 1);
    BOOST_REQUIRE(offered <= 1);
    for (std::size_t i = 0; i < traits.size(); ++i) {
        auto const& s = w.a[traits[i]];
        // The value in Segment is the one that it took last, whatever was discarded meanwhile.
        BOOST_REQUIRE((s.acknowledged.state == known::form::none ? "" : s.text_of(s.acknowledged)) == w.accepted[i]);
        // Texts shared between values can always be told.
        for (auto const* k : {&s.baseline, &s.acknowledged}) {
            if (k->state == known::form::value)
                BOOST_REQUIRE(s.text_of(*k) == std::string(1, static_cast<char>(k->full)));
        }
        if (s.in_flight && s.in_flight->state == known::form::value) {
            BOOST_REQUIRE(s.text_of(*s.in_flight) == std::string(1, static_cast<char>(s.in_flight->full)));
        }
        // Every change arrives: what is wanted stands at Segment, is on its way, or its refusal is on record.
        auto const wanted = std::string{s.wanted.state == known::form::none ? "" : s.text_of(s.wanted)};
        if (wanted.empty() || wanted == w.segment[i] || w.excused[i]) continue;
        bool on_its_way = false;
        for (auto const& m : w.a.open) {
            if (m.is_pending() && contents(w.a, m, rules_now).has(traits[i])) on_its_way = true;
            if (m.state == message_state::offered && m.traits.has(traits[i]) && s.baseline.same(s.wanted))
                on_its_way = true;
        }
        BOOST_REQUIRE_MESSAGE(on_its_way, "a change got lost: wanted " << wanted << ", Segment has " << w.segment[i]);
    }
}

void explore() {
    auto const all = events();
    // Instrumented it takes four times as long, and what it looks for there shows in fewer steps too.
#ifdef __SANITIZE_ADDRESS__
    constexpr int depth = 6;
#else
    constexpr int depth = 8;
#endif
    std::deque<std::pair<world, int>> open;
    std::set<std::string> seen;
    open.push_back({world{}, 0});
    seen.insert(key_of(open.front().first));
    std::size_t steps = 0;
    while (!open.empty()) {
        auto const [from, level] = std::move(open.front());
        open.pop_front();
        if (level == depth) continue;
        for (auto const& e : all) {
            auto next = from;
            ++next.now;
            if (!e.take(next)) continue;
            save(next.a);
            ++steps;
            BOOST_TEST_CONTEXT("after " << e.name << " in state " << key_of(from)) { check(next); }
            if (seen.insert(key_of(next)).second) open.push_back({std::move(next), level + 1});
        }
    }
    BOOST_TEST_MESSAGE(seen.size() << " states, " << steps << " steps");
    BOOST_TEST(seen.size() > 1000U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(life_orders)

BOOST_AUTO_TEST_CASE(in_every_order_of_events_no_change_is_lost_and_only_changes_are_sent) { explore(); }

BOOST_AUTO_TEST_CASE(in_every_order_of_events_what_goes_with_each_part_is_known_as_it_was_sent) {
    rules_now.always.add(trait::email);
    explore();
    rules_now.always = {};
}

BOOST_AUTO_TEST_SUITE_END()
