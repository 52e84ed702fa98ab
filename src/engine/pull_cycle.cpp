#include "pull_cycle.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "pass_book.hpp"
#include "request_notes.hpp"

namespace traitsync::engine {
namespace {

using store::pass_kind;
using store::pass_stage;

constexpr std::chrono::seconds recall_poll{60};  // a wake-up comes earlier

// What the operator reads about a finished pass.
std::string sentence(store::pass_row const& p) {
    auto const name = p.kind == pass_kind::full          ? "Full pass"
                      : p.kind == pass_kind::incremental ? "Incremental pass"
                                                         : "Pass over the store";
    if (!p.error.empty()) return fmt::format("{} ended early: {}", name, p.error);
    return fmt::format("{} read {} profiles, {} changed, {} messages queued", name, p.read, p.changed, p.queued);
}

}  // namespace

pull_cycle::pull_cycle(context& c, std::function<double()> const& random)
    : c_{c},
      client_{c.loop, c.settings.moesif, c.options.ca_file, [this] { return spend_one_more(); }},
      budget_{c.settings.moesif.requests_per_minute},
      gate_{c, budget_, random},
      reader_{c, gate_, client_},
      missing_{c, budget_, client_, random},
      full_asked_{c.options.once} {}

void pull_cycle::stop() {
    client_.stop();
    c_.pull_wake.notify();
    c_.check_wake.notify();
}

// A request that a call turns out to need beside the one that was paid for.
bool pull_cycle::spend_one_more() {
    auto const now = c_.time.steady();
    if (budget_.delay(now) > budget_.delay(now).zero()) return false;
    budget_.spend(now);
    return true;
}

// What the old one was refused is tried at once.
void pull_cycle::use_token(secret const& token) {
    client_.use_token(token);
    gate_.new_token();
    reader_.new_token();
    missing_.new_token();
    c_.pull_wake.notify();
    c_.check_wake.notify();
}

boost::asio::awaitable<void> pull_cycle::run() {
    co_await recall_requests(c_, budget_);
    recalled_ = true;
    c_.check_wake.notify();
    while (!leave()) {
        auto pass = co_await next_pass();
        if (!pass) continue;
        gate_.set_state(service_state::working);
        co_await run_pass(std::move(*pass));
        if (c_.options.once && (c_.state.pull.first_pass_done || failure())) break;
    }
    gate_.set_state(service_state::idle);
    c_.end_wake.notify();
    co_await reader_.end();
}

boost::asio::awaitable<void> pull_cycle::check_missing() {
    while (!recalled_ && !leave()) co_await c_.check_wake.until(c_.time.steady() + recall_poll);
    co_await missing_.run();
}

// The unfinished pass, or a new one when it is due; nothing after a wait.
boost::asio::awaitable<std::optional<store::pass_row>> pull_cycle::next_pass() {
    auto const now = c_.now();
    auto job = [this, now, full = full_asked_, catch_up = catches_up_](store::session& s) {
        pass_wishes const wishes{
            .full = full, .changes = catch_up, .rules_changed = s.meta.text("rules_pending").has_value(), .now = now};
        return open_pass(s, c_.settings.moesif, wishes);
    };
    auto found = co_await insist(c_, c_.pull_wake, std::move(job));
    if (!found) co_return std::nullopt;
    if (found->pass) {
        c_.state.pull.next_pass_at.reset();
        goes_on_ = found->pass->pages > 0;
        if (c_.options.once && found->pass->kind == pass_kind::full) full_asked_ = false;
        co_return std::move(found->pass);
    }
    c_.state.pull.next_pass_at = from_millis(found->planned.at);
    gate_.set_state(c_.pull_paused() ? service_state::paused : service_state::idle);
    // Waits are steady time; a clock that jumps is noticed at the latest after a minute.
    auto const wait = std::min<std::int64_t>(found->planned.at - now, 60'000);
    co_await gate_.rest(c_.time.steady() + std::chrono::milliseconds{wait});
    co_return std::nullopt;
}

boost::asio::awaitable<void> pull_cycle::run_pass(store::pass_row pass) {
    reader_.begin_pass();
    c_.state.pull.pass = pass;
    // One line a pass: its end. Only a pass that goes on after a restart is news at its beginning.
    auto const fields = {ops::field{"kind", name_of(pass.kind)}, ops::field{"pass", pass.no},
                         ops::field{"stage", name_of(pass.stage)}};
    if (pass.pages == 0) {
        c_.log.debug("pass_started", "A pass begins", fields);
    } else {
        c_.log.info("pass_resumed", "A pass goes on where it was interrupted", fields);
    }
    if (pass.kind == pass_kind::rediff) {
        co_await apply_rules(pass);
    } else {
        co_await read(pass);
    }
    c_.state.pull.pass.reset();
}

boost::asio::awaitable<void> pull_cycle::read(store::pass_row& pass) {
    while (!leave()) {
        auto outcome = co_await reader_.next(pass);
        c_.state.pull.pass = pass;
        if (outcome.next == page_step::go_on) continue;
        if (outcome.next == page_step::refused) co_await end_pass(pass, std::move(outcome.failure));
        if (outcome.next != page_step::stage_ended) co_return;
        auto const more = co_await end_stage(pass);
        c_.state.pull.pass = pass;
        if (leave()) co_return;
        if (more) continue;
        co_await end_pass(pass, {});
        co_return;
    }
}

// True when the pass has another stage.
boost::asio::awaitable<bool> pull_cycle::end_stage(store::pass_row& pass) {
    if (pass.kind == pass_kind::full) {
        // A crash begins again behind the last page: to note one twice changes nothing.
        for (std::optional<std::string> after{pass.last_key}; after;) {
            auto note = [this, &pass, &after](store::session& s) { return c_.rules.note_missing(s, pass, *after); };
            auto done = co_await insist(c_, c_.pull_wake, std::move(note));
            if (!done || leave()) co_return false;
            after = std::move(*done);
        }
    }
    if (pass.stage == pass_stage::users) co_return false;
    for (bool more = true; more;) {
        auto const now = c_.now();
        auto compare = [this, &pass, now](store::session& s) { return c_.rules.compare_company_users(s, pass, now); };
        auto done = co_await insist(c_, c_.pull_wake, std::move(compare));
        if (!done || leave()) co_return false;
        more = *done;
        c_.queue_grew();
    }
    auto turn = [&pass](store::session& s) { return turn_to_users(s, pass); };
    co_await insist(c_, c_.pull_wake, std::move(turn));
    reader_.begin_stage();
    co_return true;
}

boost::asio::awaitable<void> pull_cycle::apply_rules(store::pass_row& pass) {
    for (bool more = true; more && !leave();) {
        auto const now = c_.now();
        auto step = [this, &pass, now](store::session& s) { return c_.rules.apply_rules(s, pass, now); };
        auto done = co_await insist(c_, c_.pull_wake, std::move(step));
        if (!done) co_return;
        more = *done;
        c_.state.pull.pass = pass;
        c_.queue_grew();
    }
    if (leave()) co_return;
    auto finish = [this](store::session& s) {
        auto done = c_.rules.rules_applied(s);
        if (done) ++c_.texts_taken_out;
        return done;
    };
    auto applied = co_await insist(c_, c_.pull_wake, std::move(finish));
    if (!applied) co_return;
    c_.state.applies_rules = false;
    co_await end_pass(pass, {});
}

boost::asio::awaitable<void> pull_cycle::end_pass(store::pass_row& pass, std::string failure) {
    // The gate opens or its messages are held before the pass counts as ended, in steps that do not hold up others.
    for (std::optional<settling> next{settling{}}; next && !leave();) {
        auto step = [&pass, from = *next](store::session& s) { return settle_pass_messages(s, pass, from); };
        auto done = co_await insist(c_, c_.pull_wake, std::move(step));
        if (!done) co_return;
        next = *done;
    }
    if (leave()) co_return;
    // Who reads in the store that the pass has ended finds what it queued in the status already.
    auto const queued = co_await insist(c_, c_.pull_wake, read_numbers);
    if (!queued || leave()) co_return;
    c_.take(*queued);
    auto const now = c_.now();
    auto const odd = std::make_shared<std::optional<profile::warning_counts>>();
    auto close = [this, &pass, failure = std::move(failure), odd, now](store::session& s) {
        if (!*odd) *odd = c_.rules.take_odd_values();  // the job may be repeated
        return close_pass(s, pass, failure, c_.settings.traits, now);
    };
    auto done = co_await insist(c_, c_.pull_wake, std::move(close));
    if (!done) co_return;
    c_.take(*done);
    auto look = [](store::session& s) -> result<std::optional<store::failed_passes>> { return s.passes.failing(); };
    auto const failing = co_await insist(c_, c_.pull_wake, std::move(look));
    if (!failing) co_return;
    tell_odd_values(pass, **odd);
    tell_end(pass, *failing);
    c_.queue_grew();
    c_.check_wake.notify();
    c_.changed();
}

void pull_cycle::tell_end(store::pass_row const& pass, std::optional<store::failed_passes> const& failing) {
    auto const ended = pass.ended.value_or(pass.started);
    auto& state = c_.state.pull;
    auto const fields = {ops::field{"kind", name_of(pass.kind)},
                         ops::field{"pass", pass.no},
                         ops::field{"pages", pass.pages},
                         ops::field{"read", pass.read},
                         ops::field{"changed", pass.changed},
                         ops::field{"queued", pass.queued},
                         ops::field{"quarantined", pass.quarantined},
                         ops::field{"ms", ended - pass.started}};
    // A pass over the store proves nothing of Moesif, nor one that read the changes that full passes can be read.
    if (failing) {
        note_failed_pass(state, failing->latest, from_millis(failing->since));
    } else if (!pass.error.empty()) {
        note_failed_pass(state, pass, from_millis(ended));
    } else if (pass.kind != pass_kind::rediff) {
        state.last_error.reset();
        state.failing.reset();
    }
    if (!pass.error.empty()) {
        c_.log.error("pass_failed", sentence(pass), fields);
        if (c_.options.once) gate_.fail(error{fault::invalid, pass.error});
        return;
    }
    state.last_pass_at = from_millis(ended);
    state.last_pass_kind = name_of(pass.kind);
    state.last_ends[static_cast<std::size_t>(pass.kind)] = state.last_pass_at;
    if (pass.kind != pass_kind::rediff) state.cursor_time = from_millis(pass.started);
    c_.log.info("pass_done", sentence(pass), fields);
    note_read(pass.kind);
}

// `once` promises what Moesif has now: a full pass that an earlier run began may have read the first of it long ago.
void pull_cycle::note_read(pass_kind kind) {
    auto const from_begin = !(goes_on_ && c_.options.once);
    if (kind == pass_kind::full) {
        c_.state.pull.first_pass_done = from_begin;
        catches_up_ = !from_begin;
    } else if (kind == pass_kind::incremental && catches_up_ && from_begin) {
        c_.state.pull.first_pass_done = true;
        catches_up_ = false;
    }
}

// A field of the wrong type counts as absent, with a warning: one line a pass, in numbers, never with values.
void pull_cycle::tell_odd_values(store::pass_row const& pass, profile::warning_counts odd) {
    if (auto const arrays = std::exchange(odd.policy_in_array, 0)) {
        c_.log.warn("policy_in_array",
                    "A policy names members of objects in an array, where no path leads: they are sent and stored as "
                    "they are; name the array itself",
                    {{"pass", pass.no}, {"arrays", arrays}});
    }
    if (odd == profile::warning_counts{}) return;
    c_.log.warn("odd_values", "Some values could not be used as they were: they count as absent, or were made fit",
                {{"pass", pass.no},
                 {"wrong_type", odd.wrong_type},
                 {"bad_time", odd.bad_time},
                 {"id_mismatch", odd.id_mismatch},
                 {"duplicate_key", odd.duplicate_key},
                 {"replaced_character", odd.replaced_character},
                 {"removed_nul", odd.removed_nul},
                 {"number_out_of_range", odd.number_out_of_range},
                 {"large_integer", odd.large_integer}});
}

}  // namespace traitsync::engine
