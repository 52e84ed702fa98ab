#pragma once
// What all connections share: the kinds of streams, limits, the listeners to events, and how a head that Beast has
// read, or failed to read, is put into the API's words. Private to admin/: included by exchange_loop.hpp and
// event_stream.hpp.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>

#include <list>
#include <optional>

#include "api.hpp"
#include "connections.hpp"
#include "head_rules.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::admin {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using plain_socket = asio::generic::stream_protocol::socket;
using tls_stream = asio::ssl::stream<plain_socket>;

using net::token;
inline plain_socket& socket_of(plain_socket& s) { return s; }
inline plain_socket& socket_of(tls_stream& s) { return s.next_layer(); }

inline constexpr std::uint32_t most_head_bytes = 16 * 1024;
inline constexpr std::uint64_t most_body_bytes = 1024 * 1024;
// What is held of a request beside its body. Beast's own limits count neither the lines around the pieces of a chunked
// body nor the fields behind it.
inline constexpr std::size_t most_buffered = std::size_t{4} * most_head_bytes;
inline constexpr std::chrono::seconds head_time{5};
inline constexpr std::chrono::seconds body_time{10};
inline constexpr std::chrono::seconds idle_time{60};  // between requests of a connection
inline constexpr std::chrono::seconds answer_time{
    120};                                              // for making an answer: counting a replay of a million profiles
inline constexpr std::chrono::seconds write_time{30};  // for a client to take an answer, and for large ones besides:
inline constexpr std::size_t least_bytes_a_second = std::size_t{64} << 10;
inline constexpr std::chrono::seconds event_time{5};
// Of the socket of one who listens to events: some events fit. Left to itself the kernel would keep megabytes, and a
// listener that takes nothing would be noticed after a quarter of an hour.
inline constexpr int event_send_buffer = 4 * 1024;
// Answers that are written but not taken yet. Beyond it a new large one is refused instead of kept in memory.
inline constexpr std::size_t most_outstanding = std::size_t{64} << 20;
inline constexpr std::size_t small_answer = std::size_t{64} << 10;  // whether it lives, or how it does, is always told

// Lives while its owner does; told when the status may have changed.
struct listener {
    explicit listener(asio::any_io_executor e) : timer{e} {}
    asio::steady_timer timer;
    bool changed = true;
    bool rests = false;  // at most one event a second: what changes meanwhile is told after it
    bool gone = false;   // the client closed, or spoke, which nobody does who listens

    void tell() {
        changed = true;
        if (!rests) timer.cancel();
    }
    void end() {
        gone = true;
        timer.cancel();
    }
};

struct shared_state {
    shared_state(api& a, clock const& t, std::size_t places) : what{a}, time{t}, open{places} {}
    api& what;
    clock const& time;
    connections open;
    std::list<listener*> listeners;
    std::size_t outstanding = 0;
};

inline constexpr std::size_t most_listeners = 32;
inline constexpr std::chrono::seconds heartbeat{15};
inline constexpr std::chrono::seconds event_gap{1};

inline request_head head_of(http::request_header<> const& h, std::string local_address) {
    request_head head;
    head.method = std::string{h.method_string()};
    head.target = std::string{h.target()};
    auto const maybe = [&](auto field) -> std::optional<std::string> {
        auto const found = h.find(field);
        if (found == h.end()) return std::nullopt;
        return std::string{found->value()};
    };
    head.host = maybe(http::field::host);
    head.origin = maybe(http::field::origin);
    head.authorization = maybe(http::field::authorization).value_or("");
    head.content_type = maybe(http::field::content_type).value_or("");
    head.content_encoding = maybe(http::field::content_encoding).value_or("");
    head.transfer_encoding = maybe(http::field::transfer_encoding).value_or("");
    head.if_none_match = maybe(http::field::if_none_match).value_or("");
    head.takes_gzip = takes_gzip(maybe(http::field::accept_encoding).value_or(""));
    head.idempotency_key = maybe("Idempotency-Key");
    head.local_address = std::move(local_address);
    // Of two, a proxy in front may have judged the one that we do not see.
    for (auto const* name : {"Host", "Origin", "Authorization", "Content-Type", "Content-Encoding", "Transfer-Encoding",
                             "Idempotency-Key"}) {
        if (h.count(name) > 1) head.repeated = name;
    }
    to_origin_form(head);
    return head;
}

inline answer too_long_head() {
    return answer_of({431, "head_too_large", "The request's head is too large", "a request's head may have 16 KiB"});
}
inline answer too_long_body() {
    return answer_of({413, "too_large", "The body is too large", "a request's body may have 1 MiB"});
}
inline answer too_slow() {
    return answer_of(
        {408, "timeout", "The request took too long", "a request's head must arrive within 5 s, its body within 10 s"});
}
inline answer too_many_listeners() {
    return answer_of({.status = 429,
                      .code = "too_many",
                      .title = "Too many at once",
                      .detail = "32 clients listen to events already",
                      .headers = {{"Retry-After", "10"}}});
}
inline answer too_many_untaken() {
    return answer_of({.status = 503,
                      .code = "unavailable",
                      .title = "Not possible at the moment",
                      .detail = "too many large answers wait for slow clients",
                      .headers = {{"Retry-After", "1"}}});
}

// The answer to what could not be read; nothing where the connection is simply gone.
inline std::optional<answer> answer_to_failure(boost::system::error_code const& e, bool late) {
    if (late) return too_slow();
    if (e == http::error::header_limit) return too_long_head();
    if (e == http::error::body_limit || e == http::error::buffer_overflow) return too_long_body();
    if (e == http::error::end_of_stream || e == http::error::partial_message) return std::nullopt;
    if (e.category() == http::make_error_code(http::error::bad_method).category()) {
        return answer_of(bad_request("the request is not valid HTTP: " + e.message()));
    }
    return std::nullopt;
}

// The headers of every answer, then its own.
inline void set_common(http::fields& f, answer const& a) {
    f.set(http::field::server, "traitsync");
    f.set("X-Content-Type-Options", "nosniff");
    f.set("Referrer-Policy", "no-referrer");
    f.set("X-Frame-Options", "DENY");
    f.set("Cross-Origin-Resource-Policy", "same-origin");
    f.set("Cross-Origin-Opener-Policy", "same-origin");
    f.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    f.set(http::field::cache_control, "no-store");
    for (auto const& [name, value] : a.headers) f.set(name, value);
}

}  // namespace traitsync::admin
