#include "look_up.hpp"

#include <fmt/core.h>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "traitsync/net/completion.hpp"

namespace traitsync::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A name is asked anew each connect_timeout (10 s), and glibc gives up after 5 s x 2 attempts x at most 3 name servers:
// more than three that nobody awaits any more are there only where a name hangs for longer. Those asking then share.
constexpr std::size_t most_a_name = 4;
// Names come from the configuration, and there are four at most; but it can be read anew (SIGHUP).
constexpr std::size_t most_in_all = 32;

struct finding {
    int failed = 0;  // EAI_...
    int system = 0;  // errno, where that is EAI_SYSTEM
    std::vector<asio::ip::address> addresses;

    std::string words() const {
        if (failed == EAI_SYSTEM) return std::generic_category().message(system);
        return failed != 0 ? ::gai_strerror(failed) : "it has no address";
    }
};

finding found_of(std::string const& name) {
    finding out;
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* all = nullptr;
    out.failed = ::getaddrinfo(name.c_str(), nullptr, &wanted, &all);
    out.system = errno;
    if (out.failed != 0) return out;
    for (auto const* a = all; a != nullptr; a = a->ai_next) {
        tcp::endpoint e;
        if ((a->ai_family != AF_INET && a->ai_family != AF_INET6) || a->ai_addrlen > e.capacity()) continue;
        std::memcpy(e.data(), a->ai_addr, a->ai_addrlen);
        e.resize(a->ai_addrlen);
        out.addresses.push_back(e.address());
    }
    ::freeaddrinfo(all);
    return out;
}

// One look-up, and those who wait for it. Each wake-up is for all: whoever has what he wants goes on.
struct search {
    search(asio::io_context& loop, std::string n) : name{std::move(n)}, done{loop, steady_time::max()} {}
    std::string name;
    asio::steady_timer done;
    std::size_t waiting = 0;
    std::optional<finding> found;
};

class searches;

// What a thread knows of the loop, which may end first. The one lock: a thread must not speak to a loop that is just
// going. It is held for as long as that takes, never while a name is looked up.
struct way_back {
    std::mutex lock;
    searches* owner = nullptr;  // nothing once the loop goes
};

// Signals are for the threads that were there before.
class without_signals {
public:
    without_signals() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~without_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    without_signals(without_signals const&) = delete;
    without_signals& operator=(without_signals const&) = delete;

private:
    sigset_t before_{};
};

// The look-ups of a loop. Asio calls shutdown() at the loop's end, before anything that a post needs is gone.
class searches final : public asio::execution_context::service {
public:
    using key_type = searches;
    static asio::execution_context::id id;

    explicit searches(asio::io_context& loop) : service{loop}, loop_{loop}, way_{std::make_shared<way_back>()} {
        way_->owner = this;
    }

    // The look-up to wait for; words where none can be begun.
    result<std::shared_ptr<search>> of(std::string const& name) {
        std::shared_ptr<search> newest;
        std::size_t of_name = 0;
        for (auto const& s : running_) {
            if (s->name != name) continue;
            // One that its askers gave up may hang at a name server that has come back since.
            if (s->waiting > 0) return s;
            newest = s;
            ++of_name;
        }
        if (of_name == most_a_name) return newest;
        if (running_.size() == most_in_all) return error{fault::unavailable, "too many other names hang"};
        auto made = std::make_shared<search>(loop_, name);
        try {
            begin(made.get());
        } catch (std::system_error const& e) {
            return error{fault::unavailable, std::string{"no thread can be started: "} + e.code().message()};
        }
        running_.push_back(made);
        return made;
    }

private:
    void shutdown() override {
        {
            std::lock_guard const held{way_->lock};
            way_->owner = nullptr;
        }
        running_.clear();
    }

    // Detached: nobody waits for its end, neither the loop's nor the process's. So it holds, and touches, nothing but
    // what is its own (the name, what is found, the way back, which it keeps alive) until it has the lock of a loop
    // that is there. `which` is a mark for the loop and never followed by the thread. While the process exits it may
    // still be within getaddrinfo(): it knows no static object of ours, and what glibc itself needs for it, glibc keeps
    // until the process is gone.
    void begin(search const* which) {
        without_signals const so_far;
        std::thread{[which, name = which->name, way = way_] {
            auto found = found_of(name);
            std::lock_guard const held{way->lock};
            if (way->owner != nullptr) way->owner->come_back(which, std::move(found));
        }}.detach();
    }

    // On the look-up's thread, with the lock.
    void come_back(search const* which, finding found) {
        asio::post(loop_, [this, which, found = std::move(found)]() mutable { end(which, std::move(found)); });
    }

    void end(search const* which, finding found) {
        auto const at = std::find_if(running_.begin(), running_.end(), [&](auto const& s) { return s.get() == which; });
        auto const ended = *at;
        running_.erase(at);
        ended->found = std::move(found);
        ended->done.cancel();
    }

    asio::io_context& loop_;
    std::shared_ptr<way_back> way_;
    std::vector<std::shared_ptr<search>> running_;
};

asio::execution_context::id searches::id;

// Counted while it waits.
class asker {
public:
    explicit asker(std::shared_ptr<search> s) : search_{std::move(s)} { ++search_->waiting; }
    ~asker() { --search_->waiting; }
    asker(asker const&) = delete;
    asker& operator=(asker const&) = delete;

private:
    std::shared_ptr<search> search_;
};

std::vector<tcp::endpoint> at_port(std::vector<asio::ip::address> const& addresses, std::string const& text) {
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    std::vector<tcp::endpoint> out;
    for (auto const& a : addresses) out.emplace_back(a, port);
    return out;
}

}  // namespace

asio::awaitable<result<std::vector<tcp::endpoint>>> look_up(asio::io_context& loop, url origin,
                                                            std::shared_ptr<interrupt> ending) {
    boost::system::error_code no_address;
    auto const address = asio::ip::make_address(origin.host, no_address);
    if (!no_address) {
        std::vector<asio::ip::address> const itself{address};
        co_return at_port(itself, origin.port);
    }
    auto const begun = asio::use_service<searches>(loop).of(origin.host);
    if (!begun) {
        error e{fault::unavailable,
                fmt::format("the name {} cannot be looked up: {}", origin.host, begun.error().what)};
        co_return e;
    }
    auto const mine = *begun;
    asker const counted{mine};
    ending->aim([mine] { mine->done.cancel(); });
    while (!mine->found && !ending->fired()) {
        auto const [cancelled] = co_await mine->done.async_wait(token);
        static_cast<void>(cancelled);
    }
    if (ending->fired()) {
        error e{fault::unavailable, fmt::format("the name {} was not found in time", origin.host)};
        co_return e;
    }
    if (mine->found->addresses.empty()) {
        error e{fault::unavailable, fmt::format("the name {} cannot be found: {}", origin.host, mine->found->words())};
        co_return e;
    }
    co_return at_port(mine->found->addresses, origin.port);
}

}  // namespace traitsync::net
