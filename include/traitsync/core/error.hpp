#pragma once
// The one error vocabulary. A fault kind exists only where somebody acts differently on it; the text is
// for the operator: what failed, on which object, what to do. Never a secret, never a trait's value.

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace traitsync {

enum class fault : std::uint8_t {
    invalid,       // the input is wrong and stays wrong: a bad document, a bad value, a refused request (4xx)
    too_large,     // 413, or a body over our own limit: ask for less
    unauthorized,  // 401, 402, 403: blocked until the operator changes something
    misdirected,   // 3xx, 404, 405, 406, 407 and the like: a wrong address, path or proxy
    throttled,     // 429: come back after `retry_after`
    unavailable,   // 5xx, time-outs, broken connections, answers that are not the documented form
    storage,       // the store cannot be written or read: disk full, I/O error, damaged
    conflict,      // somebody else holds the thing: a second process, a newer store, a wrong state
    cancelled,     // we are stopping
};

std::string_view name_of(fault kind);

struct error {
    fault kind = fault::invalid;
    std::string what;                                      // one line, safe to log and to show
    std::optional<std::chrono::seconds> retry_after = {};  // as the other side asked, where it did
    int http_status = 0;                                   // 0 where no answer came
    std::string answer = {};                               // the other side's body, at most 2 KB, redacted
    bool unfinished = false;                               // an answer began to come and did not end: a smaller one may
    bool not_in_time = false;  // the request was taken and no answer began in its time: a smaller one may be quicker
};

template <class T>
using result = boost::system::result<T, error>;

// Found by argument-dependent lookup when result::value() is called on an error: a bug in the caller.
[[noreturn]] void throw_exception_from_error(error const& e, boost::source_location const& where);

// A broken invariant. Not weather: the process stops and the store is consistent at every instruction.
struct broken_invariant : std::logic_error {
    using std::logic_error::logic_error;
};

// What the store holds is nothing that was ever written to it: bytes on the disk changed. Weather: the job that read it
// ends and its transaction with it, the store is named as damaged, and what needs nothing of it goes on
// (store/job_thread).
struct damaged_content : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace traitsync

#define TRAITSYNC_JOIN2(a, b) a##b
#define TRAITSYNC_JOIN(a, b) TRAITSYNC_JOIN2(a, b)

// TRY(expression): returns its error from this function. TRY_ASSIGN(x, expression): the value into x.
// One of them a source line (the hidden name uses __LINE__). CO_ forms are for coroutines.
#define TRY(...)                                                                              \
    if (auto TRAITSYNC_JOIN(try_, __LINE__) = (__VA_ARGS__); !TRAITSYNC_JOIN(try_, __LINE__)) \
    return std::move(TRAITSYNC_JOIN(try_, __LINE__)).error()
#define TRY_ASSIGN(target, ...)                                                                    \
    auto TRAITSYNC_JOIN(try_, __LINE__) = (__VA_ARGS__);                                           \
    if (!TRAITSYNC_JOIN(try_, __LINE__)) return std::move(TRAITSYNC_JOIN(try_, __LINE__)).error(); \
    target = std::move(*TRAITSYNC_JOIN(try_, __LINE__))
