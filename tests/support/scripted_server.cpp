#include "support/scripted_server.hpp"
#include "traitsync/net/completion.hpp"

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

namespace traitsync::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

using net::token;

seen_request seen(http::request<http::string_body> const& message, std::size_t connection) {
    seen_request out;
    out.method = std::string{message.method_string()};
    out.target = std::string{message.target()};
    for (auto const& field : message) out.headers.emplace_back(field.name_string(), field.value());
    out.body = message.body();
    out.connection = connection;
    return out;
}

}  // namespace

struct scripted_server::parts {
    using tls_stream = asio::ssl::stream<tcp::socket>;

    explicit parts(server_options o) : options{std::move(o)} {
        if (!options.tls) return;
        tls.use_certificate_chain(asio::buffer(options.tls->pem));
        tls.use_private_key(asio::buffer(options.tls->key), asio::ssl::context::pem);
    }

    server_options options;
    std::map<std::size_t, tcp::socket*> sockets;  // before the loop: the sessions' frames die with it and leave here
    asio::ssl::context tls{asio::ssl::context::tls_server};
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
    std::uint16_t const port = acceptor.local_endpoint().port();
    std::thread thread;

    mutable std::mutex lock;  // over what follows
    mutable std::condition_variable changed;
    std::deque<scripted_answer> script;
    scripted_answer otherwise;
    std::optional<scripted_answer> refusal;
    std::function<scripted_answer(seen_request const&)> decide;
    std::vector<seen_request> requests;
    std::size_t accepted = 0;
    std::size_t answered = 0;

    scripted_answer next_answer(seen_request request);
    std::optional<scripted_answer> refusal_of(bool without_body) const {
        std::lock_guard const held{lock};
        return without_body ? std::nullopt : refusal;
    }
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(tcp::socket socket, std::size_t number);
    template <class Stream>
    asio::awaitable<void> converse(Stream& stream, tcp::socket& socket, std::size_t number);
    template <class Stream>
    asio::awaitable<bool> give(Stream& stream, tcp::socket& socket, scripted_answer answer);

    // Does it in the server's thread and waits for it.
    template <class Act>
    void there(Act act) {
        std::promise<void> done;
        asio::post(loop, [&] {
            act();
            done.set_value();
        });
        done.get_future().wait();
    }
    template <class Condition>
    bool wait(Condition holds, std::chrono::milliseconds limit) const {
        std::unique_lock held{lock};
        return changed.wait_for(held, limit, holds);
    }
};

namespace {

class registration {
public:
    registration(std::map<std::size_t, tcp::socket*>& all, std::size_t number, tcp::socket& socket)
        : all_{all}, number_{number} {
        all_.emplace(number, &socket);
    }
    ~registration() { all_.erase(number_); }
    registration(registration const&) = delete;
    registration& operator=(registration const&) = delete;

private:
    std::map<std::size_t, tcp::socket*>& all_;
    std::size_t number_;
};

// Reads and forgets until the other side goes.
template <class Stream>
asio::awaitable<void> drain(Stream& stream) {
    std::array<char, 4096> ignored;
    for (;;) {
        auto const [failed, size] = co_await stream.async_read_some(asio::buffer(ignored), token);
        static_cast<void>(size);
        if (failed) co_return;
    }
}

}  // namespace

scripted_answer scripted_server::parts::next_answer(seen_request request) {
    std::function<scripted_answer(seen_request const&)> ask;
    scripted_answer answer;
    {
        std::lock_guard const held{lock};
        ask = decide;
        if (!ask && !script.empty()) {
            answer = std::move(script.front());
            script.pop_front();
        } else {
            answer = otherwise;
        }
        requests.push_back(request);
    }
    changed.notify_all();
    return ask ? ask(request) : answer;
}

asio::awaitable<void> scripted_server::parts::accept() {
    for (;;) {
        auto [failed, socket] = co_await acceptor.async_accept(token);
        if (failed) co_return;
        std::size_t number = 0;
        {
            std::lock_guard const held{lock};
            number = ++accepted;
        }
        changed.notify_all();
        asio::co_spawn(loop, serve(std::move(socket), number), asio::detached);
    }
}

asio::awaitable<void> scripted_server::parts::serve(tcp::socket socket, std::size_t number) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    if (!options.tls) {
        registration const mine{sockets, number, socket};
        co_await converse(socket, socket, number);
        co_return;
    }
    tls_stream stream{std::move(socket), tls};
    registration const mine{sockets, number, stream.next_layer()};
    auto const [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    if (!failed) co_await converse(stream, stream.next_layer(), number);
}

