#include "conversation.hpp"

#include <fmt/core.h>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "body_decoding.hpp"
#include "retry_after.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using parser_type = http::response_parser<http::string_body>;

constexpr std::uint32_t max_head_bytes = 64 * 1024;
// What is held of an answer beside its body. Beast's own limits count neither the lines around the pieces of a chunked
// body nor the fields behind it: without this one a line that does not end would be kept whole.
constexpr std::size_t most_buffered = 2 * max_head_bytes;
// Of an answer that is a failure only the first 2 KB are ever shown.
constexpr std::size_t max_failure_bytes = 64 * 1024;
// Beast reads no more at once than the buffer has room for.
constexpr std::size_t read_bytes = 64 * 1024;
// A body that is longer grows as its bytes come: what is only announced takes no memory.
constexpr std::size_t most_at_once = std::size_t{4} << 20;
// 100 and 103 may come in front of the answer, but nobody needs many.
constexpr int max_interim = 16;

bool is_success(int status) { return status >= 200 && status < 300; }

bool was_closed(error_code const& e) {
    return e == asio::error::eof || e == asio::error::connection_reset || e == asio::error::connection_aborted ||
           e == asio::error::broken_pipe || e == asio::ssl::error::stream_truncated ||
           e == http::error::end_of_stream || e == http::error::partial_message;
}

enum class phase { sending, waiting, reading };

std::string late_words(phase p, std::string const& where) {
    switch (p) {
        case phase::sending:
            return where + " did not take the request in time";
        case phase::waiting:
            return where + " did not answer in time";
        case phase::reading:
            break;
    }
    return where + " did not finish its answer in time";
}

// Whether what has come of an answer's head may be HTTP: TLS behind a plain port answers otherwise, and briefly.
bool may_be_http(beast::flat_buffer const& buffer) {
    constexpr std::string_view version = "HTTP/1.";
    auto const bytes = buffer.cdata();
    auto const size = std::min(bytes.size(), version.size());
    return std::string_view{static_cast<char const*>(bytes.data()), size} == version.substr(0, size);
}

error failure(phase p, error_code const& e, std::string const& where, interrupt const& ending) {
    if (ending.fired()) {
        error late{fault::unavailable, late_words(p, where)};
        late.unfinished = p == phase::reading;
        late.not_in_time = p == phase::waiting;
        return late;
    }
    if (was_closed(e)) {
        auto const* const when = p == phase::sending   ? "while the request was sent"
                                 : p == phase::waiting ? "without an answer"
                                                       : "within its answer";
        error closed{fault::unavailable, fmt::format("{} closed the connection {}", where, when)};
        closed.unfinished = p == phase::reading;
        return closed;
    }
    if (e == http::error::header_limit) {
        return {fault::unavailable,
                fmt::format("the answer of {} has a head of more than {} bytes", where, max_head_bytes)};
    }
    if (e.category() == make_error_code(http::error::bad_version).category()) {
        return {fault::unavailable, fmt::format("the answer of {} is not HTTP/1.1: {}", where, e.message())};
    }
    return {fault::unavailable, fmt::format("the connection to {} broke: {}", where, e.message())};
}

// The status is known and told: to somebody who needs no body it is an answer.
error too_large(std::string const& where, std::size_t limit, int status) {
    error e{fault::too_large, fmt::format("the answer of {} is larger than {} bytes", where, limit)};
    e.http_status = status;
    return e;
}

// Waits that others ask for, from their headers. Their clock counts from their own Date where they give one.
void read_waits(http::fields const& head, reply& out) {
    auto const text = [&](auto name) {
        auto const value = head[name];
        return std::string_view{value.data(), value.size()};
    };
    auto const now = system_clock().wall();
    out.retry_after =
        retry_after_of(text(http::field::retry_after), parse_http_date(text(http::field::date), now).value_or(now));
    if (auto const reset = text("X-RateLimit-Reset"); !reset.empty() && reset.front() >= '0' && reset.front() <= '9') {
        out.rate_limit_reset = retry_after_of(reset, now);
    }
}

