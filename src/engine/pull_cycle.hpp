#pragma once
// The way in, as a flow: plan a pass, read its pages, close it; and apart from it the reading by id of
// profiles that a full pass did not show. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <functional>

#include "context.hpp"
#include "page_fetch.hpp"
#include "traitsync/engine/backoff.hpp"
#include "traitsync/engine/schedule.hpp"
#include "traitsync/moesif/budget.hpp"
#include "traitsync/moesif/client.hpp"
#include "traitsync/moesif/page.hpp"

namespace traitsync::engine {

class pull_cycle {
public:
    pull_cycle(context& c, std::function<double()> random);

    boost::asio::awaitable<void> run();            // passes, until the engine stops (once: until one full pass is done)
    boost::asio::awaitable<void> check_missing();  // reads missing profiles by id, until the engine stops
    void stop();
    void use_token(secret const& token);

    // run() with `once`: what kept the pass from its end, where something did.
    std::optional<error> const& failure() const { return failure_; }

private:
    enum class step : std::uint8_t { go_on, pass_ended, stop };

    boost::asio::awaitable<std::optional<store::pass_row>> next_pass();
    boost::asio::awaitable<void> run_pass(store::pass_row pass);
    boost::asio::awaitable<step> read_page(store::pass_row& pass);
    boost::asio::awaitable<result<ingest::page_result>> store_page(store::pass_row& pass, std::string body);
    boost::asio::awaitable<bool> end_stage(store::pass_row& pass);
    boost::asio::awaitable<void> end_pass(store::pass_row& pass, std::string failure);
    boost::asio::awaitable<void> apply_rules(store::pass_row& pass);
    // Waits while paused, low on disk or out of budget; false: stop. The page's request may be under way already.
    boost::asio::awaitable<bool> may_pull(bool asked);
    moesif::search query_of(store::pass_row const& pass) const;
    void ask_ahead(store::pass_row const& pass, moesif::page const& page);
    boost::asio::awaitable<void> wait_after(error const& e);
    boost::asio::awaitable<void> rest(steady_time until);
    bool fall_back(store::pass_row& pass, error const& e);
    bool disk_is_low();
    bool leave() const { return c_.stopping; }
    void set_state(service_state s);

    context& c_;
    moesif::client client_;
    page_fetch pages_{c_, client_};
    moesif::budget budget_;
    backoff backoff_;
    int page_size_;
    bool cursor_dropped_ = false;  // in this pass: Moesif refused the cursor, the stage began anew
    bool full_asked_ = false;      // once: the full pass is still to come
    std::optional<error> failure_;
    steady_time checks_blocked_until_{};
};

}  // namespace traitsync::engine
