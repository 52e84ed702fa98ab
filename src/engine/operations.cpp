#include "traitsync/engine/operations.hpp"

#include <algorithm>

#include "context.hpp"
#include "destination.hpp"
#include "pass_book.hpp"

namespace traitsync::engine {
namespace {

// In one transaction: some milliseconds, so that pages and batches go on between.
constexpr std::size_t rows_a_job = 200;
// Each step of a replay looks at all that run.
constexpr std::size_t most_running = 1000;

// Between the look at whom a replay means and the storing of it somebody else may forget one of them.
result<void> check_nobody_forgotten(store::session& s, std::vector<std::string> const& named) {
    if (std::ranges::none_of(named, [&](std::string const& id) { return s.forgotten.has_user(id); })) return {};
    return error{fault::conflict, "a person whom the replay names was forgotten meanwhile: ask again"};
}

}  // namespace

// An operator is told of a fault at once instead of waiting for the store to work again.
template <class Job>
boost::asio::awaitable<std::invoke_result_t<Job&, store::session&>> operations::once(Job job) {
    auto outcome = co_await c_.run(std::move(job));
    if (!outcome && outcome.error().kind == fault::storage) c_.store_failed(outcome.error());
    co_return outcome;
}

// What an operator has done shows in the status that is asked for next, not only at the next round of housekeeping.
boost::asio::awaitable<void> operations::show_numbers() {
    auto const numbers = co_await once(read_numbers);
    if (!numbers) co_return;
    c_.take(*numbers);
    c_.changed();
}

boost::asio::awaitable<result<void>> operations::pause(pause_scope scope, bool on) {
    // Who pauses what is paused already changes nothing, neither the time since when.
    auto const since = [on, now = c_.time.wall()](std::optional<reason> const& before) -> std::optional<wall_time> {
        if (!on) return std::nullopt;
        return before ? before->since : now;
    };
    auto const pull_since = since(c_.state.pull.paused);
    auto const deliver_since = since(c_.state.push.paused);
    auto job = [scope, pull_since, deliver_since](store::session& s) -> result<void> {
        store::session::transaction tx{s};
        auto const set = [&](char const* key, std::optional<wall_time> time) {
            if (time) {
                s.meta.set(key, to_millis(*time));
            } else {
                s.meta.remove(key);
            }
        };
        if (scope.pull) set("pull_paused", pull_since);
        if (scope.deliver) set("deliver_paused", deliver_since);
        tx.commit();
        return {};
    };
    auto done = co_await once(std::move(job));
    if (!done) co_return done;
    if (scope.pull) c_.pause_pull(pull_since);
    if (scope.deliver) c_.pause_deliver(deliver_since);
    c_.log.info(on ? "paused" : "resumed", on ? "The operator paused" : "The operator resumed",
                {{"pull", scope.pull}, {"deliver", scope.deliver}});
    c_.pull_wake.notify();
    c_.push_wake.notify();
    c_.changed();
    // Behind what was on its way to the store already: nothing is offered any more when the answer comes.
    co_await show_numbers();
    co_return done;
}

boost::asio::awaitable<result<store::pass_row>> operations::pull(store::pass_kind kind) {
    if (c_.pull_paused()) {
        co_return error{fault::conflict,
                        "pulling is paused: resume it first (POST /v1/resume, or traitsync resume pull)"};
    }
    auto job = [kind](store::session& s) -> result<store::pass_row> {
        store::session::transaction tx{s};
        auto row = ask_for_pass(s, kind);
        tx.commit();
        return row;
    };
    auto row = co_await once(std::move(job));
    if (row) c_.pull_wake.notify();
    co_return row;
}

boost::asio::awaitable<result<std::int64_t>> operations::retry_dead(dead_selection which) {
    auto count = co_await settle_dead(std::move(which), true);
    co_return count;
}

boost::asio::awaitable<result<std::int64_t>> operations::discard_dead(dead_selection which) {
    auto count = co_await settle_dead(std::move(which), false);
    co_return count;
}

boost::asio::awaitable<result<std::int64_t>> operations::settle_dead(dead_selection which, bool retry) {
    struct step {
        std::int64_t count = 0;
        std::int64_t after = 0;
        std::int64_t last = 0;
        bool more = false;
    };
    if (which.ids.empty() && !which.reason && !which.all)
        co_return error{fault::invalid, "nothing says which dead letters are meant"};
    std::int64_t total = 0;
    std::int64_t after = 0;
    // Those that are there now. What is sent again can die again while others are still being asked for.
    std::int64_t last = 0;
    std::size_t at = 0;
    for (bool more = true; more;) {
        std::vector<message_id> ids;
        auto const by_id = !which.ids.empty();
        for (; by_id && ids.size() < rows_a_job && at < which.ids.size(); ++at) ids.push_back(which.ids[at]);
        auto const now = c_.now();
        auto job = [this, ids, by_id, reason = which.reason, after, last, retry,
                    now](store::session& s) -> result<step> {
            store::session::transaction tx{s};
            std::vector<std::int64_t> rows;
            step done{.last = last != 0 ? last : s.outbox.newest_dead_row()};
            if (by_id) {
                for (auto const& id : ids) {
                    if (auto const row = s.accounts.row_of_message(id)) rows.push_back(*row);
                }
            } else {
                auto found = s.outbox.dead_rows(reason, after, done.last, rows_a_job);
                rows = std::move(found.rows);
                done.after = found.after;
                done.more = found.more;
            }
            for (auto const row : rows) {
                auto const settled =
                    retry ? s.outbox.retry_dead(row, c_.rules.diff_rules(), now) : s.outbox.discard_dead(row, now);
                if (settled) ++done.count;
            }
            tx.commit();
            return done;
        };
        auto done = co_await once(std::move(job));
        if (!done) co_return done.error();
        total += done->count;
        after = done->after;
        last = done->last;
        more = done->more || (by_id && at < which.ids.size());
        if (retry) c_.queue_grew();
    }
    c_.log.info(retry ? "dead_letters_retried" : "dead_letters_discarded",
                retry ? "The operator sends dead letters again" : "The operator discarded dead letters",
                {{"count", total}});
    c_.house_wake.notify();
    co_await show_numbers();
    co_return total;
}

boost::asio::awaitable<result<std::int64_t>> operations::release_brake() {
    auto count = co_await settle_held(true);
    co_return count;
}

boost::asio::awaitable<result<std::int64_t>> operations::discard_brake() {
    auto count = co_await settle_held(false);
    co_return count;
}

boost::asio::awaitable<result<std::int64_t>> operations::settle_held(bool release) {
    struct step {
        std::int64_t held_before = 0, count = 0;
        bool more = false;
    };
    // No more than is held now: a pass may close the brake meanwhile, and the operator was not asked about that.
    std::optional<std::int64_t> asked_for;
    std::int64_t total = 0;
    for (bool more = true; more;) {
        auto const now = c_.now();
        auto const is_first = !asked_for;
        auto const limit = is_first ? rows_a_job : std::min(rows_a_job, static_cast<std::size_t>(*asked_for - total));
        auto job = [this, release, now, is_first, limit](store::session& s) -> result<step> {
            store::session::transaction tx{s};
            step done{.held_before = s.accounts.counts()[diff::message_state::held]};
            auto const& steps = c_.rules.diff_rules();
            // The rest follows without being asked about again: the gone ones who are still to be asked for, and what
            // a pass that is not over yet has still to read.
            if (release) {
                auto const released = s.outbox.release_held(limit, steps, passes_at_the_gate(s));
                if (is_first && done.held_before > 0) note_release(s);
                note_released_rows(s, released.of_passes);
                done.more = released.more;
            } else {
                done.more = s.outbox.discard_held(limit, steps, now);
            }
            done.count = done.held_before - s.accounts.counts()[diff::message_state::held];
            tx.commit();
            return done;
        };
        auto done = co_await once(std::move(job));
        if (!done) co_return done.error();
        if (is_first) asked_for = done->held_before;
        total += done->count;
        more = done->more && total < *asked_for;
        if (release) c_.queue_grew();
    }
    c_.log.info(release ? "brake_released" : "brake_discarded",
                release ? "The operator released the held messages" : "The operator discarded the held messages",
                {{"count", total}});
    c_.house_wake.notify();
    co_await show_numbers();
    co_return total;
}

boost::asio::awaitable<result<void>> operations::settle_destination(destination_choice choice) {
    if (c_.settling_destination)
        co_return error{fault::conflict, "the change of the destination is already being carried out"};
    if (!c_.state.destination) {
        co_return error{fault::conflict,
                        "the write key is the one that this store delivers to: there is nothing to decide"};
    }
    if (c_.renewing_key) co_return error{fault::conflict, "another write key is just being put in place: ask again"};
    c_.settling_destination = true;
    co_await ::traitsync::engine::settle_destination(c_, choice, c_.operator_wake);
    c_.settling_destination = false;
    c_.renew_wake.notify();
    if (c_.state.destination) co_return error{fault::storage, "the change could not be stored yet: ask again"};
    c_.push_wake.notify();
    co_await show_numbers();
    co_return result<void>{};
}

boost::asio::awaitable<result<store::replay_row>> operations::start_replay(store::replay_row order,
                                                                           std::shared_ptr<store::user_set const> users,
                                                                           std::vector<std::string> named,
                                                                           keep_answer keep) {
    auto const now = c_.now();
    auto row = std::make_shared<store::replay_row>(std::move(order));
    auto job = [row, users, named = std::move(named), keep, now](store::session& s) -> result<store::replay_row> {
        store::session::transaction tx{s};
        TRY(check_nobody_forgotten(s, named));
        if (s.replays.running().size() >= most_running) {
            return error{fault::throttled, fmt::format("{} replays are not at their end yet: wait for some, or cancel "
                                                       "them",
                                                       most_running)};
        }
        row->created = now;
        row->no = s.replays.add(*row, *users);
        if (row->profiles == 0) {
            s.replays.end(row->no, store::replay_state::done, now);
            row->state = store::replay_state::done;
            row->ended = now;
        }
        if (keep) {
            if (auto const answer = keep(*row)) s.replays.keep(*answer);
        }
        tx.commit();
        return *row;
    };
    auto done = co_await once(std::move(job));
    if (done) {
        c_.log.info("replay_started", "The operator sends profiles again",
                    {{"replay", done->no}, {"profiles", done->profiles}, {"messages", done->messages}});
        c_.replay_wake.notify();
        co_await show_numbers();
    }
    co_return done;
}

boost::asio::awaitable<result<store::replay_row>> operations::cancel_replay(std::int64_t no) {
    auto const now = c_.now();
    auto job = [no, now](store::session& s) -> result<store::replay_row> {
        store::session::transaction tx{s};
        auto const row = s.replays.find(no);
        if (!row) return error{fault::invalid, "there is no such replay"};
        if (row->state != store::replay_state::running) {
            return error{fault::conflict, fmt::format("the replay is already {}", store::name_of(row->state))};
        }
        // Whom it reached and who is gone by now stays done.
        s.replays.end(no, store::replay_state::cancelled, now, s.replays.count_claims(no).parked);
        auto after = *s.replays.find(no);
        tx.commit();
        return after;
    };
    auto done = co_await once(std::move(job));
    if (done) {
        c_.log.info("replay_cancelled", "The operator cancelled a replay", {{"replay", no}});
        c_.replay_wake.notify();
        co_await show_numbers();
    }
    co_return done;
}

boost::asio::awaitable<result<void>> operations::keep_preview(store::preview_row row,
                                                              std::shared_ptr<store::user_set const> users,
                                                              std::vector<std::string> named) {
    auto kept = std::make_shared<store::preview_row>(std::move(row));
    auto job = [kept, users, named = std::move(named)](store::session& s) -> result<void> {
        store::session::transaction tx{s};
        TRY(check_nobody_forgotten(s, named));
        s.replays.put_preview(*kept, *users);
        tx.commit();
        return {};
    };
    auto done = co_await once(std::move(job));
    co_return done;
}

boost::asio::awaitable<result<std::optional<store::kept_answer>>> operations::recall(std::string key,
                                                                                     std::string route) {
    auto const since = c_.now() - std::int64_t{24} * 3600 * 1000;
    auto job = [key, route, since](store::session& s) -> result<std::optional<store::kept_answer>> {
        return s.replays.answer(key, route, since);
    };
    auto found = co_await once(std::move(job));
    co_return found;
}

std::uint64_t operations::texts_taken_out() const { return c_.texts_taken_out; }

boost::asio::awaitable<result<void>> operations::remember(store::kept_answer answer,
                                                          std::optional<std::uint64_t> taken_out_before) {
    auto kept = std::make_shared<store::kept_answer>(std::move(answer));
    auto job = [this, kept, taken_out_before](store::session& s) -> result<void> {
        if (taken_out_before && c_.texts_taken_out != *taken_out_before) return {};
        store::session::transaction tx{s};
        s.replays.keep(*kept);
        tx.commit();
        return {};
    };
    auto done = co_await once(std::move(job));
    co_return done;
}

}  // namespace traitsync::engine
