#pragma once
// How the built-in Moesif misbehaves: chances drawn from a seed, faults in a fixed order, and switches.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace traitsync::demo {

// One misbehaviour of one exchange.
enum class moesif_fault : std::uint8_t {
    none,
    throttled,           // 429 with Retry-After
    throttled_silently,  // 429 without it, as Moesif documents none
    server_error,        // 500
    bad_gateway,         // 502
    unavailable,         // 503
    cut_before_answer,   // the connection closes without a byte
    cut_in_body,         // the head and half of the body
    hang,                // nothing for `hang_for`, then the connection closes
    slow_body,           // the body in ten pieces, `slow_pause` before each
    timed_out,           // "timed_out": true and half of the hits; searches only
    html_body,           // 200 with an HTML page
    wrong_content_type,  // the right body as text/plain
};

enum class search_spelling : std::uint8_t { both, documented_only, older_only };

struct moesif_faults {
    std::uint64_t seed = 1;
    // Chances 0 to 1 for each exchange on a known path; at most one fault an exchange, drawn in this order.
    double throttled = 0;
    double throttled_silently = 0;
    double server_error = 0;
    double bad_gateway = 0;
    double unavailable = 0;
    double cut_before_answer = 0;
    double cut_in_body = 0;
    double hang = 0;
    double slow_body = 0;
    double timed_out = 0;
    double html_body = 0;
    double wrong_content_type = 0;

    std::chrono::seconds retry_after{1};
    std::chrono::milliseconds hang_for{60'000};
    std::chrono::milliseconds slow_pause{50};

    // Switches, for every exchange.
    search_spelling spelling = search_spelling::both;
    bool ignore_search_after = false;  // every page is the first page
    bool refuse_search_after = false;  // 400
    bool refuse_id_sort = false;       // 400 for `_id` in `sort`
    bool total_as_object = false;      // "total": {"value": n, "relation": "eq"|"gte"}, capped at 10,000
    bool bare_answers = false;         // no took, no timed_out, no sort: Moesif's own recorded example
    bool created_status = false;       // searches answer 201
    bool chunked = false;              // Transfer-Encoding: chunked
    bool gzip = false;                 // for clients that accept it
    bool flat_get = false;             // a single document without `_source`
    bool no_company_scope = false;     // the token lacks read:companies: 401 there
    bool no_user_scope = false;        // the same for users
    bool unauthorized = false;         // 401 for every token
    std::size_t largest_page = 0;      // above 0: 413 for a larger `size`
    // Searches and counts see a write this much later; a document read by its id is seen at once.
    std::chrono::milliseconds visible_after{0};
    // 429 beyond this many searches, gets and counts in one UTC calendar minute; 0: no limit.
    std::size_t requests_per_minute = 500;
    bool limit_says_when = false;  // Retry-After on the 429 of the rate limit
};

}  // namespace traitsync::demo
