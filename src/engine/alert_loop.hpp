#pragma once
// Alerts as two flows: one watches the status and writes what changed into the store, the other sends what is
// written, one at a time, until the receiver takes it. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

#include "context.hpp"
#include "traitsync/alert/webhook.hpp"
#include "traitsync/engine/backoff.hpp"

namespace traitsync::engine {

class alert_loop {
public:
    alert_loop(context& c, std::function<double()> random);

    boost::asio::awaitable<void> watch();  // until the engine stops
    boost::asio::awaitable<void> send();   // the same
    // `run --once`, after the rest: what is to be told now is tried once; what fails goes at the next run.
    boost::asio::awaitable<void> finish();
    void stop();     // no new requests; the one in flight may finish
    void abandon();  // ends it: its alert goes again under its id
    void renew();    // the settings name another receiver or key

private:
    bool is_on() const { return !c_.settings.alerts.webhook_url.empty(); }
    boost::asio::awaitable<void> load();
    void take(std::string const& book);
    boost::asio::awaitable<void> look();
    boost::asio::awaitable<void> save();
    boost::asio::awaitable<result<void>> post();
    alert::observation observe() const;
    bool may_send() const;

    context& c_;
    wake watch_wake_, send_wake_;
    alert::book book_;
    std::shared_ptr<alert::webhook> receiver_;  // shared: a request in flight keeps the one that was replaced
    backoff backoff_;
    steady_time not_before_{};  // the receiver did not take one
    bool loaded_ = false;
    bool unsaved_ = false;  // the store does not know the book as it is
    bool failing_ = false;  // told in the log
};

}  // namespace traitsync::engine
