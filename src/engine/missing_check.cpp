#include "missing_check.hpp"

#include <memory>
#include <utility>

#include "request_notes.hpp"

namespace traitsync::engine {
namespace {

constexpr std::chrono::minutes idle_wait{1};

store::missing_row before_all() { return {store::profile_kind::company, "", 0}; }

}  // namespace

missing_check::missing_check(context& c, moesif::budget& budget, moesif::client& client, std::function<double()> random)
    : c_{c}, budget_{budget}, client_{client}, backoff_{std::move(random)}, after_{before_all()} {}

// The next one of this round, unless reading has to wait.
boost::asio::awaitable<std::optional<missing_check::suspect>> missing_check::next() {
    auto look = [after = after_](store::session& s) -> result<std::optional<suspect>> {
        auto row = s.passes.next_missing(after.kind, after.doc_id);
        if (!row) return std::optional<suspect>{};
        auto const hold = s.meta.integer("hold_gone_of_pass").value_or(0) == row->pass;
        return std::optional{suspect{std::move(*row), hold}};
    };
    auto found = co_await c_.store.run(std::move(look));
    if (!found) co_return std::nullopt;
    if (!*found) after_ = before_all();
    if (c_.pull_paused() || c_.state.pull.blocked || c_.state.store_fault) co_return std::nullopt;
    co_return std::move(*found);
}

boost::asio::awaitable<void> missing_check::run() {
    while (!c_.stopping) {
        auto const now = c_.time.steady();
        auto found = co_await next();
        if (!found) {
            c_.end_wake.notify();
            co_await c_.check_wake.until(now + idle_wait);
            continue;
        }
        if (auto const delay = budget_.delay_check(now); delay > delay.zero()) {
            co_await c_.check_wake.until(now + delay);
            continue;
        }
        budget_.spend_check(now);
        co_await note_requests(c_, budget_);
        auto const stream =
            found->row.kind == store::profile_kind::user ? moesif::stream::users : moesif::stream::companies;
        auto document = co_await client_.document(stream, found->row.doc_id);
        after_ = found->row;
        if (!document) {
            note_refusal(document.error());
            co_await c_.check_wake.until(c_.time.steady() + backoff_.next(document.error().retry_after));
            continue;
        }
        backoff_.reset();
        refused_ = false;
        co_await settle(std::move(*found), std::move(*document));
    }
}

// Searches may be allowed where documents are not: the state is theirs.
void missing_check::note_refusal(error const& refusal) {
    // Others are for the next question: a busy or broken service.
    if (refusal.kind == fault::unavailable || refusal.kind == fault::throttled) return;
    if (std::exchange(refused_, true)) return;
    c_.log.warn("missing_unanswered",
                "Profiles that a full pass did not show cannot be read by id; they count as there",
                {{"detail", refusal.what}});
}

boost::asio::awaitable<void> missing_check::settle(suspect missing, std::optional<std::string> document) {
    auto const at = c_.now();
    auto body = std::make_shared<std::optional<std::string>>(std::move(document));
    auto job = [this, missing = std::move(missing), body, at](store::session& s) -> result<bool> {
        if (*body) return c_.rules.found(s, missing.row, **body, at);
        return c_.rules.gone(s, missing.row, missing.hold, at);
    };
    auto settled = co_await insist(c_, c_.check_wake, std::move(job));
    if (!settled && !c_.stopping) {
        c_.log.warn("missing_unreadable", "A profile read by id is not the documented form",
                    {{"detail", settled.error().what}});
    }
    // Wherever in the round that one stands.
    if (settled && *settled) after_ = before_all();
    c_.queue_grew();
}

}  // namespace traitsync::engine
