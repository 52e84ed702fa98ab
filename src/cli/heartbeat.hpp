#pragma once
// What the service manager hears while the service runs. The loop says that it is alive only after the store's thread
// has done a job for it, so either of them standing still is noticed.

#include <boost/asio/awaitable.hpp>

#include "service_manager.hpp"
#include "traitsync/engine/status.hpp"
#include "traitsync/store/store_thread.hpp"

namespace traitsync::cli {

// Until the loop ends. Both do nothing where nobody asked for it.
boost::asio::awaitable<void> keep_alive(service_manager& manager, store::store_thread& store);
boost::asio::awaitable<void> keep_status(service_manager& manager, engine::status const& state);

// "running: 12 messages wait, 3 on their way", "blocked: <reason>"
std::string status_line(engine::status const& s);

}  // namespace traitsync::cli
