// The steps of diff/life against the slow model, in any order of events. The first byte chooses the rules, each further
// byte is an event.
#include "traitsync/diff/life.hpp"

#include <algorithm>

#include "fuzz.hpp"
#include "life_model.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::diff;
using fuzz::check;
using form = fuzz::model_message::form;

constexpr std::array traits{trait::name, trait::email, trait::last_seen_time};
constexpr int count = static_cast<int>(traits.size());
constexpr std::array<char const*, 6> values{"A1", "A2", "B1", "B2", "", "null"};

profile::mapped_trait found(std::string const& text) {
    profile::mapped_trait m;
    if (text.empty()) return m;
    if (text == "null") {
        m.state = profile::mapped_trait::form::null;
        return m;
    }
    m.state = profile::mapped_trait::form::value;
    m.text = text;
    m.full = static_cast<std::uint64_t>(text[0]) << 8U | static_cast<std::uint64_t>(text[1]);
    m.trigger = static_cast<std::uint64_t>(text[0]);
    return m;
}

fuzz::value shown(slot const& s, known const& k) {
    if (k.state == known::form::none) return "";
    return k.state == known::form::null ? "null" : std::string{s.text_of(k)};
}

trait_set set_of(std::set<int> const& some) {
    trait_set s;
    for (auto const t : some) s.add(traits[static_cast<std::size_t>(t)]);
    return s;
}

struct pair_of_lives {
    account a;
    diff_rules rules;
    fuzz::model m;
    std::int64_t now = 1'790'000'000'000;
    std::optional<message_id> offered_id;

    explicit pair_of_lives(std::uint8_t choice) : m{rules_of(choice), count} {
        rules.riding = set_of(m.rules.riding);
        rules.always = set_of(m.rules.always);
        rules.on_remove = m.rules.nulls_on_remove ? config::on_remove::null : config::on_remove::ignore;
        rules.on_delete = m.rules.nulls_on_delete ? config::on_delete::null : config::on_delete::ignore;
        rules.volatile_millis = m.rules.interval;
    }
    static fuzz::model_rules rules_of(std::uint8_t choice) {
        fuzz::model_rules r;
        if (choice & 1U) r.riding = {2};
        if (choice & 2U) r.always = {1};
        r.nulls_on_remove = (choice & 4U) == 0;
        r.nulls_on_delete = (choice & 8U) != 0;
        return r;
    }
    moment at() const { return {.now = now, .pass = 1}; }
    message* first(message_state s) {
        message* oldest = nullptr;
        for (auto& x : a.open) {
            if (x.state == s && !x.removed && (oldest == nullptr || x.id < oldest->id)) oldest = &x;
        }
        return oldest;
    }

