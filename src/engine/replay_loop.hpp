#pragma once
// Feeds running replays to the queue, a few batches ahead of what is acknowledged, so that ordinary changes are
// not held up; and takes back the claims of cancelled ones. Private to engine/.

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
    result<step> take(store::session& s, std::int64_t now);

    context& c_;
};

}  // namespace traitsync::engine
