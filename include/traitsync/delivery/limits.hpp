#pragma once
// Segment's limits and our own bounds towards it, each with its source. HTTP: Segment's page on its HTTP API;
// libraries: what Segment's official libraries do; contract: the product's promises.

#include <chrono>
#include <cstddef>

namespace traitsync::delivery::limits {

using namespace std::chrono_literals;

// HTTP: "32 KB" a message; beyond it the message is dropped behind a 200. Libraries read that as 32,000 or
// 32,768: the smaller one. Final UTF-8 JSON, after escaping.
inline constexpr std::size_t max_message_bytes = 32'000;

// HTTP: "500 KB" a request. Libraries stop between 475,000 and 512,000: the smallest. The whole body,
// envelope included, before compression.
inline constexpr std::size_t max_batch_bytes = 475'000;

// HTTP: 2,500 messages a batch; the excess is dropped behind a 200.
inline constexpr std::size_t max_batch_messages = 2'500;

// Rate limits page: 10,000 properties an event, the rest are dropped. What counts as a property is not said, so
// we stay a tenth below, counting leaves: scalars and empty containers of the whole message.
inline constexpr std::size_t max_message_leaves = 9'000;

// A leaf takes two bytes at least ("1,"), so a shorter message cannot have too many of them.
inline constexpr std::size_t leaf_safe_bytes = 2 * max_message_leaves;

// HTTP: "fewer than 100" and "limited to 100" characters; ours are UUIDs.
inline constexpr std::size_t message_id_characters = 36;

// Contract: exponential back-off with full jitter. 60 s is also the cap of Segment's Node library.
inline constexpr auto min_back_off = 1s;
inline constexpr auto max_back_off = 60s;

// Libraries (Node): Retry-After is obeyed between these. A larger X-RateLimit-Reset is taken for an epoch and
// ignored.
inline constexpr auto min_retry_after = 1s;
inline constexpr auto max_retry_after = 300s;

// Contract: a 429 that does not say how long backs off from here.
inline constexpr auto min_throttle = 5s;

// Contract: blocked delivery is tried again every minute.
inline constexpr auto blocked_retry = 60s;

// Contract: so many messages refused alone in a row, none accepted between, are a sign of a wrong address,
// proxy or key and not of bad messages.
inline constexpr int max_refused_in_a_row = 20;

// Before it comes to that, after each so many, one from anywhere in the queue is tried: bad messages come in groups.
inline constexpr int refused_until_sounding = 5;

// So many failures in a row of one batch, and it goes on in halves: one message may fail for ever that all others stand
// behind, and what does not fit into the time-out may fit in parts.
inline constexpr int failures_until_halving = 3;

// Messages that failed so often alone wait beside the others, at most so many: behind more of them nothing new is sent.
inline constexpr std::size_t max_failing_alone = 1'000;

// With a single slot, batches of others between two of them: a batch takes a fraction of the time-out.
inline constexpr int others_between_failing = 20;

// While delivery is blocked by refusals, each minute may bring one more refused message into memory. Beyond so many
// (about 17 hours) only those already known are tried: memory stays bounded however long it lasts.
inline constexpr std::size_t max_suspects = 1'000;

// Contract: how much of Segment's answer is kept with a dead letter.
inline constexpr std::size_t max_answer_bytes = 2'048;

}  // namespace traitsync::delivery::limits
