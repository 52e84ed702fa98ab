// What follows from an outcome: acknowledgement, retry, halving, suspicion, blocking.
#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "traitsync/delivery/lane.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {
namespace {

// Steady moments as others see them.
wall_time on_the_wall(steady_time at, steady_time now, wall_time wall_now) {
    return wall_now + std::chrono::duration_cast<std::chrono::milliseconds>(at - now);
}

}  // namespace

void lane::on_reply(batch_number number, result<net::reply> const& outcome, steady_time now, wall_time wall_now) {
    auto node = in_flight_.extract(number);
    if (node.empty()) throw broken_invariant{"lane: an outcome of a batch that is not in flight"};
    auto b = std::move(node.mapped());
    if (std::exchange(b.sounds, false)) sounding_ = sounding::none;
    auto const j = judge(outcome);
    if (j.what != verdict::accepted && j.what != verdict::cancelled) last_error_ = j.words;
    switch (j.what) {
        case verdict::accepted:
            accept(std::move(b), now, wall_now);
            break;
        case verdict::no_answer:
        case verdict::failed:
        case verdict::throttled:
            retry(std::move(b), j, now, wall_now);
            break;
        case verdict::refused:
            refuse(std::move(b), j, now, wall_now);
            break;
        case verdict::locked:
        case verdict::astray:
            block_by(std::move(b), j, now, wall_now);
            break;
        case verdict::cancelled:
            put_back(std::move(b), true);
            break;
    }
    if (!is_failing()) failing_since_.reset();
    settle_suspects();
}

void lane::accept(batch b, steady_time now, wall_time wall_now) {
    for (auto const& it : b.messages) settlements_.acknowledged.push_back(it.message.row);
    totals_.acknowledged += b.messages.size();
    last_accepted_ = wall_now;
    ++acceptances_;
    refused_in_a_row_ = 0;
    if (b.sent_at > throttled_at_) throttles_ = 0;
    outage_.over();
    if (blocked_) {
        // The suspects may have been refused by what stood in the way.
        blocked_.reset();
        retry_suspects(now);
    } else {
        bury_suspects();
    }
}

void lane::retry(batch b, judged const& j, steady_time now, wall_time wall_now) {
    ++totals_.retries[static_cast<std::size_t>(j.what)];
    if (!failing_since_) failing_since_ = wall_now;
    auto const throttled = j.what == verdict::throttled;
    if (throttled) {
        throttle(b, j, now);
        b.due = b.not_before = throttle_until_;
    } else {
        ++b.failures;
        if (!blocked_) outage_.failed(b.tried, options_.concurrency, now, options_.random);
        b.not_before = now + j.asked.value_or(std::chrono::seconds{0});
        // Within an outage the shared back-off stands for the batch's own, but not for that of a message which fails
        // alone: the outage's end says nothing about it.
        b.due = b.not_before;
        if (outage_.active()) b.due = std::max(b.due, outage_.until());
        if (!outage_.active() || fails_alone(b))
            b.due = std::max(b.due, now + back_off(b.failures, limits::min_back_off, options_.random));
    }
    auto next = b.due;
    if (blocked_) {
        if (b.tried) blocked_->next_try = std::max(now + limits::blocked_retry, b.not_before);
        next = blocked_->next_try;
    }
    give_up(b, j, now, wall_now);
    if (b.messages.empty()) return;
    auto const in_halves =
        !throttled && !blocked_ && b.messages.size() > 1 && b.failures >= limits::failures_until_halving;
    auto const words =
        in_halves ? fmt::format("{}, as before, to a batch of {}: it goes again in halves", j.words, b.messages.size())
                  : j.words;
    note_attempt(b, words, on_the_wall(next, now, wall_now));
    if (in_halves) return put_back_halves(std::move(b), now);
    put_back(std::move(b), throttled);
}

// Each is halved again at its next failure.
void lane::put_back_halves(batch b, steady_time now) {
    auto const due = b.due;
    auto const not_before = b.not_before;
    auto [first, second] = halves(std::move(b), now);
    for (auto* half : {&first, &second}) {
        half->due = due;
        half->not_before = not_before;
        half->failures = limits::failures_until_halving - 1;
        waiting_.push_back(std::move(*half));
    }
}

