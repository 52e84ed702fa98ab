#pragma once
// One connection, request after request, over plain or TLS streams. Private to admin/: included by server.cpp
// only, because Beast and TLS are dear to compile.

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "event_stream.hpp"
#include "wire.hpp"

namespace traitsync::admin {

namespace beast = boost::beast;

template <class Stream>
class exchange_loop {
public:
    exchange_loop(Stream& stream, shared_state& shared, connections::place here, std::string local_address)
        : stream_{stream}, shared_{shared}, here_{here}, local_address_{std::move(local_address)} {}

    asio::awaitable<void> run() {
        bool again = true;
        bool first = true;
        while (again) {
            begin_head(first);
            first = false;
            again = co_await one();
        }
    }

private:
    void expire_in(std::chrono::seconds t) {
        here_->deadline = shared_.time.steady() + t;
        here_->late = false;
    }

    void begin_head(bool first) {
        here_->headless = true;
        here_->headless_since = shared_.time.steady();
        expire_in(first || buffer_.size() > 0 ? head_time : idle_time);
    }

    asio::awaitable<bool> one() {
        http::request_parser<http::string_body> parser;
        parser.header_limit(most_head_bytes);
        parser.body_limit(most_body_bytes);
        // The time for a head begins with its first byte.
        if (buffer_.size() == 0) {
            auto const room = buffer_.prepare(4096);
            auto const [failed, bytes] = co_await stream_.async_read_some(room, token);
            if (failed) co_return false;
            buffer_.commit(bytes);
            expire_in(head_time);
        }
        skip_empty_lines();
        auto begun = shared_.time.steady();
        auto const [failed, bytes] = co_await http::async_read_header(stream_, buffer_, parser, token);
        auto const method = std::string{parser.get().method_string()};
        auto const is_head = method == "HEAD";
        // Beast counts the first line and the fields behind it apart.
        if (failed || bytes > most_head_bytes) {
            auto refusal = failed ? answer_to_failure(failed, here_->late) : too_long_head();
            if (refusal) {
                note(method, refusal->status, begun);
                co_await refuse(std::move(*refusal), is_head);
            }
            co_return false;
        }
        here_->headless = false;
        begun = shared_.time.steady();
        auto head = head_of(parser.get(), local_address_);
        head.has_body = parser.chunked() || (parser.content_length() && *parser.content_length() > 0);
        auto const http_11 = parser.get().version() == 11;
        old_client_ = !http_11;
        auto admitted = shared_.what.admit(head);
        if (auto* refusal = std::get_if<answer>(&admitted)) {
            note(method, refusal->status, begun);
            if (head.has_body) {
                co_await refuse(std::move(*refusal), is_head);
                co_return false;
            }
            auto const keep = parser.keep_alive();
            auto const sent = co_await send(std::move(*refusal), keep, is_head);
            co_return sent&& keep;
        }
        auto request = std::move(std::get<api::admitted>(admitted));
        // Many of these are asked without a token: what comes with the question is not kept in memory.
        auto const unwanted = head.has_body && request.to->body == api::body_use::none;
        if (!unwanted) {
            auto const whole = co_await read_body(parser, method, begun);
            if (!whole) co_return false;
            request.what.body = std::move(parser.get().body());
        }
        auto const keep = parser.keep_alive() && !unwanted;
        expire_in(answer_time);
        auto a = co_await shared_.what.handle(std::move(request));
        if (shared_.outstanding > most_outstanding && a.body.size() > small_answer) a = too_many_untaken();
        if (a.is_event_stream && !is_head && shared_.listeners.size() >= most_listeners) a = too_many_listeners();
        if (a.is_event_stream && !is_head) {
            note(method, 200, begun);
            co_await stream_events(http_11);
            co_return false;
        }
        note(method, a.status, begun);
        auto const sent = co_await send(std::move(a), keep, is_head);
        if (sent && unwanted) co_await drain();
        co_return sent&& keep;
    }

