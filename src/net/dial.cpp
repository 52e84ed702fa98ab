#include "dial.hpp"

#include <fmt/core.h>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/un.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "look_up.hpp"
#include "traitsync/net/completion.hpp"

namespace traitsync::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds head_start{250};  // RFC 8305, section 8

// The families in turn, each in the resolver's order, beginning with its first choice.
std::vector<tcp::endpoint> interleaved(std::vector<tcp::endpoint> const& found) {
    std::vector<tcp::endpoint> mine, other, out;
    bool const six = found.front().address().is_v6();
    for (auto const& e : found) (e.address().is_v6() == six ? mine : other).push_back(e);
    for (std::size_t i = 0; i < std::max(mine.size(), other.size()); ++i) {
        if (i < mine.size()) out.push_back(mine[i]);
        if (i < other.size()) out.push_back(other[i]);
    }
    return out;
}

struct race {
    race(asio::io_context& l, std::vector<tcp::endpoint> e) : loop{l}, endpoints{std::move(e)}, step{l} {}

    asio::io_context& loop;
    std::vector<tcp::endpoint> endpoints;
    std::vector<std::unique_ptr<tcp::socket>> sockets;  // one an endpoint, in the order of starting
    std::size_t running = 0;
    asio::steady_timer step;
    std::optional<tcp::socket> winner;
    error_code last_failure;

    bool more() const { return sockets.size() < endpoints.size(); }
    void close() {
        error_code ignored;
        for (auto const& s : sockets) s->close(ignored);
    }
};

void start_next(std::shared_ptr<race> const& r) {
    auto const index = r->sockets.size();
    r->sockets.push_back(std::make_unique<tcp::socket>(r->loop));
    ++r->running;
    r->sockets.back()->async_connect(r->endpoints[index], [r, index](error_code const& failed) {
        --r->running;
        if (!failed && !r->winner) r->winner = std::move(*r->sockets[index]);
        if (failed && failed != asio::error::operation_aborted) r->last_failure = failed;
        r->step.cancel();
    });
}

error refusal(error_code const& why, std::string const& where) {
    if (why == asio::error::connection_refused) {
        return {fault::unavailable, fmt::format("{} refuses connections: nothing listens there", where)};
    }
    return {fault::unavailable, fmt::format("{} cannot be reached: {}", where, why.message())};
}

}  // namespace

result<tcp::socket> dial_unix(asio::io_context& loop, std::string const& path) {
    // sun_path holds that many with its end; Asio throws at more.
    if (path.size() >= sizeof sockaddr_un::sun_path) {
        return error{fault::unavailable, fmt::format("{} cannot be reached: the path is longer than {} bytes", path,
                                                     sizeof sockaddr_un::sun_path - 1)};
    }
    asio::local::stream_protocol::socket local{loop};
    error_code failed;
    local.connect(asio::local::stream_protocol::endpoint{path}, failed);
    if (failed) return error{fault::unavailable, fmt::format("{} cannot be reached: {}", path, failed.message())};
    // The connection's code knows one kind of stream socket; the kernel does not care which name it has here.
    tcp::socket socket{loop};
    auto const descriptor = local.release(failed);
    if (!failed) socket.assign(tcp::v4(), descriptor, failed);
    if (failed) return error{fault::unavailable, fmt::format("{} cannot be used: {}", path, failed.message())};
    return socket;
}

asio::awaitable<result<tcp::socket>> dial(asio::io_context& loop, url origin, std::shared_ptr<interrupt> ending) {
    auto found = co_await look_up(loop, origin, ending);
    if (!found) co_return std::move(found).error();
    auto const r = std::make_shared<race>(loop, interleaved(*found));
    ending->aim([r] {
        r->close();
        r->step.cancel();
    });
    while (!ending->fired() && !r->winner && (r->more() || r->running > 0)) {
        if (r->more()) start_next(r);
        r->step.expires_at(r->more() ? std::chrono::steady_clock::now() + head_start : steady_time::max());
        auto const [cancelled] = co_await r->step.async_wait(token);
        static_cast<void>(cancelled);
    }
    r->close();
    if (r->winner && !ending->fired()) {
        error_code ignored;
        r->winner->set_option(tcp::no_delay{true}, ignored);
        co_return std::move(*r->winner);
    }
    if (ending->fired()) {
        error e{fault::unavailable, fmt::format("{} did not accept a connection in time", origin.authority())};
        co_return e;
    }
    co_return refusal(r->last_failure, origin.authority());
}

}  // namespace traitsync::net
