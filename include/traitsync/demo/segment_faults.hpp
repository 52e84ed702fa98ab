#pragma once
// How the built-in Segment misbehaves: chances drawn from a seed, faults in a fixed order, and switches.

#include <chrono>
#include <cstdint>
#include <string>

namespace traitsync::demo {

// One misbehaviour of one request to the batch path.
enum class segment_fault : std::uint8_t {
    none,
    throttled,             // 429 with Retry-After and X-RateLimit-Reset
    throttled_silently,    // 429 without them
    server_error,          // 500
    unavailable,           // 503
    reset_before_reading,  // the connection is reset when the head has arrived
    answer_lost,           // everything is accepted, then the connection is reset without an answer
    hang,                  // nothing is accepted and nothing answered for `hang_for`, then the connection closes
    slow,                  // accepted at once, answered after `slow_for`
    redirect,              // 302 to another host
    unauthorized,          // 401
    bad_request,           // 400 although nothing is wrong
};

enum class bad_message : std::uint8_t {
    refuses_batch,     // 400 for the whole batch: bisecting finds it
    drops_in_silence,  // 200, the message is not taken: what the real service does with some faults
};

struct segment_faults {
    std::uint64_t seed = 1;
    // Chances 0 to 1 for each request to the batch path; at most one fault a request, drawn in this order.
    double throttled = 0;
    double throttled_silently = 0;
    double server_error = 0;
    double unavailable = 0;
    double reset_before_reading = 0;
    double answer_lost = 0;
    double hang = 0;
    double slow = 0;
    double redirect = 0;
    double unauthorized = 0;
    double bad_request = 0;

    std::chrono::seconds retry_after{1};
    std::chrono::milliseconds hang_for{60'000};
    std::chrono::milliseconds slow_for{200};

    // Switches, for every request.
    bad_message bad_messages = bad_message::refuses_batch;
    std::string refuse_users_with = {};  // not empty: a message whose userId contains it is bad
    bool plain_answers = false;          // "Bad Request" as text/plain, as some 400 were seen
    int always_status = 0;               // above 0: this status for every batch, nothing is accepted
};

}  // namespace traitsync::demo