    // The rest of the request. False: that failed, and was answered where somebody is there to hear it.
    asio::awaitable<bool> read_body(http::request_parser<http::string_body>& parser, std::string const& method,
                                    std::chrono::steady_clock::time_point begun) {
        // Old clients do not know what it asks for (RFC 9110, section 10.1.1).
        if (!old_client_ && beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            auto const [unsent, sent] = co_await asio::async_write(stream_, asio::buffer(go_on), token);
            if (unsent) co_return false;
        }
        expire_in(body_time);
        auto const [failed, bytes] = co_await http::async_read(stream_, buffer_, parser, token);
        if (!failed) co_return true;
        auto refusal = answer_to_failure(failed, here_->late);
        if (refusal) {
            note(method, refusal->status, begun);
            auto const is_head = method == "HEAD";
            co_await refuse(std::move(*refusal), is_head);
        }
        co_return false;
    }

    // Old clients end a body with an empty line that belongs to nothing (RFC 9112, section 2.2).
    void skip_empty_lines() {
        for (;;) {
            auto const held = buffer_.data();
            if (!std::string_view{static_cast<char const*>(held.data()), held.size()}.starts_with("\r\n")) return;
            buffer_.consume(2);
        }
    }

    void note(std::string const& method, int status, std::chrono::steady_clock::time_point begun) {
        auto& counts = shared_.what.counts();
        auto const known = method == "GET" || method == "POST" || method == "HEAD";
        counts.durations[known ? method : "other"].add(shared_.time.steady() - begun);
        auto const slot = static_cast<std::size_t>(std::clamp(status / 100, 2, 5) - 2);
        ++counts.answers[slot];
    }

    asio::awaitable<bool> send(answer a, bool keep_alive, bool is_head) {
        auto const bytes = a.bytes();
        http::response<http::span_body<char const>> message;
        message.result(static_cast<unsigned>(a.status));
        message.version(11);
        set_common(message, a);
        if (a.status != 304) message.set(http::field::content_type, a.type);
        message.keep_alive(keep_alive);
        // Who speaks HTTP/1.0 takes silence about it for the connection's end.
        if (keep_alive && old_client_) message.set(http::field::connection, "keep-alive");
        if (!is_head && a.status != 304) message.body() = {bytes.data(), bytes.size()};
        // A stream of events has no length, and its head alone claims none.
        auto const has_length = a.status != 304 && !a.is_event_stream;
        message.content_length(has_length ? boost::optional<std::uint64_t>{bytes.size()}
                                          : boost::optional<std::uint64_t>{});
        struct outstanding {
            std::size_t& total;
            std::size_t mine;
            outstanding(std::size_t& t, std::size_t m) : total{t}, mine{m} { total += mine; }
            ~outstanding() { total -= mine; }
        } const counted{shared_.outstanding, a.body.size()};
        expire_in(write_time + std::chrono::seconds{bytes.size() / least_bytes_a_second});
        // A client that is too slow to read is not told: it does not read.
        here_->late = true;
        http::response_serializer<http::span_body<char const>> serializer{message};
        boost::system::error_code failed;
        if (is_head || a.status == 304) {
            auto const [e, n] = co_await http::async_write_header(stream_, serializer, token);
            failed = e;
        } else {
            auto const [e, n] = co_await http::async_write(stream_, serializer, token);
            failed = e;
        }
        co_return !failed;
    }

    asio::awaitable<void> refuse(answer a, bool is_head) {
        auto const sent = co_await send(std::move(a), false, is_head);
        if (sent) co_await drain();
    }

    // After the last answer: takes what the client still sends for a moment. Closing at once would reset the
    // connection, and the client might never see the answer.
    asio::awaitable<void> drain() {
        boost::system::error_code ignored;
        socket_of(stream_).shutdown(asio::socket_base::shutdown_send, ignored);
        expire_in(std::chrono::seconds{1});
        here_->late = true;
        std::array<char, 16 * 1024> drain{};
        std::size_t taken = 0;
        while (taken < 8 * most_body_bytes) {
            auto const [failed, bytes] = co_await socket_of(stream_).async_read_some(asio::buffer(drain), token);
            if (failed) co_return;
            taken += bytes;
        }
    }

    asio::awaitable<void> stream_events(bool chunked) {
        event_stream<Stream> events{stream_, shared_, here_};
        co_await events.run(chunked);
    }

    Stream& stream_;
    shared_state& shared_;
    connections::place here_;
    std::string local_address_;
    beast::flat_buffer buffer_{most_buffered};
    bool old_client_ = false;  // HTTP/1.0
};

}  // namespace traitsync::admin