template <class Stream>
asio::awaitable<void> scripted_server::parts::converse(Stream& stream, tcp::socket& socket, std::size_t number) {
    beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(boost::none);
        auto const [cut, head_size] = co_await http::async_read_header(stream, buffer, parser, token);
        static_cast<void>(head_size);
        if (cut && buffer.size() > 0) {
            // As servers do with what is no HTTP, a TLS hello for instance.
            scripted_answer const puzzled{
                .status = 400, .headers = {{"Connection", "close"}}, .then = afterwards::close};
            co_await give(stream, socket, puzzled);
        }
        if (cut) co_return;
        if (auto refused = refusal_of(parser.is_done())) {
            co_await give(stream, socket, std::move(*refused));
            co_return;
        }
        auto const [failed, size] = co_await http::async_read(stream, buffer, parser, token);
        static_cast<void>(size);
        if (failed) co_return;
        auto answer = next_answer(seen(parser.get(), number));
        auto const go_on = co_await give(stream, socket, std::move(answer));
        if (!go_on) co_return;
    }
}

// Whether the connection may take another request.
template <class Stream>
asio::awaitable<bool> scripted_server::parts::give(Stream& stream, tcp::socket& socket, scripted_answer answer) {
    if (answer.delay.count() > 0) {
        asio::steady_timer timer{loop, answer.delay};
        auto const [cancelled] = co_await timer.async_wait(token);
        static_cast<void>(cancelled);
    }
    auto const text = wire_text(answer);
    auto const [failed, size] = co_await asio::async_write(stream, asio::buffer(text), token);
    static_cast<void>(size);
    if (failed) co_return false;
    {
        std::lock_guard const held{lock};
        ++answered;
    }
    changed.notify_all();
    error_code ignored;
    switch (answer.then) {
        case afterwards::go_on:
            co_return answer.framing != framing::until_close;
        case afterwards::close:
            break;
        case afterwards::reset:
            socket.set_option(asio::socket_base::linger{true, 0}, ignored);
            break;
        case afterwards::hang:
            co_await drain(stream);
            break;
    }
    co_return false;
}

scripted_server::scripted_server(server_options options) : parts_{std::make_unique<parts>(std::move(options))} {
    asio::co_spawn(parts_->loop, parts_->accept(), asio::detached);
    parts_->thread = std::thread{[p = parts_.get()] { p->loop.run(); }};
}

scripted_server::~scripted_server() {
    parts_->loop.stop();
    parts_->thread.join();
}

std::uint16_t scripted_server::port() const { return parts_->port; }

std::string scripted_server::url(std::string_view path, std::string_view host) const {
    return fmt::format("{}://{}:{}{}", parts_->options.tls ? "https" : "http", host, port(), path);
}

void scripted_server::answer(scripted_answer a, std::size_t times) {
    std::lock_guard const held{parts_->lock};
    parts_->script.insert(parts_->script.end(), times, a);
}

void scripted_server::always(scripted_answer a) {
    std::lock_guard const held{parts_->lock};
    parts_->otherwise = std::move(a);
}

void scripted_server::answer_with(std::function<scripted_answer(seen_request const&)> decide) {
    std::lock_guard const held{parts_->lock};
    parts_->decide = std::move(decide);
}

void scripted_server::refuse_bodies(scripted_answer a) {
    std::lock_guard const held{parts_->lock};
    parts_->refusal = std::move(a);
}

std::vector<seen_request> scripted_server::requests() const {
    std::lock_guard const held{parts_->lock};
    return parts_->requests;
}

std::size_t scripted_server::connections() const {
    std::lock_guard const held{parts_->lock};
    return parts_->accepted;
}

bool scripted_server::wait_for_requests(std::size_t count, std::chrono::milliseconds limit) const {
    return parts_->wait([&] { return parts_->requests.size() >= count; }, limit);
}

bool scripted_server::wait_for_answers(std::size_t count, std::chrono::milliseconds limit) const {
    return parts_->wait([&] { return parts_->answered >= count; }, limit);
}

bool scripted_server::wait_for_connections(std::size_t count, std::chrono::milliseconds limit) const {
    return parts_->wait([&] { return parts_->accepted >= count; }, limit);
}

void scripted_server::drop_connections() {
    parts_->there([p = parts_.get()] {
        error_code ignored;
        for (auto const& [number, socket] : p->sockets) socket->close(ignored);
    });
}

void scripted_server::blurt(std::string bytes) {
    parts_->there([p = parts_.get(), &bytes] {
        error_code ignored;
        for (auto const& [number, socket] : p->sockets) asio::write(*socket, asio::buffer(bytes), ignored);
    });
}

}  // namespace traitsync::test
