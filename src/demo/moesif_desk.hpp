#pragma once
// Answers the built-in Moesif's requests: route, token, rate limit, faults, then the search itself. Everything
// is under one mutex, since tests and the demo write from other threads than the listener's.

#include <condition_variable>
#include <deque>
#include <mutex>

#include "fault_dice.hpp"
#include "http_listener.hpp"
#include "moesif_shelf.hpp"
#include "moesif_target.hpp"
#include "search_page.hpp"
#include "traitsync/demo/moesif_service.hpp"

namespace traitsync::demo {

class moesif_desk : public http_handler {
public:
    explicit moesif_desk(moesif_options options);

    http_reply answer(http_request request) override;

    // All members below are guarded by `mutex`; the service's methods take it.
    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    moesif_shelf users;
    moesif_shelf companies;
    moesif_faults faults;
    fault_dice<moesif_fault> dice;
    moesif_counts counts;
    std::deque<moesif_exchange> recent;
    std::function<void(page_event const&)> before_page;

    steady_time now() const { return time_.steady(); }
    std::string const& prefix() const { return options_.prefix; }
    std::uint16_t wanted_port() const { return options_.port; }

private:
    http_reply reply_to(http_request const& request, moesif_target const& target);
    http_reply routed(http_request const& request, moesif_target const& target, moesif_fault fault);
    http_reply search(http_request const& request, bool of_companies, bool timed_out);
    http_reply get(moesif_target const& target);
    http_reply count(http_request const& request, moesif_target const& target);
    std::optional<http_reply> refused(http_head const& head, moesif_target const& target);
    std::optional<http_reply> over_the_limit();
    moesif_fault next_fault();
    void call_hook(bool of_companies, std::string_view body);
    void disguise(http_reply& reply, moesif_fault fault, bool accepts_gzip);
    void record(http_request request, http_reply const& reply);
    moesif_shelf& shelf(bool of_companies) { return of_companies ? companies : users; }

    moesif_options options_;
    clock const& time_;
    std::int64_t minute_ = 0;  // of the rate limit: minutes since the epoch
    std::size_t used_this_minute_ = 0;
};

}  // namespace traitsync::demo