// Requests that were under way when sending stopped are of the same round: they do not double the wait.
void lane::throttle(batch const& b, judged const& j, steady_time now) {
    if (throttles_ == 0 || b.sent_at > throttled_at_) {
        ++throttles_;
        throttled_at_ = now;
    }
    std::chrono::milliseconds const wait =
        j.asked ? *j.asked : back_off(throttles_, limits::min_throttle, options_.random);
    throttle_until_ = std::max(throttle_until_, now + wait);
}

// Only what was retried for that long: not what lay still, however long ago it was offered.
void lane::give_up(batch& b, judged const& j, steady_time now, wall_time wall_now) {
    if (options_.give_up_after.count() <= 0) return;
    if (!trying_since_ || now - *trying_since_ < options_.give_up_after) return;
    give_up_old(b, j, now, wall_now, true);
    if (outage_.active() && b.tried) give_up_waiting(j, now, wall_now);
}

// A failure within an outage is one of all that waits for its end.
void lane::give_up_waiting(judged const& j, steady_time now, wall_time wall_now) {
    for (auto& b : waiting_) give_up_old(b, j, now, wall_now, false);
    std::erase_if(waiting_, [](batch const& b) { return b.messages.empty(); });
}

// By both clocks: the wall's alone goes on while the machine sleeps, and may be set.
void lane::give_up_old(batch& b, judged const& j, steady_time now, wall_time wall_now, bool tried) {
    auto const is_young = [&](item const& it) {
        return wall_now - it.message.first_offered < options_.give_up_after ||
               now - it.first_sent.value_or(now) < options_.give_up_after;
    };
    auto const old = std::ranges::stable_partition(b.messages, is_young);
    for (auto& it : old) {
        if (tried) note(it, j.words);
        // With a status the answer stands beside it; without one the words say what happened.
        bury(it, diff::dead_reason::gave_up, j.http_status != 0 ? j.answer : j.words, j.http_status);
    }
    b.messages.erase(old.begin(), old.end());
}

void lane::refuse(batch b, judged const& j, steady_time now, wall_time wall_now) {
    if (b.tried) outage_.over();  // it answers again
    if (b.sent_at > throttled_at_) throttles_ = 0;
    if (b.tried && blocked_ && blocked_->reason != block_reason::refused_alone) {
        // Segment judges messages again, so address and key are right; should they still be wrong, the count
        // of messages refused alone keeps the queue.
        if (refused_in_a_row_ >= limits::max_refused_in_a_row) {
            block_by_refusals(true, j.http_status, now, wall_now);
        } else {
            blocked_.reset();
        }
    }
    if (b.messages.size() == 1) return refuse_alone(std::move(b.messages.front()), b.tried, j, now, wall_now);
    ++totals_.retries[static_cast<std::size_t>(j.what)];
    halve(std::move(b), j, now);
}

// Both halves go first, the smaller pieces before the larger: so a bad message is found soon.
void lane::halve(batch b, judged const& j, steady_time now) {
    note_attempt(b, fmt::format("{} to a batch of {}: it goes again in halves", j.words, b.messages.size()),
                 std::nullopt);
    auto [first, second] = halves(std::move(b), now);
    waiting_.push_front(std::move(second));
    waiting_.push_front(std::move(first));
}

std::pair<lane::batch, lane::batch> lane::halves(batch b, steady_time now) {
    auto const middle = b.messages.begin() + static_cast<std::ptrdiff_t>((b.messages.size() + 1) / 2);
    auto const half = [&](auto from, auto to) {
        auto piece = batch_of(std::move(*from), now);
        piece.messages.insert(piece.messages.end(), std::make_move_iterator(from + 1), std::make_move_iterator(to));
        piece.attempt = b.attempt;
        return piece;
    };
    auto second = half(middle, b.messages.end());
    return {half(b.messages.begin(), middle), std::move(second)};
}

