#pragma once
// The way out, as a flow: asks the lane what to do, does it, and tells it what came of it. Private to
// engine/.

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <functional>
#include <string_view>

#include "context.hpp"
#include "segment_writer.hpp"
#include "spare_texts.hpp"
#include "traitsync/delivery/lane.hpp"
#include "traitsync/delivery/segment_client.hpp"

namespace traitsync::engine {

class push_loop {
public:
    push_loop(context& c, std::function<double()> random);

    boost::asio::awaitable<void> run();  // until the engine stops and the last request in flight has ended
    void stop();                         // no new requests; those in flight may finish
    void abandon();                      // ends those in flight: their messages stay offered
    // Nothing is under way, and nothing goes before the destination is settled.
    bool rests() const { return rests_; }
    // How many messages in a row were refused alone when the process last ran; in the store under this name.
    static constexpr std::string_view refused_key = "refused_in_a_row";
    void refused_before(int in_a_row);
    void use_key(secret const& write_key) { client_.use_key(write_key); }  // while it rests

private:
    boost::asio::awaitable<void> rest();
    boost::asio::awaitable<void> recover();
    boost::asio::awaitable<void> deliver();
    boost::asio::awaitable<void> send(delivery::send order);
    boost::asio::awaitable<void> fetch(delivery::fetch order);
    void take_forgotten();
    boost::asio::awaitable<void> settle();
    void spawn(boost::asio::awaitable<void> flow);
    void show_state();
    bool rests_now() const;  // nothing is offered or sent, whatever waits

    context& c_;
    std::function<double()> random_;
    delivery::lane lane_;
    delivery::segment_client client_;
    segment_writer writer_;  // used in store jobs only
    // As many as are in flight by default.
    spare_texts bodies_{4, delivery::limits::max_batch_bytes};
    // One sleeper each: a wake holds one waiting flow.
    wake fetch_wake_, settle_wake_;
    steady_time drained_at_{};  // when the store last had no more to offer
    bool gathers_ = false;      // waits for more of a pass before it asks again
    int flows_ = 0;
    int refused_stored_ = 0;
    bool settling_ = false;
    bool rests_ = false;
    std::optional<delivery::block_reason> blocked_by_;
    std::exception_ptr bug_;
};

}  // namespace traitsync::engine
