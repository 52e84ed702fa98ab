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

    boost::asio::awaitable<void> run();  // until the engine stops

private:
    struct suspect {
        store::missing_row row;
        bool hold = false;  // the brake closed on the gone ones of its pass
    };
    boost::asio::awaitable<std::optional<suspect>> next();
    boost::asio::awaitable<void> settle(suspect s, std::optional<std::string> document);
    void note_refusal(error const& refusal);

    context& c_;
    moesif::budget& budget_;
    moesif::client& client_;
    backoff backoff_;
    bool refused_ = false;      // the last question, and it was said
    store::missing_row after_;  // of this round; what stayed unknown is asked again in the next
};

}  // namespace traitsync::engine
