#pragma once
// Reads by id what a full pass did not show: only Moesif's word that it is gone makes a profile gone. Private to
// engine/.

#include <boost/asio/awaitable.hpp>

#include <functional>

#include "context.hpp"
#include "traitsync/engine/backoff.hpp"
#include "traitsync/moesif/budget.hpp"
#include "traitsync/moesif/client.hpp"

namespace traitsync::engine {

class missing_check {
public:
    missing_check(context& c, moesif::budget& budget, moesif::client& client, std::function<double()> random);

    boost::asio::awaitable<void> run();     // until the engine stops
    void new_token() { not_before_ = {}; }  // what the old one was refused is asked at once, when it is woken

private:
    boost::asio::awaitable<std::optional<store::missing_row>> next();
    boost::asio::awaitable<void> settle(store::missing_row missing, std::optional<std::string> document);
    void note_unanswered(error const& why);
    void note_unreadable(error const& why);
    bool end_round();

    context& c_;
    moesif::budget& budget_;
    moesif::client& client_;
    backoff unanswered_wait_, unreadable_wait_;
    bool unanswered_ = false, unreadable_ = false;            // some of this round
    bool unanswered_said_ = false, unreadable_said_ = false;  // and it was told, once until it is better
    steady_time not_before_{};                                // of the next question
    store::missing_row after_;  // of this round; what stayed unknown is asked again in the next
};

}  // namespace traitsync::engine
