#include "missing_check.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "pass_book.hpp"
#include "request_notes.hpp"

namespace traitsync::engine {
namespace {

constexpr std::chrono::minutes look_again{1};

store::missing_row before_all() { return {store::profile_kind::company, "", 0}; }

}  // namespace

missing_check::missing_check(context& c, moesif::budget& budget, moesif::client& client, std::function<double()> random)
    : c_{c},
      budget_{budget},
      client_{client},
      unanswered_wait_{random},
      unreadable_wait_{std::move(random)},
      after_{before_all()} {}

// The next one of this round, unless reading has to wait.
boost::asio::awaitable<std::optional<store::missing_row>> missing_check::next() {
    auto look = [after = after_](store::session& s) -> result<std::optional<store::missing_row>> {
        return s.passes.next_missing(after.kind, after.doc_id);
    };
    auto found = co_await c_.store.run(std::move(look));
    if (!found) co_return std::nullopt;
    if (!*found) after_ = before_all();
    auto const& state = c_.state;
    if (c_.pull_paused() || state.pull.blocked || state.low_disk || state.store_fault) co_return std::nullopt;
    co_return std::move(*found);
}

boost::asio::awaitable<void> missing_check::run() {
    while (!c_.stopping) {
        auto const now = c_.time.steady();
        // The end of a pass wakes this flow too, and is no reason to ask a service in trouble.
        if (auto const wait = std::max(not_before_, c_.moesif_not_before); now < wait) {
            co_await c_.check_wake.until(wait);
            continue;
        }
        auto found = co_await next();
        if (!found) {
            auto const again = end_round();
            c_.end_wake.notify();
            if (!again) co_await c_.check_wake.until(now + look_again);
            continue;
        }
        auto const asks_at = c_.time.steady();
        if (auto const delay = budget_.delay_check(asks_at); delay > delay.zero()) {
            co_await c_.check_wake.until(asks_at + delay);
            continue;
        }
        budget_.spend_check(asks_at);
        co_await note_requests(c_, budget_);
        auto const stream =
            found->kind == store::profile_kind::user ? moesif::stream::users : moesif::stream::companies;
        auto document = co_await client_.document(stream, found->doc_id);
        after_ = *found;
        if (!document) {
            note_unanswered(document.error());
            continue;
        }
        unanswered_wait_.reset();
        unanswered_said_ = false;
        co_await settle(std::move(*found), std::move(*document));
    }
}

// True when some of it are to be asked again as soon as the wait is over.
bool missing_check::end_round() {
    auto const unanswered = std::exchange(unanswered_, false);
    auto const unreadable = std::exchange(unreadable_, false);
    if (unreadable) {
        not_before_ = std::max(not_before_, c_.time.steady() + unreadable_wait_.next(std::nullopt));
    } else {
        unreadable_wait_.reset();
        unreadable_said_ = false;
    }
    if (!unanswered && !unreadable) c_.state.pull.missing_error.reset();
    return unanswered || unreadable;
}

// Searches may be allowed where documents are not: the state is theirs.
void missing_check::note_unanswered(error const& why) {
    unanswered_ = true;
    not_before_ = c_.time.steady() + unanswered_wait_.next(why.retry_after);
    c_.state.pull.missing_error = why;
    if (c_.stopping || std::exchange(unanswered_said_, true)) return;
    c_.log.warn("missing_unanswered",
                "Profiles that a full pass did not show cannot be read by id; they count as there and are asked again",
                {{"detail", why.what}});
}

// The service works, so that the others of this round are not held up.
void missing_check::note_unreadable(error const& why) {
    unreadable_ = true;
    c_.state.pull.missing_error = why;
    if (c_.stopping || std::exchange(unreadable_said_, true)) return;
    c_.log.warn("missing_unreadable", "A profile read by id is not the documented form", {{"detail", why.what}});
}

boost::asio::awaitable<void> missing_check::settle(store::missing_row missing, std::optional<std::string> document) {
    auto const at = c_.now();
    auto body = std::make_shared<std::optional<std::string>>(std::move(document));
    auto job = [this, missing = std::move(missing), body, at](store::session& s) -> result<bool> {
        if (*body) return c_.rules.found(s, missing, **body, at);
        // Asked now: the operator may have released what is held while Moesif was answering.
        return c_.rules.gone(s, missing, holds_gone(s, missing), at);
    };
    auto const handed_over = co_await insist(c_, c_.check_wake, std::move(job));
    if (!handed_over) {
        note_unreadable(handed_over.error());
        co_return;
    }
    ++c_.progress;
    // Wherever in the round that one stands.
    if (*handed_over) after_ = before_all();
    auto numbers = co_await c_.run(read_numbers);
    if (numbers) c_.take(*numbers);
    c_.queue_grew();
    c_.changed();
}

}  // namespace traitsync::engine
