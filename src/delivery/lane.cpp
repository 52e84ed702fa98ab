#include "traitsync/delivery/lane.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "traitsync/delivery/batch_body.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {

lane::lane(lane_options options)
    : options_{std::move(options)}, gate_{options_.rate_limit, std::max(options_.batch_size, options_.rate_limit)} {
    if (options_.batch_size < 1 || options_.concurrency < 1 || options_.rate_limit < 0 ||
        static_cast<std::size_t>(options_.batch_size) > limits::max_batch_messages) {
        throw broken_invariant{"lane: options out of range"};
    }
    if (!options_.random) options_.random = [] { return 0.0; };
}

action lane::next(steady_time now) {
    if (!forgotten_.empty()) sweep();
    if (stopped_ || paused_) return idle{};
    if (blocked_) return next_blocked(now);
    if (!trying_since_) trying_since_ = now;
    if (now < throttle_until_) return sleep{throttle_until_};
    if (outage_.active()) return next_in_outage(now);
    return next_free(now);
}

action lane::next_free(steady_time now) {
    auto const slots = static_cast<std::size_t>(options_.concurrency);
    if (in_flight_.size() >= slots) return idle{};
    if (sounding_ != sounding::none) {
        if (auto const chosen = next_sounding(now)) return *chosen;
    }
    auto const may_fail = may_send_failing(slots);
    auto const due =
        std::ranges::find_if(waiting_, [&](batch const& b) { return b.due <= now && (may_fail || !fails_alone(b)); });
    if (due != waiting_.end()) return dispatch_waiting(due, now, false);
    if (auto const taken = slots_taken(); taken < slots) {
        // One commit for all free slots. Held back by a rate, a message frozen early would only split what still
        // merges.
        if (can_top_up()) return ask_batches(options_.rate_limit == 0 ? slots - taken : 1);
        if (!pool_.empty() && !fetching_) return dispatch_pool(now, false);
    }
    // What is due and may not go waits for an answer.
    std::optional<steady_time> at;
    for (auto const& b : waiting_) {
        if (b.due > now && (!at || b.due < *at)) at = b.due;
    }
    if (!at) return idle{};
    return sleep{*at};
}

// Of what always fails alone, each request may take as long as the time-out: one slot is left to all others while there
// are some, of a single slot most of its turns.
bool lane::may_send_failing(std::size_t slots) const {
    if (pool_.empty() && !may_have_more_ && !fetching_) return true;
    if (slots == 1) return others_since_failing_ >= limits::others_between_failing || slots_taken() >= slots;
    auto const alone = std::ranges::count_if(in_flight_, [](auto const& entry) { return fails_alone(entry.second); });
    return static_cast<std::size_t>(alone) < slots - 1;
}

// Nothing where there is no message for it: then all goes on.
std::optional<action> lane::next_sounding(steady_time now) {
    if (sounding_ == sounding::under_way || fetching_) return idle{};
    if (sounding_ == sounding::due && may_have_more_) {
        sounding_ = sounding::asked;
        // Each start may bring one more that is refused into memory, as each minute of a block does.
        auto const slots = static_cast<std::size_t>(options_.concurrency * options_.batch_size);
        if (pool_.size() < slots + limits::max_suspects) return ask_anywhere();
    }
    if (auto const open = gate_.open_at(1); open > now) return sleep{open};
    sounding_ = sounding::none;
    auto b = take_fresh(now);
    if (!b) return std::nullopt;
    sounding_ = sounding::under_way;
    b->sounds = true;
    return dispatch(std::move(*b), now, false);
}

action lane::next_in_outage(steady_time now) {
    if (!in_flight_.empty()) return idle{};
    auto at = outage_.until();
    if (!waiting_.empty()) at = std::max(at, longest_waiting()->not_before);
    if (now < at) return sleep{at};
    auto const may_be_new = slots_taken() < static_cast<std::size_t>(options_.concurrency);
    // What always fails tells nothing of an outage.
    auto const new_first = new_one_next_ || std::ranges::all_of(waiting_, fails_alone);
    if (waiting_.empty() || (new_first && may_be_new)) {
        if (can_top_up()) return ask_batches(1);
        if (fetching_) return idle{};
        if (!pool_.empty()) {
            auto const chosen = dispatch_pool(now, true);
            new_one_next_ = in_flight_.empty();
            return chosen;
        }
    }
    if (waiting_.empty()) return idle{};
    auto const chosen = dispatch_probe(now);
    new_one_next_ = !in_flight_.empty();
    return chosen;
}

action lane::next_blocked(steady_time now) {
    if (!in_flight_.empty() || fetching_) return idle{};
    if (auto const at = std::max(blocked_->next_try, throttle_until_); now < at) return sleep{at};
    if (auto const open = gate_.open_at(1); open > now) return sleep{open};
    if (blocked_->reason != block_reason::refused_alone) {
        if (!waiting_.empty()) {
            auto const b = longest_waiting();
            if (now < b->not_before) return sleep{b->not_before};
            return dispatch_waiting(b, now, true);
        }
        if (!pool_.empty()) return dispatch_pool(now, true);
        if (auto b = take_suspect(now)) return dispatch(std::move(*b), now, true);
        return may_have_more_ ? ask(1, batch_room_bytes) : action{idle{}};
    }
    // Hundreds may be offered of which each is bad: every other try is of a message from behind them.
    auto const may_ask = may_have_more_ && suspects_.size() < limits::max_suspects;
    if (blocked_->anywhere_next && may_ask) {
        blocked_->anywhere_next = false;
        blocked_->anywhere_asked = true;
        return ask_anywhere();
    }
    if (auto b = take_fresh(now)) {
        blocked_->anywhere_next = !std::exchange(blocked_->anywhere_asked, false);
        return dispatch(std::move(*b), now, true);
    }
    if (may_ask) return ask(1, batch_room_bytes);
    if (auto b = take_suspect(now)) return dispatch(std::move(*b), now, true);
    if (waiting_.empty()) return idle{};
    return sleep{longest_waiting()->not_before};
}

