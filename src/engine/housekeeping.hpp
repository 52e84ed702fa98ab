#pragma once
// What is done beside the road: numbers for status, trimming the history, moving the log into the file, and
// the full check of the store after an unclean end. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <optional>
#include <utility>

#include "context.hpp"
#include "store_check.hpp"
#include "traitsync/store/retention.hpp"
#include "traitsync/store/value_sweep.hpp"
#include "trusted_time.hpp"

namespace traitsync::engine {

class housekeeping {
public:
    explicit housekeeping(context& c) : c_{c} {}

    boost::asio::awaitable<void> run();                   // until the engine stops
    void check_store_in_background() { check_.begin(); }  // after an unclean end

private:
    void show();                                                     // rates
    static void note_activity(store::session& s, std::int64_t now);  // part of the caller's transaction
    // A step of what is trimmed by age (what is older than `before`) and size; `begin` starts a new round of it. Part
    // of the caller's transaction.
    void trim(store::session& s, std::int64_t now, std::int64_t before, bool begin);
    static void give_space_back(store::session& s);
    // What was taken out of rows because of a policy or a person to forget must not stay elsewhere in the file. True
    // while more can be done now.
    boost::asio::awaitable<bool> scrub();

    // One round of trimming, walked through in steps.
    struct trimming {
        store::size_walk quarantine, gone, replays;
        bool ages = true, counts = true, quarantine_left = true, gone_left = true, replays_left = true;
        bool more() const { return ages || counts || quarantine_left || gone_left || replays_left; }
    };

    context& c_;
    std::optional<trimming> trimming_;  // this and the next three are used in store jobs only
    trusted_time age_time_;
    store::value_sweep sweep_;
    steady_time rewrite_after_{};
    store_check check_{c_};
    std::deque<std::pair<steady_time, std::int64_t>> acknowledged_;  // of the last seconds
};

}  // namespace traitsync::engine
