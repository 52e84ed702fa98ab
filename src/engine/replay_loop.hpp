#pragma once
// Ends replays and takes back the claims of cancelled ones. While messages wait or are held that a replay may join, or
// nothing can be delivered, it is put into the queue some batches ahead of what is acknowledged; else its messages are
// made as delivery takes them (replay_feed). Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <cstdint>

#include "context.hpp"

namespace traitsync::engine {

class replay_loop {
public:
    explicit replay_loop(context& c) : c_{c} {}

    boost::asio::awaitable<void> run();  // until the engine stops

private:
    struct step {
        bool active = false;  // a replay runs
        bool more = false;    // there is more to do at once
        bool fed = false;
        std::int64_t ended = 0;  // a replay's number
    };
    result<step> take(store::session& s, bool delivers, std::int64_t now);

    context& c_;
};

}  // namespace traitsync::engine