action lane::ask_batches(std::size_t count) {
    return ask(count * static_cast<std::size_t>(options_.batch_size) - pool_.size(), count * batch_room_bytes);
}

void lane::begin_fetch() {
    fetching_ = true;
    may_have_more_ = false;  // set again by the answer, or by what comes meanwhile
}

action lane::ask(std::size_t messages, std::size_t room) {
    begin_fetch();
    return fetch{messages, room - std::min(pool_bytes_, room)};
}

// Its own room, however full the pool is: it is sent before anything of that.
action lane::ask_anywhere() {
    begin_fetch();
    return fetch{.messages = 1, .bytes = batch_room_bytes, .anywhere = true};
}

action lane::dispatch(batch b, steady_time now, bool tried) {
    gate_.take(b.messages.size(), now);
    ++b.attempt;
    ++totals_.requests;
    b.tried = tried;
    b.sent_at = now;
    for (auto& it : b.messages) {
        if (!it.first_sent) it.first_sent = now;
    }
    others_since_failing_ = fails_alone(b) ? 0 : std::min(others_since_failing_ + 1, limits::others_between_failing);
    auto const chosen = send{b.number, b.attempt};
    in_flight_.emplace(b.number, std::move(b));
    return chosen;
}

action lane::dispatch_waiting(std::deque<batch>::iterator b, steady_time now, bool tried) {
    if (auto const open = gate_.open_at(b->messages.size()); open > now) return sleep{open};
    auto chosen = std::move(*b);
    waiting_.erase(b);
    return dispatch(std::move(chosen), now, tried);
}

// A batch that failed twice may hold one that always fails: one message of it alone tells as well whether Segment is
// back, and passes. What failed so often alone has its turn when there is nothing else.
action lane::dispatch_probe(steady_time now) {
    auto const b = std::ranges::min_element(waiting_, {}, [&](batch const& w) {
        return std::tuple{w.not_before > now, fails_alone(w), w.not_before};
    });
    if (b->messages.size() == 1 || b->failures < limits::failures_until_halving - 1)
        return dispatch_waiting(b, now, true);
    if (auto const open = gate_.open_at(1); open > now) return sleep{open};
    auto one = batch_of(std::move(b->messages.back()), now);
    one.failures = limits::failures_until_halving - 1;
    b->messages.pop_back();
    b->not_before = now;  // the next turn is another one's
    return dispatch(std::move(one), now, true);
}

action lane::dispatch_pool(steady_time now, bool tried) {
    auto const count = next_batch_messages();
    if (auto const open = gate_.open_at(count); open > now) return sleep{open};
    return dispatch(take_batch(count, now), now, tried);
}

// The one that failed first: so the batches take turns.
std::deque<lane::batch>::iterator lane::longest_waiting() {
    return std::ranges::min_element(waiting_, {}, &batch::not_before);
}

bool lane::fails_alone(batch const& b) {
    return b.messages.size() == 1 && b.failures >= limits::failures_until_halving;
}

// What waits for a retry keeps its slot: a long outage freezes no more messages than fit in the slots. But one that
// always fails, and may do so for ever, takes it from nobody.
std::size_t lane::slots_taken() const {
    auto const alone = std::ranges::count_if(waiting_, fails_alone);
    auto const beside = std::min(static_cast<std::size_t>(alone), limits::max_failing_alone);
    return in_flight_.size() + waiting_.size() - beside;
}

void lane::refused_before(int in_a_row) {
    refused_in_a_row_ = in_a_row;
    if (in_a_row >= limits::refused_until_sounding) sounding_ = sounding::due;
}

void lane::wake() {
    may_have_more_ = true;
    is_held_up_ = false;
}
void lane::pause(bool on) {
    paused_ = on;
    if (on) trying_since_.reset();
}
void lane::stop() { stopped_ = true; }

std::vector<std::string_view> lane::messages_of(batch_number number) const {
    auto const found = in_flight_.find(number);
    if (found == in_flight_.end()) throw broken_invariant{"lane: no such batch in flight"};
    std::vector<std::string_view> bodies;
    bodies.reserve(found->second.messages.size());
    for (auto const& it : found->second.messages) bodies.push_back(it.message.body);
    return bodies;
}

settlements lane::take_settlements() { return std::exchange(settlements_, {}); }

std::size_t lane::held() const {
    auto count = pool_.size() + suspects_.size();
    for (auto const& b : waiting_) count += b.messages.size();
    for (auto const& [number, b] : in_flight_) count += b.messages.size();
    return count;
}

}  // namespace traitsync::delivery