void lane::refuse_alone(item it, bool tried, judged const& j, steady_time now, wall_time wall_now) {
    ++refused_in_a_row_;
    if (refused_in_a_row_ % limits::refused_until_sounding == 0 && sounding_ == sounding::none)
        sounding_ = sounding::due;
    auto words = j.words + " to this message alone";
    auto const again = it.refused && it.refused->acceptances != acceptances_;
    it.refused = std::make_unique<refusal>(acceptances_, j.http_status, j.answer);
    if (refused_in_a_row_ < limits::max_refused_in_a_row && again && !blocked_) {
        note(it, std::move(words));
        return bury(it, diff::dead_reason::refused, std::move(it.refused->answer), it.refused->http_status);
    }
    ++it.message.attempts;
    auto const row = it.message.row;
    suspects_.push_back(std::move(it));
    if (refused_in_a_row_ >= limits::max_refused_in_a_row) block_by_refusals(tried, j.http_status, now, wall_now);
    std::optional<wall_time> next;
    if (blocked_) next = on_the_wall(blocked_->next_try, now, wall_now);
    settlements_.retried.push_back({.rows = {row}, .error = std::move(words), .next_attempt = next});
}

void lane::block_by_refusals(bool tried, int http_status, steady_time now, wall_time wall_now) {
    enter_block(block_reason::refused_alone,
                fmt::format("{} messages in a row were refused alone and none accepted between, the last with {}: "
                            "check segment.url, segment.write_key and any proxy between",
                            refused_in_a_row_, http_status),
                tried, now, wall_now);
    // From here they take turns instead of going on.
    for (auto& b : waiting_) {
        if (!b.messages.front().refused) continue;
        suspects_.push_back(std::move(b.messages.front()));
        b.messages.clear();
    }
    std::erase_if(waiting_, [](batch const& b) { return b.messages.empty(); });
}

void lane::block_by(batch b, judged const& j, steady_time now, wall_time wall_now) {
    ++totals_.retries[static_cast<std::size_t>(j.what)];
    enter_block(j.what == verdict::locked ? block_reason::unauthorized : block_reason::misdirected, j.words, b.tried,
                now, wall_now);
    b.due = b.not_before = now;
    note_attempt(b, j.words, on_the_wall(blocked_->next_try, now, wall_now));
    put_back(std::move(b), false);
}

// What was under way when the lane blocked does not change why, nor when it is tried again.
void lane::enter_block(block_reason reason, std::string detail, bool tried, steady_time now, wall_time wall_now) {
    auto const next_try = now + limits::blocked_retry;
    trying_since_.reset();
    if (!blocked_) {
        if (sounding_ != sounding::under_way) sounding_ = sounding::none;
        blocked_ = block{.reason = reason, .detail = std::move(detail), .since = wall_now, .next_try = next_try};
    } else if (tried) {
        blocked_->reason = reason;
        blocked_->detail = std::move(detail);
        blocked_->next_try = next_try;
    }
}

void lane::put_back(batch b, bool in_front) {
    if (blocked_ && blocked_->reason == block_reason::refused_alone && b.messages.front().refused) {
        suspects_.push_back(std::move(b.messages.front()));
    } else if (in_front) {
        waiting_.push_front(std::move(b));
    } else {
        waiting_.push_back(std::move(b));
    }
}

void lane::retry_suspects(steady_time now) {
    while (auto b = take_suspect(now)) waiting_.push_back(std::move(*b));
}

void lane::bury_suspects() {
    for (auto& it : suspects_)
        bury(it, diff::dead_reason::refused, std::move(it.refused->answer), it.refused->http_status);
    suspects_.clear();
}

// With nothing else to send no acceptance can come that would tell.
void lane::settle_suspects() {
    if (blocked_ || fetching_ || may_have_more_ || is_held_up_ || has_other_work()) return;
    bury_suspects();
}

void lane::bury(item const& it, diff::dead_reason why, std::string answer, int http_status) {
    ++(why == diff::dead_reason::gave_up ? totals_.gave_up : totals_.refused);
    settlements_.dead.push_back(
        {.row = it.message.row, .reason = why, .answer = std::move(answer), .http_status = http_status});
}

void lane::note(item& it, std::string error) {
    ++it.message.attempts;
    settlements_.retried.push_back({.rows = {it.message.row}, .error = std::move(error), .next_attempt = std::nullopt});
}

void lane::note_attempt(batch& b, std::string const& error, std::optional<wall_time> next) {
    settlements::attempt a{.rows = {}, .error = error, .next_attempt = next};
    a.rows.reserve(b.messages.size());
    for (auto& it : b.messages) {
        ++it.message.attempts;
        a.rows.push_back(it.message.row);
    }
    settlements_.retried.push_back(std::move(a));
}

}  // namespace traitsync::delivery