// A message, the body of a failure perhaps cut.
void accept(parser_type& parser, bool cut, std::size_t limit, std::string const& where, std::string room,
            outcome& out) {
    auto& message = parser.get();
    auto const text = [&](http::field name) {
        auto const value = message[name];
        return std::string{value.data(), value.size()};
    };
    auto& answer = out.answer;
    answer.status = static_cast<int>(message.result_int());
    answer.location = text(http::field::location);
    answer.content_type = text(http::field::content_type);
    read_waits(message, answer);
    auto const encoding = text(http::field::content_encoding);
    if (cut) {
        if (encoding.empty()) answer.body = std::move(message.body());
        return;
    }
    auto body = decoded(encoding, std::move(message.body()), limit, std::move(room));
    if (body) {
        answer.body = std::move(*body);
    } else if (is_success(answer.status)) {
        out.failed = body.error();
        out.failed->what = where + " " + out.failed->what;
        out.failed->http_status = answer.status;
    }
}

// An answer on its way in. Lives in converse_on(), which the readers below are parts of.
struct reading {
    std::string const& where;
    interrupt const& ending;
    bool is_head;
    error_code unsent;  // why the request could not be sent whole
    std::string room;   // see request::room
    beast::flat_buffer buffer{most_buffered};
    std::optional<parser_type> parser{};
    bool any = false;  // a byte of an answer has come

    int status() const { return static_cast<int>(parser->get().result_int()); }
};

error malformed(reading const& r, std::string_view how) {
    return {fault::unavailable, fmt::format("the answer of {} is not {}", r.where, how)};
}

// The head of the answer itself: interim answers are passed over.
template <class Stream>
asio::awaitable<void> read_head(Stream& stream, reading& r, outcome& out) {
    for (int interim = 0;; ++interim) {
        r.parser.emplace();
        r.parser->header_limit(max_head_bytes);
        r.parser->body_limit(boost::none);  // judged when the status is known
        r.parser->skip(r.is_head);
        auto const [failed, size] = co_await http::async_read_header(stream, r.buffer, *r.parser, token);
        r.any = r.any || r.parser->got_some();
        if (failed) {
            auto const p = r.any ? phase::reading : r.unsent ? phase::sending : phase::waiting;
            out.failed = failure(p, failed, r.where, r.ending);
            if (size == 0 && !may_be_http(r.buffer)) out.failed = malformed(r, "HTTP/1.1");
            out.unanswered = !r.any && !r.ending.fired() && was_closed(failed);
            co_return;
        }
        if (r.status() / 100 != 1) break;
        if (r.status() == 101 || interim == max_interim) {
            out.failed = malformed(r, "the one to our request");
            co_return;
        }
    }
    if (r.status() < 200 || r.status() > 599) {
        out.failed = malformed(r, fmt::format("HTTP/1.1: it has the status {}", r.status()));
    }
}

// Straight to where it stays. Beast would read each piece into its buffer, append zeros to the body and copy the piece
// over them.
template <class Stream>
asio::awaitable<error_code> read_at_once(Stream& stream, reading& r, std::size_t length) {
    auto& body = r.parser->get().body();
    body = std::move(r.room);
    if (body.capacity() < length) {
        body = {};
        body.reserve(length + length / 8);  // pages differ by little: the next one is to fit as well
    }
    body.resize(length);  // of what stood there only the rest is filled with zeros
    auto const begun = asio::buffer_copy(asio::buffer(body), r.buffer.data());
    r.buffer.consume(begun);
    auto const left = [rest = length - begun](error_code const& e, std::size_t read) { return e ? 0 : rest - read; };
    auto const [failed, size] = co_await asio::async_read(stream, asio::buffer(body) + begun, left, token);
    if (failed) body.resize(begun + size);
    co_return failed;
}

