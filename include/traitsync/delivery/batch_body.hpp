#pragma once
// The body of POST /v1/batch around the frozen bytes of its messages:
//   {"batch":[…],"integrations":{"All":true},"sentAt":"…"}
// sentAt is the clock at this attempt: Segment corrects each timestamp by it, so it is made anew for each
// attempt and is no part of the frozen bytes. Pure; any thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "traitsync/core/clock.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {

inline constexpr std::string_view batch_head = R"({"batch":[)";
inline constexpr std::string_view batch_foot = R"(],"integrations":{"All":true},"sentAt":"2026-05-02T10:00:01.250Z"})";

// What a body takes beside its messages and the commas between them.
inline constexpr std::size_t batch_envelope_bytes = batch_head.size() + batch_foot.size();

// Room for messages, each with one comma: what a fetch from the store may take.
inline constexpr std::size_t batch_room_bytes = limits::max_batch_bytes - batch_envelope_bytes + 1;

// Bytes of the body of `messages` messages that take `bytes` together.
constexpr std::size_t batch_body_size(std::size_t messages, std::size_t bytes) {
    return batch_envelope_bytes + bytes + (messages == 0 ? 0 : messages - 1);
}

// `room`: memory for it, whatever it holds.
std::string batch_body(std::span<std::string_view const> messages, wall_time sent_at, std::string room = {});

}  // namespace traitsync::delivery
