#pragma once
// Events to one who listens, until the client goes: https://html.spec.whatwg.org/multipage/server-sent-events.html.
// Private to admin/: included by exchange_loop.hpp only.

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>

#include <list>
#include <memory>
#include <string>

#include "wire.hpp"

namespace traitsync::admin {

// The caller has seen that there is room for one more listener.
template <class Stream>
class event_stream {
public:
    event_stream(Stream& stream, shared_state& shared, connections::place here)
        : stream_{stream}, shared_{shared}, here_{here} {}

    // `chunked`: the client speaks HTTP/1.1.
    asio::awaitable<void> run(bool chunked) {
        auto const me = std::make_shared<listener>(socket_of(stream_).get_executor());
        auto const place = shared_.listeners.insert(shared_.listeners.end(), me.get());
        socket_of(stream_).async_wait(asio::socket_base::wait_read, [me](boost::system::error_code) {
            me->gone = true;
            me->timer.cancel();
        });
        struct registration {
            shared_state& shared;
            std::list<listener*>::iterator place;
            ~registration() {
                shared.listeners.erase(place);
                shared.what.counts().listeners = static_cast<std::int64_t>(shared.listeners.size());
            }
        } const registered{shared_, place};
        shared_.what.counts().listeners = static_cast<std::int64_t>(shared_.listeners.size());
        here_->stream = true;
        boost::system::error_code unset;
        socket_of(stream_).set_option(asio::socket_base::send_buffer_size{event_send_buffer}, unset);

        http::response<http::empty_body> head;
        head.result(http::status::ok);
        head.version(11);
        answer const plain{.type = "text/event-stream"};
        set_common(head, plain);
        head.set(http::field::content_type, "text/event-stream");
        head.set("X-Accel-Buffering", "no");
        if (chunked) {
            head.chunked(true);
        } else {
            head.keep_alive(false);
        }
        http::response_serializer<http::empty_body> serializer{head};
        expire_soon();
        auto const [failed, bytes] = co_await http::async_write_header(stream_, serializer, token);
        if (failed) co_return;

        std::string last;
        auto beat = shared_.time.steady();
        for (;;) {
            auto now = shared_.time.steady();
            std::string text;
            if (me->changed) {
                me->changed = false;
                auto shown = shared_.what.status_now(false);
                if (shown != last) {
                    last = std::move(shown);
                    text = "event: status\ndata: " + shared_.what.status_now() + "\n\n";
                }
            }
            if (text.empty() && now - beat >= heartbeat) text = ": heartbeat\n\n";
            if (!text.empty()) {
                beat = now;
                expire_soon();
                auto const sent = co_await write(text, chunked);
                if (!sent) co_return;
            }
            here_->deadline = connections::time_point::max();
            // At most one a second; what changes meanwhile is told then.
            if (me->gone) co_return;
            me->rests = true;
            me->timer.expires_at(now + event_gap);
            auto const gap_ended = co_await me->timer.async_wait(token);
            static_cast<void>(gap_ended);
            me->rests = false;
            while (!me->gone && !me->changed && shared_.time.steady() - beat < heartbeat) {
                me->timer.expires_at(beat + heartbeat);
                auto const ended = co_await me->timer.async_wait(token);
                static_cast<void>(ended);
            }
            if (me->gone || !socket_of(stream_).is_open()) co_return;
        }
    }

private:
    // A client that is too slow to read is not told: it does not read.
    void expire_soon() {
        here_->deadline = shared_.time.steady() + event_time;
        here_->late = true;
    }

    asio::awaitable<bool> write(std::string const& text, bool chunked) {
        if (chunked) {
            auto const chunk = http::make_chunk(asio::buffer(text));
            auto const [failed, bytes] = co_await asio::async_write(stream_, chunk, token);
            co_return !failed;
        }
        auto const [failed, bytes] = co_await asio::async_write(stream_, asio::buffer(text), token);
        co_return !failed;
    }

    Stream& stream_;
    shared_state& shared_;
    connections::place here_;
};

}  // namespace traitsync::admin
