#pragma once
// The way out, as a flow: asks the lane what to do, does it, and tells it what came of it. Private to
// engine/.

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>

#include "context.hpp"
#include "traitsync/delivery/lane.hpp"
#include "traitsync/delivery/segment_client.hpp"

namespace traitsync::engine {

class push_loop {
public:
    push_loop(context& c, std::function<double()> random);

    boost::asio::awaitable<void> run();  // until the engine stops and the last request in flight has ended
    void stop();                         // no new requests; those in flight may finish
    void abandon();                      // ends those in flight: their messages stay offered

private:
    boost::asio::awaitable<void> recover();
    boost::asio::awaitable<void> send(delivery::send order);
    boost::asio::awaitable<void> fetch(delivery::fetch order);
    boost::asio::awaitable<void> settle();
    void show_state();
    void act(delivery::action const& next);

    context& c_;
    delivery::lane lane_;
    delivery::segment_client client_;
    int in_flight_ = 0;
    bool settling_ = false;
    bool abandoned_ = false;
    std::exception_ptr bug_;
};

}  // namespace traitsync::engine
