#pragma once
// A coroutine run to its end on a loop of the test's.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace traitsync::test {

// Runs `loop` until `work` has ended, gives its value, or throws what it threw. What else is on the loop goes on
// meanwhile and stays as it is afterwards.
template <class T>
T awaited(boost::asio::io_context& loop, boost::asio::awaitable<T> work) {
    std::optional<T> value;
    std::exception_ptr thrown;
    bool ended = false;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T v) {
        thrown = e;
        if (!e) value.emplace(std::move(v));
        ended = true;
    });
    loop.restart();
    while (!ended && loop.run_one() > 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    if (!value) throw std::logic_error{"the loop ran out of work before the coroutine ended"};
    return std::move(*value);
}

}  // namespace traitsync::test
