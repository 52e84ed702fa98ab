#pragma once
// What an answer of Segment to a batch means: the one table from status to consequence. Pure; any thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/core/error.hpp"
#include "traitsync/net/http.hpp"

namespace traitsync::delivery {

enum class verdict : std::uint8_t {
    accepted,   // 2xx, whatever its body
    no_answer,  // no connection, broken, timed out: the outcome is unknown; retried
    failed,     // 408, 410, 460, 5xx and what is no final status: retried
    throttled,  // 429: retried, and nothing else is sent until then
    refused,    // 400, 413 and the other 4xx: halved until the refused message stands alone
    locked,     // 401, 402, 403: delivery blocks
    astray,     // 3xx, 404, 405, 406, 407: delivery blocks
    cancelled,  // we are stopping: nothing follows from it
};
inline constexpr std::size_t verdict_count = 8;
std::string_view name_of(verdict v);

struct judged {
    verdict what = verdict::no_answer;
    int http_status = 0;
    std::string words;   // one line for the operator, without values
    std::string answer;  // refused: Segment's body as answer_text
    // How long Segment asked to wait, clamped to 1..300 s: Retry-After, else X-RateLimit-Reset up to 300.
    std::optional<std::chrono::seconds> asked;
};

verdict verdict_of(int http_status);

// A reply of any status, or the error instead of one (with a status, it counts like a reply).
judged judge(result<net::reply> const& outcome);

// At most 2 KB of a body, cut between characters; bytes that are not UTF-8 become U+FFFD and control characters,
// line ends and tabs aside, a space: it is stored and shown.
std::string answer_text(std::string_view body);

}  // namespace traitsync::delivery
