#pragma once
// What is done beside the road: numbers for status, trimming the history, moving the log into the file, and
// the full check of the store after an unclean end. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <thread>
#include <utility>

#include "context.hpp"

namespace traitsync::engine {

class housekeeping {
public:
    explicit housekeeping(context& c) : c_{c} {}
    ~housekeeping();

    boost::asio::awaitable<void> run();  // until the engine stops
    void check_store_in_background();    // once, after an unclean end

private:
    void show();  // rates

    context& c_;
    bool more_to_trim_ = false;  // used in store jobs only
    std::thread checker_;
    std::deque<std::pair<steady_time, std::int64_t>> acknowledged_;  // of the last seconds
};

}  // namespace traitsync::engine
