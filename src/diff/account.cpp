#include "traitsync/diff/account.hpp"

#include <algorithm>
#include <utility>

namespace traitsync::diff {
namespace {

constexpr std::array<std::string_view, 8> state_names{"waiting", "offered", "acknowledged", "dead",
                                                      "held",    "retried", "discarded",    "superseded"};
constexpr std::array<std::string_view, 3> reason_names{"refused", "too_large", "gave_up"};  // behind none

// Without the text, which stays where it is.
void take_value(known& k, known const& from) {
    k.state = from.state;
    k.full = from.full;
    k.trigger = from.trigger;
    k.text.clear();
}

}  // namespace

void known::clear() {
    state = form::none;
    full = trigger = 0;
    if (text.capacity() > most_kept_room) std::string{}.swap(text);
    text.clear();
}

void slot::clear() {
    wanted.clear();
    baseline.clear();
    acknowledged.clear();
    in_flight.reset();
    offered_at = acknowledged_at = 0;
    offered_in = acknowledged_in = {};
}

void account::clear() {
    user_no = 0;
    spread = 0;
    gone = stored = changed = false;
    for (auto& s : slots) s.clear();
    last_id.reset();
    last_timestamp = horizon = counted_pass = 0;
    noted.clear();
    open.clear();
}

std::string_view slot::text_of(known const& k) const {
    if (k.state != known::form::value) return "null";
    if (!k.text.empty()) return k.text;
    if (k.same(wanted) && !wanted.text.empty()) return wanted.text;
    if (k.same(baseline)) return baseline.text;
    return {};
}

void slot::own_texts() {
    own_text(baseline);
    own_text(acknowledged);
    if (in_flight) own_text(*in_flight);
}

void slot::own_text(known& k) {
    if (k.state == known::form::value && k.text.empty()) k.text = text_of(k);
}

void slot::share_texts() {
    if (baseline.same(wanted)) baseline.text.clear();
    auto const share = [this](known& k) {
        if (k.same(wanted) || k.same(baseline)) k.text.clear();
    };
    share(acknowledged);
    if (in_flight && in_flight->same(baseline)) in_flight.reset();
    if (in_flight) share(*in_flight);
}

void slot::rewrite_texts(std::function<std::string(std::string_view)> const& rewritten) {
    auto const rewrite = [&](known& k) {
        if (!k.text.empty()) k.text = rewritten(k.text);
    };
    rewrite(baseline);
    rewrite(acknowledged);
    if (in_flight) rewrite(*in_flight);
}

void slot::set_wanted(known next) {
    if (wanted.same(next)) {
        wanted.trigger = next.trigger;
        return;
    }
    // Who reads a text from the present `wanted` keeps it. What is the same as the baseline reads it there, whatever is
    // wanted.
    if (baseline.state == known::form::value && baseline.text.empty() && baseline.same(wanted)) {
        baseline.text.swap(wanted.text);
    }
    if (!acknowledged.same(baseline)) own_text(acknowledged);
    if (in_flight && !in_flight->same(baseline)) own_text(*in_flight);
    wanted = std::move(next);
    share_texts();
}

void slot::set_baseline(known next, std::int64_t at, message_id const& in) {
    own_texts();
    if (next.state == known::form::value && next.text.empty()) next.text = std::string{text_of(next)};
    baseline = std::move(next);
    offered_at = at;
    offered_in = in;
    share_texts();
}

void slot::doubt_baseline() {
    if (baseline.state == known::form::none) return;
    own_texts();
    if (baseline.text.empty()) baseline.text = "null";
    baseline.state = known::form::value;
    baseline.full = baseline.trigger = 0;
    share_texts();
}

void slot::set_acknowledged(known next, std::int64_t at, message_id const& in) {
    if (next.state == known::form::value && next.text.empty()) next.text = std::string{text_of(next)};
    acknowledged = std::move(next);
    acknowledged_at = at;
    acknowledged_in = in;
    share_texts();
}

void slot::offer_wanted(std::int64_t at, message_id const& in) {
    // Who reads a text from the old baseline keeps it; one that stands in `wanted` stays there.
    if (!acknowledged.same(wanted)) own_text(acknowledged);
    if (in_flight && !in_flight->same(wanted)) own_text(*in_flight);
    take_value(baseline, wanted);
    offered_at = at;
    offered_in = in;
    share_texts();
}

void slot::acknowledge_offered(std::int64_t at, message_id const& in, bool in_another) {
    if (in_flight) {
        auto const value = *in_flight;
        if (!in_another) in_flight.reset();
        set_acknowledged(value, at, in);
        return;
    }
    take_value(acknowledged, baseline);
    acknowledged_at = at;
    acknowledged_in = in;
}

bool slot::differs() const {
    if (wanted.state == known::form::none) return false;
    if (baseline.state == known::form::none) return wanted.state == known::form::value;
    return !wanted.same(baseline);
}

bool slot::triggers() const { return differs() && !wanted.same_trigger(baseline); }

std::string_view name_of(message_state s) { return state_names[static_cast<std::size_t>(s)]; }

std::optional<message_state> message_state_named(std::string_view name) {
    auto const found = std::ranges::find(state_names, name);
    if (found == state_names.end()) return std::nullopt;
    return static_cast<message_state>(found - state_names.begin());
}

std::span<std::string_view const> message_state_names() { return state_names; }

std::string_view name_of(dead_reason r) {
    return r == dead_reason::none ? std::string_view{} : reason_names[static_cast<std::size_t>(r) - 1];
}

std::optional<dead_reason> dead_reason_named(std::string_view name) {
    auto const found = std::ranges::find(reason_names, name);
    if (found == reason_names.end()) return std::nullopt;
    return static_cast<dead_reason>(found - reason_names.begin() + 1);
}

std::span<std::string_view const> dead_reason_names() { return reason_names; }

trait_set message::marked() const {
    trait_set all;
    for (auto const& m : marks) all = all | m.traits;
    return all;
}

message* account::pending() {
    auto const found = std::ranges::find_if(open, [](message const& m) { return m.is_pending() && !m.removed; });
    return found == open.end() ? nullptr : &*found;
}

bool account::has_offered() const {
    return std::ranges::any_of(open, [](message const& m) { return m.state == message_state::offered; });
}

}  // namespace traitsync::diff
