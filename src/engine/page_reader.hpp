#pragma once
// One page of a pass after the other: asks for what comes after the cursor, stores it, and falls back where Moesif
// refuses the cursor, the sort key or the size. Private to engine/.

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

#include "page_fetch.hpp"
#include "pull_gate.hpp"
#include "traitsync/moesif/client.hpp"
#include "traitsync/moesif/page.hpp"

namespace traitsync::engine {

enum class page_step : std::uint8_t { go_on, stage_ended, refused, stop };

struct page_outcome {
    page_step next;
    std::string failure = {};  // refused: why the pass cannot go on
};

class page_reader {
public:
    page_reader(context& c, pull_gate& gate, moesif::client& client);

    void begin_pass();
    void begin_stage() { cursor_dropped_ = false; }
    void new_token() {
        ++token_;
        organisation_known_ = false;
        pages_.drop();
    }

    boost::asio::awaitable<page_outcome> next(store::pass_row& pass);
    boost::asio::awaitable<void> end() { return pages_.end(); }  // until no request is under way

private:
    moesif::search query_of(store::pass_row const& pass) const;
    boost::asio::awaitable<void> ask_ahead(store::pass_row const& pass, moesif::page const& page);
    boost::asio::awaitable<result<ingest::page_result>> store_page(store::pass_row& pass, std::string body,
                                                                   std::uint64_t token);
    boost::asio::awaitable<page_outcome> after_failure(store::pass_row& pass, error failed);
    boost::asio::awaitable<void> look_at_organisation(moesif::page const& page, store::pass_row const& pass);
    bool overtaken(store::pass_row const& pass, ingest::page_result const& page, int asked) const;
    bool fall_back(store::pass_row& pass, error const& e);
    void shrink_page(int least);
    void grow_page();
    std::optional<int> least_that_may_come(error const& failed) const;

    context& c_;
    pull_gate& gate_;
    page_fetch pages_;
    int page_size_;
    int pages_of_this_size_ = 0;
    std::uint64_t token_ = 0;          // how many there were before the present one
    bool late_before_ = false;         // the answer before this one did not come whole, or not in time
    bool cursor_dropped_ = false;      // in this stage: Moesif refused the cursor, the stage began anew
    bool organisation_known_ = false;  // of the present token, as far as this process has seen
};

}  // namespace traitsync::engine
