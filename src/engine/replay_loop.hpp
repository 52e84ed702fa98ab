#pragma once
// Ends replays and takes back the claims of cancelled ones. One at a time goes to its users, in the order in which they
// were asked for; one that reached them all only waits for its messages. While messages wait or are held that a replay
// may join, or nothing can be delivered, it is put into the queue some batches ahead of what is acknowledged; else its
// messages are made as delivery takes them (replay_feed). Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <vector>

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
        std::vector<std::int64_t> ended;  // replays' numbers
    };
    result<step> take(store::session& s, bool delivers, std::int64_t now);
    static void end_if_done(store::session& s, std::int64_t replay, std::int64_t now, step& done);
    void feed(store::session& s, store::replays::progress const& replay, bool delivers, std::int64_t now, step& done);

    context& c_;
};

}  // namespace traitsync::engine
