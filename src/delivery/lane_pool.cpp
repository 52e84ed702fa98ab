// What the lane holds that is not under way: the pool that the store's messages come into, and the batches that are
// made of it, of suspects, and of what waits.
#include <algorithm>
#include <iterator>
#include <utility>

#include "traitsync/delivery/batch_body.hpp"
#include "traitsync/delivery/lane.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {

void lane::give(std::vector<frozen_message> messages, bool more) {
    if (!fetching_) throw broken_invariant{"lane: messages given that nobody asked for"};
    fetching_ = is_held_up_ = false;
    if (more) may_have_more_ = true;
    add(std::move(messages));
    // What came goes: a store that has news at every answer would else be asked for ever, and nothing sent.
    topped_up_ = !pool_.empty();
    settle_suspects();
}

void lane::give_nothing_yet() {
    if (!fetching_) throw broken_invariant{"lane: an answer that nobody asked for"};
    fetching_ = false;
    is_held_up_ = true;
}

void lane::add(std::vector<frozen_message> messages) {
    for (auto& m : messages) {
        pool_bytes_ += m.body.size() + 1;
        pool_.push_back({.message = std::move(m), .refused = nullptr});
    }
}

// Whether the pool may grow to a fuller batch before it goes.
bool lane::can_top_up() const {
    if (fetching_ || !may_have_more_) return false;
    if (pool_.empty()) return true;
    // What is left of a larger fetch goes as it is, unless it is little.
    return !topped_up_ && pool_.size() < (static_cast<std::size_t>(options_.batch_size) + 1) / 2 &&
           pool_bytes_ < batch_room_bytes / 2;
}

std::size_t lane::next_batch_messages() const {
    auto const most = std::min(pool_.size(), static_cast<std::size_t>(options_.batch_size));
    std::size_t count = 0;
    std::size_t bytes = 0;
    while (count < most) {
        bytes += pool_[count].message.body.size();
        if (count > 0 && batch_body_size(count + 1, bytes) > limits::max_batch_bytes) break;
        ++count;
    }
    return count;
}

lane::item lane::take_from_pool(bool newest) {
    auto it = std::move(newest ? pool_.back() : pool_.front());
    if (newest) {
        pool_.pop_back();
    } else {
        pool_.pop_front();
    }
    pool_bytes_ -= it.message.body.size() + 1;
    topped_up_ = false;
    return it;
}

lane::batch lane::batch_of(item it, steady_time now) {
    batch b;
    b.number.value = ++last_batch_;
    b.attempt = it.message.attempts;
    b.due = b.not_before = now;
    b.messages.push_back(std::move(it));
    return b;
}

lane::batch lane::take_batch(std::size_t messages, steady_time now) {
    auto b = batch_of(take_from_pool(false), now);
    for (std::size_t i = 1; i < messages; ++i) {
        b.messages.push_back(take_from_pool(false));
        b.attempt = std::max(b.attempt, b.messages.back().message.attempts);
    }
    return b;
}

// One message that was not refused alone yet. From the far end: neighbours of refused ones are more likely bad.
std::optional<lane::batch> lane::take_fresh(steady_time now) {
    if (!pool_.empty()) return batch_of(take_from_pool(true), now);
    for (auto b = waiting_.rbegin(); b != waiting_.rend(); ++b) {
        if (b->not_before > now || b->messages.back().refused) continue;
        if (b->messages.size() > 1) {
            auto it = std::move(b->messages.back());
            b->messages.pop_back();
            return batch_of(std::move(it), now);
        }
        auto whole = std::move(*b);
        waiting_.erase(std::next(b).base());
        return whole;
    }
    return std::nullopt;
}

std::optional<lane::batch> lane::take_suspect(steady_time now) {
    if (suspects_.empty()) return std::nullopt;
    auto it = std::move(suspects_.front());
    suspects_.pop_front();
    return batch_of(std::move(it), now);
}

}  // namespace traitsync::delivery
