#include "traitsync/net/https_client.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

#include "connection.hpp"
#include "dial.hpp"
#include "interrupt.hpp"
#include "request_head.hpp"
#include "tls.hpp"
#include "traitsync/net/proxy.hpp"
#include "tunnel.hpp"

namespace traitsync::net {
namespace {

namespace asio = boost::asio;

// What a TLS record holds (RFC 8446, 5.1).
constexpr std::size_t short_body = 16 * 1024;

error cancelled() { return {fault::cancelled, "the request was abandoned because traitsync is stopping"}; }

}  // namespace

struct https_client::parts {
    parts(asio::io_context& l, client_options o) : loop{l}, options{std::move(o)}, where{options.origin.authority()} {
        if (!options.origin.tls) return;
        if (options.proxies && options.unix_path.empty()) {
            auto chosen = proxy_for(options.origin, process_environment);
            if (chosen) {
                through = std::move(*chosen);
            } else {
                broken = chosen.error();
                return;
            }
        }
        auto context = trust(options.ca_file, options.one_of_ours);
        if (context) {
            tls = std::move(*context);
        } else {
            broken = context.error();
        }
    }

    asio::io_context& loop;
    client_options options;
    std::string where;
    std::optional<proxy> through;
    std::shared_ptr<asio::ssl::context> tls;
    std::optional<error> broken;                    // why nothing can be asked at all
    std::vector<std::unique_ptr<connection>> idle;  // the one used last at the end
    std::set<std::shared_ptr<interrupt>> running;   // one an exchange
    steady_time fresh_since{};                      // what was connected before is not used again
    bool stopped = false;

    bool usable(connection& c) const {
        auto const now = std::chrono::steady_clock::now();
        return c.made() >= fresh_since && now - c.made() < options.max_connection_age && c.is_quiet();
    }

    std::unique_ptr<connection> take_idle() {
        while (!idle.empty()) {
            auto last = std::move(idle.back());
            idle.pop_back();
            if (usable(*last)) return last;
        }
        return nullptr;
    }

    void give_back(std::unique_ptr<connection> c) {
        std::erase_if(idle, [this](auto const& other) { return !usable(*other); });
        if (!stopped && idle.size() < options.max_idle && usable(*c)) idle.push_back(std::move(c));
    }

    // The service is in trouble, or has moved.
    void look_up_again() {
        fresh_since = std::chrono::steady_clock::now();
        idle.clear();
    }

    asio::awaitable<result<asio::ip::tcp::socket>> dial_proxy(std::shared_ptr<interrupt> ending) {
        url address;
        address.tls = false;
        address.host = through->host;
        address.port = through->port;
        auto socket = co_await dial(loop, address, ending);
        if (!socket) {
            auto failure = std::move(socket).error();
            failure.what = "through the proxy: " + failure.what;
            co_return failure;
        }
        auto failed = co_await open_tunnel(*socket, *through, options.origin, ending);
        if (failed) co_return std::move(*failed);
        co_return socket;
    }

    asio::awaitable<result<std::unique_ptr<connection>>> connect(std::shared_ptr<interrupt> ending) {
        result<asio::ip::tcp::socket> socket = cancelled();
        if (!options.unix_path.empty()) {
            socket = dial_unix(loop, options.unix_path);
        } else if (through) {
            socket = co_await dial_proxy(ending);
        } else {
            socket = co_await dial(loop, options.origin, ending);
        }
        if (!socket) co_return std::move(socket).error();
        auto made = std::make_unique<connection>(std::move(*socket), tls, where);
        auto failed = co_await made->secure(options.origin.host, ending);
        // The connection goes with this frame when it failed: nobody may reach for it any more.
        ending->aim(nullptr);
        if (failed) co_return std::move(*failed);
        co_return std::move(made);
    }

    asio::awaitable<outcome> attempt(question& q, steady_time deadline, std::shared_ptr<interrupt> ending,
                                     bool may_reuse);
};

namespace {

// An exchange's interrupt, known to the client for as long as the exchange runs.
class running_exchange {
public:
    running_exchange(std::set<std::shared_ptr<interrupt>>& all, asio::io_context& loop)
        : all_{all}, ending_{std::make_shared<interrupt>(loop)} {
        all_.insert(ending_);
    }
    ~running_exchange() {
        ending_->disarm();
        all_.erase(ending_);
    }
    running_exchange(running_exchange const&) = delete;
    running_exchange& operator=(running_exchange const&) = delete;

    std::shared_ptr<interrupt> const& ending() const { return ending_; }

private:
    std::set<std::shared_ptr<interrupt>>& all_;
    std::shared_ptr<interrupt> ending_;
};

}  // namespace

// One try: on an idle connection where allowed and there, else on a new one.
asio::awaitable<outcome> https_client::parts::attempt(question& q, steady_time deadline,
                                                      std::shared_ptr<interrupt> ending, bool may_reuse) {
    outcome out;
    std::unique_ptr<connection> used;
    if (may_reuse) used = take_idle();
    bool const reused = used != nullptr;
    if (!reused) {
        ending->arm(std::min(deadline, std::chrono::steady_clock::now() + options.connect_timeout));
        auto made = co_await connect(ending);
        if (!made) {
            out.failed = std::move(made).error();
            co_return out;
        }
        used = std::move(*made);
    }
    ending->arm(deadline);
    out = co_await used->exchange(q, ending);
    ending->aim(nullptr);
    // Only of a connection that had been idle: a new one that is closed without an answer is the service's word.
    out.unanswered = out.unanswered && reused;
    if (out.reusable && !out.failed && out.answer.status < 500) give_back(std::move(used));
    co_return out;
}

https_client::https_client(asio::io_context& loop, client_options options)
    : parts_{std::make_shared<parts>(loop, std::move(options))} {}

https_client::~https_client() { stop(); }

void https_client::stop() {
    parts_->stopped = true;
    parts_->idle.clear();
    auto const running = parts_->running;
    for (auto const& r : running) r->fire(interrupt::cause::stopped);
}

asio::awaitable<result<reply>> https_client::exchange(request r) {
    auto const self = parts_;  // outlives the client where it is destroyed meanwhile
    if (self->stopped) co_return cancelled();
    if (self->broken) co_return *self->broken;
    auto head = request_head(r, self->options.origin, self->options.user_agent);
    if (!head) co_return std::move(head).error();
    question q{.head = std::move(*head),
               .body = std::move(r.body),
               .is_head = r.method == "HEAD",
               .max_reply_bytes = self->options.max_reply_bytes,
               .room = std::move(r.room)};
    // A short body goes in the head's packet and TLS record; a long one is not copied for it.
    if (q.body && q.body->size() <= short_body) {
        q.head += *q.body;
        q.body.reset();
    }
    auto const may_repeat = std::move(r.may_repeat);
    auto const deadline = std::chrono::steady_clock::now() + self->options.timeout;
    running_exchange const mine{self->running, self->loop};

    auto done = co_await self->attempt(q, deadline, mine.ending(), true);
    if (done.unanswered && (!may_repeat || may_repeat())) {
        // What had been idle beside it was closed with it, as a rule.
        self->idle.clear();
        done = co_await self->attempt(q, deadline, mine.ending(), false);
    }
    if (mine.ending()->why() == interrupt::cause::stopped && done.failed) co_return cancelled();
    if ((done.failed && done.failed->http_status == 0) || done.answer.status >= 500) self->look_up_again();
    if (done.failed) co_return std::move(*done.failed);
    co_return std::move(done.answer);
}

}  // namespace traitsync::net
