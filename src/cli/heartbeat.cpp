#include "heartbeat.hpp"

#include <fmt/core.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace traitsync::cli {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds status_interval{1};

}  // namespace

std::string status_line(engine::status const& s) {
    auto const& n = s.numbers;
    auto line = fmt::format("{}: {} messages wait, {} on their way", engine::overall(s), n.waiting, n.offered);
    if (n.held > 0) line += fmt::format(", {} held", n.held);
    if (n.dead > 0) line += fmt::format(", {} dead", n.dead);
    auto const reasons = engine::reasons_of(s);
    if (!reasons.empty()) line += "; " + reasons.front().detail;
    return line;
}

asio::awaitable<void> keep_alive(service_manager& manager, store::store_thread& store) {
    auto const beat = manager.beat();
    if (!beat) co_return;
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    for (;;) {
        auto nothing = [](store::session&) -> result<bool> { return true; };
        auto done = co_await store.run(std::move(nothing));
        if (done) manager.alive();
        timer.expires_after(*beat);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> keep_status(service_manager& manager, engine::status const& state) {
    if (!manager.present()) co_return;
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    for (;;) {
        manager.status(status_line(state));
        timer.expires_after(status_interval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace traitsync::cli
