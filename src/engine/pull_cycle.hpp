#pragma once
// The way in, as a flow: plan a pass, read its pages, close it; and apart from it the reading by id of
// profiles that a full pass did not show. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <functional>

#include "context.hpp"
#include "missing_check.hpp"
#include "page_reader.hpp"
#include "pull_gate.hpp"
#include "traitsync/moesif/budget.hpp"
#include "traitsync/moesif/client.hpp"

namespace traitsync::engine {

class pull_cycle {
public:
    pull_cycle(context& c, std::function<double()> const& random);

    boost::asio::awaitable<void> run();  // passes, until the engine stops (once: until one full pass is done)
    boost::asio::awaitable<void> check_missing();
    void stop();
    void use_token(secret const& token);
    int requests_left() const { return budget_.left(c_.time.steady()); }

    // run() with `once`: what kept the pass from its end, where something did.
    std::optional<error> const& failure() const { return gate_.failure(); }

private:
    boost::asio::awaitable<std::optional<store::pass_row>> next_pass();
    boost::asio::awaitable<void> run_pass(store::pass_row pass);
    boost::asio::awaitable<void> read(store::pass_row& pass);
    boost::asio::awaitable<void> apply_rules(store::pass_row& pass);
    boost::asio::awaitable<bool> end_stage(store::pass_row& pass);
    boost::asio::awaitable<void> end_pass(store::pass_row& pass, std::string failure);
    void tell_end(store::pass_row const& pass, std::optional<store::failed_passes> const& failing);
    void note_read(store::pass_kind kind);
    void tell_odd_values(store::pass_row const& pass, profile::warning_counts odd);
    bool leave() const { return c_.stopping; }
    bool spend_one_more();

    context& c_;
    moesif::client client_;
    moesif::budget budget_;
    pull_gate gate_;
    page_reader reader_;
    missing_check missing_;
    bool recalled_ = false;    // what a process before this one spent of the budget
    bool full_asked_ = false;  // once: the full pass is still to come
    bool goes_on_ = false;     // the pass was begun by an earlier run
    bool catches_up_ = false;  // once: what changed since an earlier run began the full pass is still to be read
};

}  // namespace traitsync::engine
