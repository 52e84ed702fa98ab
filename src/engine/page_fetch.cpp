#include "page_fetch.hpp"

#include <boost/asio/co_spawn.hpp>

#include <utility>

namespace traitsync::engine {
namespace {

constexpr std::chrono::hours no_end{1};  // the client's own timeout ends a request; notify() comes then

}  // namespace

void page_fetch::ask(moesif::search query) {
    if (under_way_) return;
    under_way_ = true;
    body_.reset();
    asked_ = query;
    boost::asio::co_spawn(c_.loop, fetch(std::move(query)), [this](std::exception_ptr thrown) {
        if (thrown) bug_ = thrown;
        under_way_ = false;
        arrived_.notify();
    });
}

boost::asio::awaitable<void> page_fetch::fetch(moesif::search query) {
    auto const asked_at = c_.time.steady();
    auto answer = co_await client_.search_page(std::move(query), rooms_.take());
    c_.state.pull.requests.add(c_.time.steady() - asked_at);
    body_.emplace(std::move(answer));
}

boost::asio::awaitable<result<std::string>> page_fetch::take(moesif::search query) {
    if (!asked(query)) {
        co_await end();
        ask(std::move(query));
    }
    co_await end();
    asked_.reset();
    auto body = std::exchange(body_, std::nullopt);
    co_return std::move(*body);
}

boost::asio::awaitable<void> page_fetch::end() {
    while (under_way_) co_await arrived_.until(c_.time.steady() + no_end);
    if (bug_) std::rethrow_exception(std::exchange(bug_, nullptr));
}

}  // namespace traitsync::engine
