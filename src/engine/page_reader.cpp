#include "page_reader.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "organisation.hpp"

namespace traitsync::engine {
namespace {

constexpr int smallest_page = 1;
// A cluster of large documents, or some slow minutes, must not make the rest of a full pass slow; and each try of
// larger pages may cost a request, or two time-outs.
constexpr int pages_until_larger = 32;

moesif::stream stream_of(store::pass_stage s) {
    return s == store::pass_stage::users ? moesif::stream::users : moesif::stream::companies;
}

// By the profile's own id those that have none come last and sort alike: no cursor leads behind one of them.
bool ends_the_order(moesif::page const& page, store::pass_row const& pass, int asked) {
    return pass.fallback_key && pass.kind == store::pass_kind::full && !page.hits.empty() &&
           page.hits.size() >= static_cast<std::size_t>(asked) && page.hits.back().sort == "[null]";
}

}  // namespace

page_reader::page_reader(context& c, pull_gate& gate, moesif::client& client)
    : c_{c}, gate_{gate}, pages_{c, client}, page_size_{c.settings.moesif.page_size} {}

void page_reader::begin_pass() {
    cursor_dropped_ = false;
    page_size_ = c_.settings.moesif.page_size;
    pages_of_this_size_ = 0;
}

// Down to which size pages are tried after this failure; nothing where its size has no part in it. Where nothing of an
// answer comes, it may be an outage as well: pages keep some size, with which the pass goes on behind it.
std::optional<int> page_reader::least_that_may_come(error const& failed) const {
    constexpr int part_in_an_outage = 8;
    if (failed.unfinished) return smallest_page;
    auto const not_in_time = failed.not_in_time || failed.http_status == 408 || failed.http_status == 504;
    if (!not_in_time) return std::nullopt;
    return std::max(smallest_page, c_.settings.moesif.page_size / part_in_an_outage);
}

void page_reader::shrink_page(int least) {
    page_size_ = std::max(least, page_size_ / 2);
    pages_of_this_size_ = 0;
}

void page_reader::grow_page() {
    if (page_size_ >= c_.settings.moesif.page_size || ++pages_of_this_size_ < pages_until_larger) return;
    page_size_ = std::min(c_.settings.moesif.page_size, page_size_ * 2);
    pages_of_this_size_ = 0;
}

boost::asio::awaitable<page_outcome> page_reader::next(store::pass_row& pass) {
    auto query = query_of(pass);
    auto const admitted = co_await gate_.pass(pages_.asked(query));
    if (admitted == pull_gate::admission::stop) co_return page_outcome{page_step::stop};
    // What was asked for before the pause is old by now.
    if (admitted == pull_gate::admission::after_a_pause) pages_.drop();
    auto const token = token_;  // another one may come while Moesif answers this one
    auto const asked = query.size;
    auto body = co_await pages_.take(std::move(query));
    if (!body) {
        auto outcome = co_await after_failure(pass, std::move(body).error());
        co_return outcome;
    }
    auto page = co_await store_page(pass, std::move(*body), token);
    if (!page) {
        auto outcome = co_await after_failure(pass, std::move(page).error());
        co_return outcome;
    }
    gate_.answered();
    late_before_ = false;
    c_.queue_grew();
    if (page->brake_closed_now) {
        c_.log.warn("brake_closed",
                    "The brake closed: this pass changes too many users; its messages wait for the operator",
                    {{"pass", pass.no}, {"users", pass.counted}});
        c_.changed();
    }
    if (page->hits > 0 && !overtaken(pass, *page, asked)) co_return page_outcome{page_step::go_on};
    co_return page_outcome{page_step::stage_ended};
}

// Profiles that change faster than they are read would keep an incremental pass from ever ending, and with it the
// companies from being read again. Once it has taken as long as passes are apart, it ends where it has read all that
// changed before its begin: the next one begins there. A time that is still to come is no sign of it, where the page is
// full: there may be more of such, which only this pass reaches. A page that is not is the last one, as an empty one
// would be, whatever this machine's clock says: by one that is behind Moesif's all times are still to come.
bool page_reader::overtaken(store::pass_row const& pass, ingest::page_result const& page, int asked) const {
    auto const now = c_.now();
    auto const is_last = static_cast<int>(page.hits) < asked;
    auto const behind_begin = page.reaches && *page.reaches > pass.started && (*page.reaches <= now || is_last);
    return behind_begin && now - pass.started >= c_.settings.moesif.interval.count();
}

moesif::search page_reader::query_of(store::pass_row const& pass) const {
    moesif::search query;
    query.stream = stream_of(pass.stage);
    query.size = page_size_;
    auto const since = pass.stage == store::pass_stage::users ? pass.since_users : pass.since_companies;
    if (since) query.modified_since = from_millis(*since);
    query.fallback_key = pass.fallback_key;
    query.search_after = pass.search_after;
    return query;
}

// The page behind this one, fetched while the store takes this one.
boost::asio::awaitable<void> page_reader::ask_ahead(store::pass_row const& pass, moesif::page const& page) {
    if (page.timed_out || page.hits.empty()) co_return;
    auto next = query_of(pass);
    next.search_after = page.hits.back().sort;
    if (next.search_after.empty() || next.search_after == pass.search_after) co_return;
    auto const may = co_await gate_.may_ask_ahead();
    if (may) pages_.ask(std::move(next));
}

boost::asio::awaitable<result<ingest::page_result>> page_reader::store_page(store::pass_row& pass, std::string body,
                                                                            std::uint64_t token) {
    auto parts = moesif::split_page(body);
    if (!parts) co_return std::move(parts).error();
    moesif::page const page = std::move(*parts);
    if (!organisation_known_ && token == token_) co_await look_at_organisation(page, pass);
    if (ends_the_order(page, pass, page_size_)) {
        c_.log.warn("profiles_unreachable",
                    "A page ends with a profile that has no id of its own: if there are more of them, Moesif's search "
                    "does not show them",
                    {{"stage", name_of(pass.stage)}, {"page_size", page_size_}});
    }
    grow_page();
    co_await ask_ahead(pass, page);
    auto const now = c_.now();
    // Both live in this frame, which outlives the job: a hold of the job's own would still be there when it is done.
    auto job = [this, &pass, &page, now](store::session& s) { return c_.rules.page(s, pass, page, now); };
    auto done = co_await insist(c_, c_.pull_wake, std::move(job));
    pages_.give_back(std::move(body));
    co_return done;
}

boost::asio::awaitable<page_outcome> page_reader::after_failure(store::pass_row& pass, error failed) {
    if (gate_.leave()) co_return page_outcome{page_step::stop};
    auto const judged = failed.kind == fault::invalid || failed.kind == fault::too_large;
    if (judged && failed.http_status != 0) gate_.end_block();
    if (failed.kind == fault::too_large && page_size_ > smallest_page) {
        shrink_page(smallest_page);
        c_.log.warn("page_too_large", "A page was too large; asking for fewer profiles", {{"page_size", page_size_}});
        co_return page_outcome{page_step::go_on};
    }
    // Once it may be chance. Pages that are too slow for the whole pass would else be asked for without end.
    auto const least = least_that_may_come(failed);
    if (least && std::exchange(late_before_, true) && page_size_ > *least) {
        shrink_page(*least);
        c_.log.warn("page_too_slow", "Pages do not come in time; asking for fewer profiles",
                    {{"page_size", page_size_}});
    }
    if (judged) {
        if (fall_back(pass, failed)) co_return page_outcome{page_step::go_on};
        co_return page_outcome{page_step::refused, std::move(failed.what)};
    }
    co_await gate_.wait_after(failed);
    co_return page_outcome{gate_.failure() ? page_step::stop : page_step::go_on};
}

// A cursor or sort key that Moesif refuses: begin the stage anew once, then with the other key once.
bool page_reader::fall_back(store::pass_row& pass, error const& e) {
    if (e.http_status != 400) return false;
    if (!pass.search_after.empty() && !cursor_dropped_) {
        cursor_dropped_ = true;
        c_.log.warn("cursor_refused", "Moesif refused the cursor; this stage begins anew", {{"detail", e.what}});
    } else if (!pass.fallback_key) {
        pass.fallback_key = true;
        c_.log.warn("sort_refused", "Moesif refused to sort by _id; using the profile's own id", {{"detail", e.what}});
    } else {
        return false;
    }
    pass.search_after.clear();
    pass.last_key.clear();
    return true;
}

// Only another token can belong to another organisation, so one look for each token is enough.
boost::asio::awaitable<void> page_reader::look_at_organisation(moesif::page const& page, store::pass_row const& pass) {
    auto const read_whole = pass.kind == store::pass_kind::full && pass.pages == 0;
    auto job = [&page, read_whole](store::session& s) { return note_organisation(s, page, read_whole); };
    auto const token = token_;
    auto const seen = co_await insist(c_, c_.pull_wake, std::move(job));
    if (!seen || *seen == organisation_seen::no_documents || token != token_) co_return;
    organisation_known_ = true;
    if (*seen == organisation_seen::another) {
        c_.log.warn("organisation_changed",
                    "The token belongs to another Moesif organisation than this store was filled from; a full pass "
                    "reads it whole");
    }
}

}  // namespace traitsync::engine