    void change(int t, char const* text) {
        if (m.gone) return;
        want(a, traits[static_cast<std::size_t>(t)], found(text), rules);
        m.want(t, text);
        refresh(a, rules, at());
        m.refresh(now);
    }
    void offer(bool in_two) {
        auto* const p = a.pending();
        auto const may = p != nullptr && p->state == message_state::waiting && p->wait == 0;
        check(may == m.may_offer(), "a message may be offered when the model's may");
        if (!may) return;
        auto const all = contents(a, *p, rules);
        std::vector<trait_set> parts{all};
        if (in_two && all.size() > 1) {
            trait_set one;
            for (auto const t : traits) {
                if (all.has(t) && one.empty()) one.add(t);
            }
            parts = {one, all - one};
        }
        freeze(a, parts, {}, now);
        m.offer(in_two, now);
    }
    void answer(bool good) {
        auto* const x = first(message_state::offered);
        if (x == nullptr) return;
        if (good) {
            acknowledge(a, *x, now);
            m.accept();
        } else {
            bury(a, *x, dead_reason::refused, "400", now);
            m.refuse();
        }
    }
    void operate(int what) {
        auto* const dead = first(message_state::dead);
        auto* const p = a.pending();
        auto const is_held = p != nullptr && p->state == message_state::held;
        if (what == 0 && dead != nullptr) {
            retry_dead(a, *dead, rules, {.now = now});
            m.retry_dead(now);
        } else if (what == 1 && dead != nullptr) {
            discard_dead(a, *dead, now);
            m.discard_dead();
        } else if (what == 2 && p != nullptr && !is_held) {
            hold(a);
            m.hold();
        } else if (what == 3 && is_held) {
            release_held(a, rules);
            m.release();
        } else if (what == 4 && is_held) {
            discard_held(a, rules, now);
            m.discard_held(now);
        } else if (what == 5 || what == 6) {
            std::set<int> const chosen = what == 5 ? std::set<int>{0, 1, 2} : std::set<int>{1};
            mark_for_replay(a, what, set_of(chosen), rules, {.now = now});
            m.mark(what, chosen, now);
        } else if (what == 7 || what == 8) {
            cancel_replay(a, what - 2, rules, {.now = now});
            m.cancel(what - 2, now);
        } else if (what == 9 && !m.gone) {
            leave(a, rules, at());
            m.leave(now);
        } else if (what == 10 && m.gone) {
            come_back(a);
            m.come_back();
            refresh(a, rules, at());
            m.refresh(now);
        } else if (what == 11) {
            forget_destination(a, rules, {.now = now});
            m.forget_destination(now);
        }
    }
    void step(std::uint8_t event) {
        now += 1 + (event & 0x80U ? 700 : 0);
        auto const e = static_cast<int>(event & 0x7fU);
        if (e < 54) {
            change(e / 6 % count, values[static_cast<std::size_t>(e % 6)]);
        } else if (e < 74) {
            offer(e % 4 == 0);
        } else if (e < 98) {
            answer(e % 3 != 0);
        } else {
            operate((e - 98) % 12);
        }
        save();
        compare();
    }
    // As the store does: what is closed is not loaded again.
    void save() {
        std::erase_if(a.open, [](message const& x) {
            return x.removed ||
                   (!x.is_pending() && x.state != message_state::offered && x.state != message_state::dead);
        });
        std::ranges::sort(a.open, {}, &message::id);
    }
    void compare() {
        check(a.open.size() == m.open.size(), "as many open messages");
        check(a.gone == m.gone, "gone");
        for (std::size_t t = 0; t < traits.size(); ++t) {
            auto const& s = a[traits[t]];
            check(shown(s, s.wanted) == m.wanted[t], "wanted");
            check(shown(s, s.baseline) == m.baseline[t], "baseline");
            check(shown(s, s.acknowledged) == m.acknowledged[t], "acknowledged");
        }
        for (std::size_t i = 0; i < a.open.size(); ++i) compare(a.open[i], m.open[i]);
    }
    void compare(message const& x, fuzz::model_message const& y) {
        auto const state = y.state == form::waiting   ? message_state::waiting
                           : y.state == form::held    ? message_state::held
                           : y.state == form::offered ? message_state::offered
                                                      : message_state::dead;
        check(x.state == state, "the state of a message");
        auto const carried = y.is_pending() ? m.contents(y) : y.carried;
        trait_set expected;
        for (auto const& [t, v] : carried) expected.add(traits[static_cast<std::size_t>(t)]);
        check((x.is_pending() ? contents(a, x, rules) : x.traits) == expected, "what a message carries");
        if (y.state == form::dead) check(x.remaining == set_of(y.remaining), "what a dead letter still says");
        if (y.state != form::offered) return;
        for (auto const& [t, v] : carried) {
            auto const& s = a[traits[static_cast<std::size_t>(t)]];
            check(shown(s, s.in_flight ? *s.in_flight : s.baseline) == v, "the values that are offered");
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 1 || size > 200) return 0;
    pair_of_lives lives{data[0]};
    for (std::size_t i = 1; i < size; ++i) lives.step(data[i]);
    return 0;
}
