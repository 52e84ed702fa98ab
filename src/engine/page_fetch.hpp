#pragma once
// Pages from Moesif, of which the next one may be asked for while the store still takes the present one. One at a time:
// no more than one page waits in memory beside the one that is stored. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <optional>
#include <string>

#include "context.hpp"
#include "spare_texts.hpp"
#include "traitsync/moesif/client.hpp"

namespace traitsync::engine {

class page_fetch {
public:
    page_fetch(context& c, moesif::client& client) : c_{c}, client_{client}, arrived_{c.loop} {}

    // Begins the request. Nothing where another one is under way.
    void ask(moesif::search query);
    // Whether exactly this page was asked for and not yet taken.
    bool asked(moesif::search const& query) const { return asked_ == query; }
    // What was asked for is not wanted any more.
    void drop() { asked_.reset(); }
    // The page that was asked for, or else asks for it now.
    boost::asio::awaitable<result<std::string>> take(moesif::search query);
    // A page that was done with: its memory takes one of the next, unless it is large.
    void give_back(std::string body) { rooms_.give_back(std::move(body)); }
    // Until nothing is under way.
    boost::asio::awaitable<void> end();

private:
    boost::asio::awaitable<void> fetch(moesif::search query);

    context& c_;
    moesif::client& client_;
    wake arrived_;
    bool under_way_ = false;
    std::optional<moesif::search> asked_;
    std::optional<result<std::string>> body_;
    spare_texts rooms_{2, std::size_t{4} << 20};  // one is read while the next one comes
    std::exception_ptr bug_;
};

}  // namespace traitsync::engine
