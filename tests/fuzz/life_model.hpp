#pragma once
// The life of a message said once more, slowly: values are plain texts, a message keeps what it carries, nothing is
// shared, hashed or cached. Written from the table of events alone, to be compared with diff/life after each step.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace traitsync::fuzz {

// "": nothing; "null"; else a value, whose last character is a riding member: it alone causes no message.
using value = std::string;
inline bool is_value(value const& v) { return !v.empty() && v != "null"; }
inline value cause_of(value const& v) { return is_value(v) ? v.substr(0, v.size() - 1) : v; }

struct model_rules {
    std::set<int> riding, always;
    bool nulls_on_remove = true, nulls_on_delete = false;
    std::int64_t interval = 1000;
};

struct model_message {
    enum class form { waiting, held, offered, dead } state = form::waiting;
    std::map<int, value> carried;        // offered and dead
    std::set<int> remaining;             // dead: in no newer message that reached an end
    std::map<int, std::set<int>> marks;  // by replay; 0: an operator's retry
    std::set<int> due;
    bool parked = false;
    bool is_pending() const { return state == form::waiting || state == form::held; }
};

struct model {
    using form = model_message::form;
    model_rules rules;
    int traits = 0;
    bool gone = false;
    std::vector<value> wanted, baseline, acknowledged;
    std::vector<std::int64_t> offered_at;
    std::vector<model_message> open;  // in the order of their ids

    model(model_rules r, int count)
        : rules{std::move(r)}, traits{count}, wanted(count), baseline(count), acknowledged(count), offered_at(count) {}

