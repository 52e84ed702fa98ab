// Forgetting a person, see docs/privacy.md.

#include "context.hpp"
#include "pass_book.hpp"
#include "traitsync/engine/operations.hpp"
#include "traitsync/store/clear_text.hpp"

namespace traitsync::engine {
namespace {

// 4 MB a step: some milliseconds, so that pages and batches go on between.
constexpr int scrub_pages = 256;
// A reader's snapshot is short. Others go on between the attempts; who keeps the log in use for longer (a backup) is
// waited for by housekeeping.
constexpr int log_attempts = 10;
constexpr std::chrono::milliseconds erase_patience{100};

// A job that fails on the store is told at once, as for every request of an operator.
template <class Outcome>
void note(context& c, Outcome const& outcome) {
    if (outcome) {
        c.store_works();
    } else if (outcome.error().kind == fault::storage) {
        c.store_failed(outcome.error());
    }
}

}  // namespace

boost::asio::awaitable<result<operations::forgot>> operations::forget(std::string user_id) {
    auto const now = c_.now();
    auto job = [this, user_id, now](store::session& s) -> result<store::removed_person> {
        struct overwriting {
            store::database& file;
            ~overwriting() {
                // Where the store has failed it stays on, which costs time alone.
                try {
                    file.overwrite_freed_pages(false);
                } catch (...) {
                }
            }
        } const guard{s.file()};
        s.file().overwrite_freed_pages(true);
        store::session::transaction tx{s};
        auto removed = store::forget_person(s, user_id, now);
        // The pages that go below may have been copied within others before: housekeeping sees to that.
        store::want_scrub(s);
        tx.commit();
        ++c_.texts_taken_out;
        return removed;
    };
    auto removed = co_await c_.run(std::move(job));
    note(c_, removed);
    if (!removed) co_return removed.error();
    auto const& rows = removed->offered;
    c_.forgotten_rows.insert(c_.forgotten_rows.end(), rows.begin(), rows.end());
    c_.push_wake.notify();
    c_.house_wake.notify();
    c_.log.info("person_forgotten", "The operator had a person forgotten",
                {{"messages", removed->messages}, {"offered", rows.size()}, {"quarantined", removed->quarantined}});
    forgot done;
    done.removed = std::move(*removed);
    done.scrubbed = co_await scrub();
    co_await show_numbers();
    co_return done;
}

boost::asio::awaitable<result<bool>> operations::allow(std::string user_id) {
    auto job = [user_id](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        auto const was = s.forgotten.allow(user_id);
        // An unchanged document comes only with a full pass.
        if (was) owe_full_pass(s);
        tx.commit();
        return was;
    };
    auto was = co_await c_.run(std::move(job));
    note(c_, was);
    if (was && *was) {
        c_.log.info("person_allowed", "The operator allowed a forgotten person again");
        c_.pull_wake.notify();
    }
    co_return was;
}

// Earlier copies of values may stand in pages that were freed before: those pages go, then the log is emptied.
boost::asio::awaitable<bool> operations::scrub() {
    auto shrink = [](store::session& s) -> result<std::int64_t> { return s.file().shrink(scrub_pages); };
    auto const count = [](store::session& s) -> result<std::int64_t> { return s.file().free_pages(); };
    auto counting = count;
    auto left = co_await c_.run(std::move(counting));
    // What others free meanwhile is no reason to go on for ever.
    auto steps = left ? *left / scrub_pages + 2 : 0;
    for (; left && *left > 0 && steps > 0; --steps) {
        auto again = shrink;
        left = co_await c_.run(std::move(again));
    }
    bool emptied = false;
    for (int i = 0; left && !emptied && i < log_attempts; ++i) {
        auto empty = [](store::session& s) -> result<bool> { return s.file().empty_log(erase_patience); };
        auto tried = co_await c_.run(std::move(empty));
        if (!tried) co_return false;
        emptied = *tried;
    }
    co_return emptied;
}

}  // namespace traitsync::engine
