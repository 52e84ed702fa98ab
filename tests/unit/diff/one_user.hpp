#pragma once
// One user whose steps are taken by hand.

#include <boost/test/unit_test.hpp>

#include "traitsync/diff/life.hpp"

namespace traitsync::diff::test {

inline constexpr std::int64_t t0 = 1'790'000'000'000;
inline constexpr std::int64_t hour = 3'600'000;

inline profile::mapped_trait value(std::string const& text, std::uint64_t hash = 0) {
    profile::mapped_trait m;
    m.state = profile::mapped_trait::form::value;
    m.text = text;
    m.full = hash ? hash : std::hash<std::string>{}(text) | 1U;
    m.trigger = m.full;
    return m;
}
inline profile::mapped_trait absent() { return {}; }
inline profile::mapped_trait null() {
    profile::mapped_trait m;
    m.state = profile::mapped_trait::form::null;
    return m;
}

inline trait_set set(std::initializer_list<trait> list) {
    trait_set s;
    for (auto t : list) s.add(t);
    return s;
}

struct user {
    account a;
    diff_rules r{.riding = set({trait::last_seen_time}), .always = {}, .volatile_millis = 24 * hour};
    std::int64_t now = t0;

    moment at() { return {.now = now, .pass = 1}; }
    refreshed wants(trait t, profile::mapped_trait const& v) {
        ++now;
        want(a, t, v, r);
        return refresh(a, r, at());
    }
    trait_set waiting() {
        auto* p = a.pending();
        return p ? contents(a, *p, r) : trait_set{};
    }
    message& offer() {
        ++now;
        auto* p = a.pending();
        BOOST_REQUIRE(p);
        std::array parts{contents(a, *p, r)};
        auto const frozen = freeze(a, parts, {}, now);
        return a.open[frozen.front()];
    }
    message& offered() {
        for (auto& m : a.open) {
            if (m.state == message_state::offered) return m;
        }
        throw std::logic_error{"nothing is offered"};
    }
    message& dead() {
        for (auto& m : a.open) {
            if (m.state == message_state::dead) return m;
        }
        throw std::logic_error{"nothing is dead"};
    }
    void answer_ok() { acknowledge(a, offered(), ++now); }
    void answer_no() { bury(a, offered(), dead_reason::refused, "400", ++now); }
    void save() {
        std::erase_if(a.open, [](message const& m) {
            return m.removed || (m.state != message_state::waiting && m.state != message_state::offered &&
                                 m.state != message_state::dead && m.state != message_state::held);
        });
    }
    void synced(trait t, std::string const& text) {
        wants(t, value(text));
        offer();
        answer_ok();
        save();
    }
};

}  // namespace traitsync::diff::test