    model_message* pending() {
        for (auto& m : open) {
            if (m.is_pending()) return &m;
        }
        return nullptr;
    }
    std::optional<std::size_t> first(form state) const {
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i].state == state) return i;
        }
        return std::nullopt;
    }
    bool differs(int t) const {
        if (wanted[t].empty()) return false;
        if (baseline[t].empty()) return is_value(wanted[t]);
        return wanted[t] != baseline[t];
    }
    bool causes(int t) const {
        return differs(t) && !rules.riding.contains(t) && cause_of(wanted[t]) != cause_of(baseline[t]);
    }
    bool can_send(int t) const { return is_value(wanted[t]) || (wanted[t] == "null" && !baseline[t].empty()); }
    bool is_marked(model_message const& m, int t) const {
        for (auto const& [replay, set] : m.marks) {
            if (set.contains(t)) return can_send(t);
        }
        return false;
    }
    // As a whole, or in its riding member alone.
    bool rides(int t) const { return differs(t) && !causes(t); }
    bool is_due(int t, std::int64_t now) const {
        if (!rides(t)) return false;
        auto last = offered_at[t];
        if (baseline[t].empty()) {
            for (auto const at : offered_at) last = std::max(last, at);
        }
        return last != 0 && (now - last > rules.interval || last - rules.interval > now);
    }
    // What a waiting message would carry now.
    std::map<int, value> contents(model_message const& m) const {
        std::map<int, value> all;
        for (int t = 0; t < traits; ++t) {
            if (is_marked(m, t) || differs(t) || (rules.always.contains(t) && is_value(wanted[t]))) all[t] = wanted[t];
        }
        return all;
    }

    // --- events -------------------------------------------------------------------------------------------
    void refresh(std::int64_t now) {
        auto* p = pending();
        std::set<int> due;
        bool reason = false;
        for (int t = 0; t < traits; ++t) {
            if (is_due(t, now) || (p != nullptr && p->due.contains(t) && rides(t))) due.insert(t);
            reason = reason || causes(t) || (p != nullptr && is_marked(*p, t));
        }
        if (!reason && due.empty()) {
            if (p != nullptr) open.erase(open.begin() + (p - open.data()));
            return;
        }
        if (p == nullptr) p = make();
        p->due = due;
    }
    model_message* make() {
        open.push_back({});
        open.back().parked = gone && !rules.nulls_on_delete;
        return &open.back();
    }
    void want(int t, value const& found) {
        if (is_value(found)) {
            wanted[t] = found;
        } else if (found.empty() && !rules.nulls_on_remove) {
            auto* const p = pending();
            auto const waits = p != nullptr && differs(t) && (!rules.riding.contains(t) || p->due.contains(t));
            if (!waits) wanted[t] = baseline[t];
        } else {
            wanted[t] = baseline[t].empty() ? "" : "null";
        }
    }
    bool may_offer() {
        auto* const p = pending();
        return p != nullptr && p->state == form::waiting && !p->parked && !first(form::offered);
    }
    // In one part, or in two: the first trait alone.
    void offer(bool in_two, std::int64_t now) {
        auto* const p = pending();
        auto all = contents(*p);
        for (auto const& [t, v] : all) {
            baseline[t] = v;
            offered_at[t] = now;
        }
        model_message second;
        if (in_two && all.size() > 1) {
            second.carried = {std::next(all.begin()), all.end()};
            all.erase(std::next(all.begin()), all.end());
        }
        p->state = second.state = form::offered;
        p->carried = std::move(all);
        p->marks.clear();
        p->due.clear();
        if (!second.carried.empty()) open.push_back(std::move(second));
    }
    void reached_an_end(std::map<int, value> const& carried, std::size_t index) {
        std::erase_if(open, [&](model_message& m) {
            if (m.state != form::dead || &m - open.data() >= static_cast<std::ptrdiff_t>(index)) return false;
            for (auto const& [t, v] : carried) m.remaining.erase(t);
            return false;
        });
        std::erase_if(open, [](model_message const& m) { return m.state == form::dead && m.remaining.empty(); });
    }
    void accept() {
        auto const index = *first(form::offered);
        auto const carried = open[index].carried;
        for (auto const& [t, v] : carried) acknowledged[t] = v;
        reached_an_end(carried, index);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(*first(form::offered)));
    }
    void refuse() {
        auto const index = *first(form::offered);
        auto& m = open[index];
        m.state = form::dead;
        for (auto const& [t, v] : m.carried) m.remaining.insert(t);
        auto const carried = m.carried;
        reached_an_end(carried, index);
    }
    void mark(int replay, std::set<int> const& chosen, std::int64_t now) {
        std::set<int> some;
        for (auto const t : chosen) {
            if (can_send(t)) some.insert(t);
        }
        if (!some.empty()) {
            auto* p = pending();
            if (p == nullptr) p = make();
            p->marks[replay].insert(some.begin(), some.end());
        }
        refresh(now);
    }
    void retry_dead(std::int64_t now) {
        auto const index = *first(form::dead);
        std::set<int> chosen;
        for (auto const& [t, v] : open[index].carried) chosen.insert(t);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
        mark(0, chosen, now);
    }
    void discard_dead() { open.erase(open.begin() + static_cast<std::ptrdiff_t>(*first(form::dead))); }
    void hold() { pending()->state = form::held; }
    void release() {
        pending()->state = form::waiting;
        pending()->parked = gone && !rules.nulls_on_delete;
    }
    void discard_held(std::int64_t now) {
        auto* const p = pending();
        for (auto const& [t, v] : contents(*p)) {
            baseline[t] = v;
            offered_at[t] = now;
        }
        open.erase(open.begin() + (p - open.data()));
    }
    void cancel(int replay, std::int64_t now) {
        auto* const p = pending();
        if (p == nullptr || p->marks.erase(replay) == 0) return;
        refresh(now);
    }
    void leave(std::int64_t now) {
        gone = true;
        if (!rules.nulls_on_delete) {
            if (auto* const p = pending()) p->parked = true;
            return;
        }
        for (int t = 0; t < traits; ++t) {
            if (wanted[t].empty() && baseline[t].empty()) continue;
            wanted[t] = baseline[t].empty() ? "" : "null";
        }
        refresh(now);
        if (auto* const p = pending()) p->parked = false;
    }
    void come_back() {
        gone = false;
        if (auto* const p = pending()) p->parked = false;
    }
    void forget_destination(std::int64_t now) {
        std::erase_if(open, [](model_message const& m) { return m.state == form::offered || m.state == form::dead; });
        for (int t = 0; t < traits; ++t) {
            baseline[t] = acknowledged[t] = "";
            offered_at[t] = 0;
            if (wanted[t] == "null") wanted[t] = "";
        }
        if (!gone || rules.nulls_on_delete) return refresh(now);
        // A replay's mark goes with it; an operator's retry (0) stays.
        auto* const p = pending();
        if (p != nullptr && !p->marks.contains(0)) open.erase(open.begin() + (p - open.data()));
    }
};

}  // namespace traitsync::fuzz