// A body that did not come whole. A failure's status and waits are known all the same, and what is done goes by them:
// its text is for people. True where it counts as cut.
bool ends_cut(reading const& r, error_code const& failed, outcome& out) {
    if (!is_success(r.status()) && r.ending.why() != interrupt::cause::stopped) return true;
    out.failed = failure(phase::reading, failed, r.where, r.ending);
    return false;
}

// The body, up to the limit: what is longer is refused of a success, and cut of a failure, where it is a page for
// people instead of a line. True when it was cut.
template <class Stream>
asio::awaitable<bool> read_body(Stream& stream, reading& r, std::size_t limit, outcome& out) {
    auto& parser = *r.parser;
    if (parser.is_done()) co_return false;
    auto const length = parser.content_length();
    if (length && *length > limit) {
        // Nothing is set aside for what is only announced; the start is at hand.
        if (is_success(r.status())) out.failed = too_large(r.where, limit, r.status());
        auto const start = r.buffer.cdata();
        parser.get().body().assign(static_cast<char const*>(start.data()), std::min(start.size(), limit));
        co_return true;
    }
    if (is_plain(parser.get()[http::field::content_encoding])) {
        if (length && *length <= most_at_once) {
            auto const failed = co_await read_at_once(stream, r, *length);
            if (!failed) co_return false;
            co_return ends_cut(r, failed, out);
        }
        parser.get().body() = std::move(r.room);
        parser.get().body().clear();
    }
    parser.body_limit(limit);
    auto const [failed, size] = co_await http::async_read(stream, r.buffer, parser, token);
    static_cast<void>(size);
    bool const cut = failed == http::error::body_limit || failed == http::error::buffer_overflow;
    if (cut && is_success(r.status())) out.failed = too_large(r.where, limit, r.status());
    co_return cut || (failed && ends_cut(r, failed, out));
}

template <class Stream>
asio::awaitable<outcome> converse_on(Stream& stream, question& q, std::string const& where, interrupt const& ending) {
    outcome out;
    std::array const bytes{asio::buffer(std::as_const(q.head)), q.body ? asio::buffer(*q.body) : asio::const_buffer{}};
    auto const [unsent, sent] = co_await asio::async_write(stream, bytes, token);
    static_cast<void>(sent);
    if (unsent && (ending.fired() || !was_closed(unsent))) {
        out.failed = failure(phase::sending, unsent, where, ending);
        co_return out;
    }
    // Who closed while we were sending may have said why before: a refusal of a body too large comes so.
    reading r{where, ending, q.is_head, unsent, std::move(q.room)};
    r.buffer.reserve(read_bytes);
    co_await read_head(stream, r, out);
    if (out.failed) co_return out;
    // Nobody can have taken what was not sent: whoever says so does not speak of this request.
    if (unsent && is_success(r.status())) {
        out.failed = failure(phase::sending, unsent, where, ending);
        co_return out;
    }
    auto const limit = is_success(r.status()) ? q.max_reply_bytes : std::min(q.max_reply_bytes, max_failure_bytes);
    bool const cut = co_await read_body(stream, r, limit, out);
    if (out.failed) co_return out;
    // Bytes after the answer belong to no request of ours.
    out.reusable = !cut && !unsent && r.parser->keep_alive() && r.buffer.size() == 0;
    accept(*r.parser, cut, limit, where, std::move(r.room), out);
    co_return out;
}

}  // namespace

asio::awaitable<outcome> converse(tcp::socket& stream, question& q, std::string const& where, interrupt const& ending) {
    return converse_on(stream, q, where, ending);
}

asio::awaitable<outcome> converse(asio::ssl::stream<tcp::socket>& stream, question& q, std::string const& where,
                                  interrupt const& ending) {
    return converse_on(stream, q, where, ending);
}

}  // namespace traitsync::net
