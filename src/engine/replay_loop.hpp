#pragma once
// Ends replays and takes back the claims of cancelled ones. Their messages are made as delivery takes them, behind all
// that waits (push_loop); while nothing can be delivered some are put into the queue ahead. Private to engine/.

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
    // `ahead`: nothing is delivered now.
    result<step> take(store::session& s, bool ahead, std::int64_t now);

    context& c_;
};

}  // namespace traitsync::engine
