#pragma once
// The request budget over restarts: when the requests of the last minute were made stands in the store before each
// goes, so that a process that is started again and again does not begin with a whole budget each time. Private to
// engine/.

#include <boost/asio/awaitable.hpp>

#include "context.hpp"
#include "traitsync/moesif/budget.hpp"

namespace traitsync::engine {

// What was spent so far. A store that cannot be written keeps no request from going: the page it brings finds that out.
boost::asio::awaitable<void> note_requests(context& c, moesif::budget const& b);
// Before the first request.
boost::asio::awaitable<void> recall_requests(context& c, moesif::budget& b);

}  // namespace traitsync::engine
