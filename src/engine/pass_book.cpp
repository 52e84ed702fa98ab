#include "pass_book.hpp"

#include <algorithm>
#include <utility>

#include "traitsync/engine/ingest.hpp"

namespace traitsync::engine {
namespace {

using store::pass_kind;

constexpr std::size_t gate_chunk = 5000;

constexpr char const* companies_mark = "high_water_companies";
constexpr char const* users_mark = "high_water_users";

// Up to where everything that Moesif showed is known. Never past the begin of the pass: a writer may have set a time in
// the future. A full pass that saw no time at all has still read everything that was there when it began; by Moesif's
// own times where there are any, because the clocks may differ.
void raise_mark(store::session& s, char const* key, store::pass_row const& pass, std::optional<std::int64_t> newest) {
    auto const before = s.meta.integer(key);
    if (!newest && (before || pass.kind != pass_kind::full)) return;
    auto const mark = std::min(newest.value_or(pass.started), pass.started);
    if (!before || mark > *before) s.meta.set(key, mark);
}

// Stores from before marks were set by full passes may have none, and one that was set while the clock was ahead lies
// in the future: the last pass that read everything is as good.
std::int64_t mark_of(store::session& s, char const* key, std::int64_t now) {
    if (auto const mark = s.meta.integer(key); mark && *mark <= now) return *mark;
    return std::min(s.meta.integer("read_up_to").value_or(now), now);
}

pass_history history(store::session& s, pass_wishes const& wishes) {
    pass_history h{.now = wishes.now};
    h.rules_changed = wishes.rules_changed;
    h.full_wanted = wishes.full;
    h.full_owed = full_pass_owed(s);
    h.incremental_wanted = wishes.changes;
    h.last_full_end = s.passes.last_end(pass_kind::full);
    if (auto const latest = s.passes.latest(1); !latest.empty()) {
        h.last_end = latest.front().ended;
        h.last_failed = !latest.front().error.empty();
    }
    if (auto const failed = s.passes.failing_full()) {
        h.full_failures = failed->count;
        h.last_full_failed = failed->latest.ended;
    }
    return h;
}

// Changes alone are no picture of anything before a full pass has ended well.
bool was_read_whole(store::session& s) { return s.meta.integer("first_sync_done").value_or(0) != 0; }

store::total total_of(pass_kind kind, bool failed) {
    auto const done = kind == pass_kind::full          ? store::total::full_passes_done
                      : kind == pass_kind::incremental ? store::total::incremental_passes_done
                                                       : store::total::rediff_passes_done;
    return static_cast<store::total>(static_cast<int>(done) + (failed ? 1 : 0));
}

// In the store's meta: what a full pass is owed to, and whether one that began since then is at work on it.
constexpr char const* owed_key = "full_wanted";
constexpr std::int64_t is_owed = 1;
constexpr std::int64_t at_work = 0;

// Who asked for one meanwhile may not have been seen by this one.
void end_owed(store::session& s, bool good) {
    auto const owed = s.meta.integer(owed_key);
    if (!owed || *owed == is_owed) return;
    if (good) {
        s.meta.remove(owed_key);
    } else {
        s.meta.set(owed_key, is_owed);
    }
}

// In the store's meta: what comes of whom this pass and those before it did not show is held.
constexpr char const* held_key = "hold_gone_of_pass";

// In the store's meta, for each pass whose messages the operator released while it was still reading; until its end.
std::string released_key(std::int64_t pass) { return "released_pass_" + std::to_string(pass); }

// Of a pass that failed too, which lifts no hold: what it did not show is asked for all the same. They are part of what
// the pass changes. Whatever on_delete says: it may say something else when they are answered for.
void decide_on_gone(store::session& s, store::pass_row const& pass, bool whole, config::trait_settings const& traits) {
    auto const missing = s.passes.count_missing(store::profile_kind::user);
    auto const limit = ingest::brake_limit(traits, s.profiles.live_users());
    auto const released = is_released(s, pass.no);
    auto const changed = released ? 0 : pass.counted;
    auto const is_closed = pass.brake_closed && !released;
    if (limit && missing > 0 && (is_closed || missing + changed > *limit)) {
        s.meta.set(held_key, pass.no);
    } else if (whole) {
        s.meta.remove(held_key);
    }
}

// A pass over the store goes before the rest of one that was interrupted, and may touch what waits for that one's
// brake.
store::outbox::gate_behind gate_behind(store::session& s, store::pass_row const& pass) {
    if (pass.kind != pass_kind::rediff) return {};
    for (auto const& other : s.passes.all_unfinished()) {
        if (other.no != pass.no && other.started != 0) return {.pass = other.no, .made_before = pass.started};
    }
    return {};
}

// What the operator released while the pass was settled may have come back to its gate behind the step that opens it,
// and no other pass would.
void open_rest_of_gate(store::session& s, store::pass_row const& pass) {
    if (pass.brake_closed && !is_released(s, pass.no)) return;
    std::optional<settling> from = settling{};
    auto const behind = gate_behind(s, pass);
    while (from && from->at == settling::step::aside) {
        from = s.outbox.settle_pass(pass.no, false, gate_chunk, *from, behind);
    }
}

}  // namespace

void owe_full_pass(store::session& s) { s.meta.set(owed_key, is_owed); }

void full_pass_at_work(store::session& s) {
    if (s.meta.integer(owed_key)) s.meta.set(owed_key, at_work);
}

bool full_pass_owed(store::session& s) { return s.meta.integer(owed_key).value_or(at_work) == is_owed; }

void resume_adopting(store::session& s) { s.meta.remove("adopting_ended"); }

void end_adopting(store::session& s) { s.meta.set("adopting_ended", std::int64_t{1}); }

bool may_adopt(store::session& s) { return !s.meta.integer("adopting_ended"); }

std::int64_t pass_that_holds(store::session& s) { return s.meta.integer(held_key).value_or(0); }

bool holds_gone(store::session& s, store::missing_row const& missing) {
    return missing.pass != 0 && missing.pass <= s.meta.integer(held_key).value_or(0);
}

void note_release(store::session& s) {
    // Passes over the store for changed policies may have come between.
    for (auto const& pass : s.passes.all_unfinished()) {
        if (pass.brake_closed) s.meta.set(released_key(pass.no), std::int64_t{1});
    }
}

void note_released_rows(store::session& s, std::vector<std::int64_t> const& of_passes) {
    auto const held = s.meta.integer(held_key);
    if (held && std::ranges::find(of_passes, *held) != of_passes.end()) s.meta.remove(held_key);
}

std::vector<std::int64_t> passes_at_the_gate(store::session& s) {
    std::vector<std::int64_t> open;
    for (auto const& pass : s.passes.all_unfinished()) {
        if (!pass.brake_closed) open.push_back(pass.no);
    }
    return open;
}

store::pass_row ask_for_pass(store::session& s, store::pass_kind kind) {
    auto const reads_whole = [](store::pass_row const& p) { return p.kind == pass_kind::full && p.started != 0; };
    // Behind a first full pass that still runs it is to be what was asked for, if that one ends well.
    if (!was_read_whole(s) && std::ranges::none_of(s.passes.all_unfinished(), reads_whole)) kind = pass_kind::full;
    return s.passes.ask(kind);
}

bool is_released(store::session& s, std::int64_t pass) { return s.meta.integer(released_key(pass)).has_value(); }

result<next_pass> open_pass(store::session& s, config::moesif_settings const& settings, pass_wishes const& wishes) {
    auto unfinished = s.passes.unfinished();
    // Nothing else goes on before what is stored was compared under the present rules.
    if (wishes.rules_changed && unfinished && unfinished->kind != pass_kind::rediff) unfinished.reset();
    if (unfinished && unfinished->started != 0) return next_pass{std::move(unfinished)};
    auto const next = plan(history(s, wishes), settings);
    if (!unfinished && next.at > wishes.now) return next_pass{{}, next};

    store::session::transaction tx{s};
    // What the operator asked for comes before what is due.
    store::pass_row row = unfinished.value_or(store::pass_row{.kind = next.kind});
    row.started = wishes.now;
    row.first_sync = !was_read_whole(s);
    if (row.first_sync && row.kind == pass_kind::incremental) row.kind = pass_kind::full;
    if (row.kind == pass_kind::incremental) {
        auto const overlap = settings.overlap.count();
        row.since_companies = mark_of(s, companies_mark, wishes.now) - overlap;
        row.since_users = mark_of(s, users_mark, wishes.now) - overlap;
    }
    if (row.kind == pass_kind::full) full_pass_at_work(s);
    if (unfinished) {
        s.passes.begin(row);
    } else {
        row.no = s.passes.add(row);
    }
    tx.commit();
    return next_pass{std::move(row)};
}

result<std::optional<settling>> settle_pass_messages(store::session& s, store::pass_row const& pass, settling from) {
    store::session::transaction tx{s};
    auto const holds = pass.brake_closed && !is_released(s, pass.no);
    auto const further = s.outbox.settle_pass(pass.no, holds, gate_chunk, from, gate_behind(s, pass));
    tx.commit();
    return further;
}

result<store::session::numbers> close_pass(store::session& s, store::pass_row& pass, std::string const& failure,
                                           config::trait_settings const& traits, std::int64_t now) {
    store::session::transaction tx{s};
    auto row = pass;
    row.ended = now;
    row.error = failure;
    // Where it stopped reading names a profile, and is of no use any more.
    row.search_after.clear();
    row.last_key.clear();
    row.unnamed_cursor = false;
    if (failure.empty()) {
        row.stage = store::pass_stage::done;
        if (row.kind != pass_kind::rediff) {
            raise_mark(s, companies_mark, row, row.newest_companies);
            raise_mark(s, users_mark, row, row.newest_users);
            s.meta.set("read_up_to", row.started);
        }
        if (row.kind == pass_kind::full) s.meta.set("first_sync_done", std::int64_t{1});
    }
    if (row.kind == pass_kind::full) {
        decide_on_gone(s, row, failure.empty(), traits);
        end_owed(s, failure.empty());
    }
    open_rest_of_gate(s, row);
    // What the pass replaced or hid stands nowhere any more when it has ended.
    s.lookups.enter();
    s.passes.save(row);
    s.meta.remove(released_key(row.no));
    s.totals.add(total_of(row.kind, !failure.empty()), 1);
    auto const numbers = s.read_numbers();
    tx.commit();
    pass = std::move(row);
    return numbers;
}

result<void> turn_to_users(store::session& s, store::pass_row& pass) {
    store::session::transaction tx{s};
    auto next = pass;
    next.stage = store::pass_stage::users;
    next.search_after.clear();
    next.last_key.clear();
    next.unnamed_cursor = false;
    next.ordered = true;
    s.passes.save(next);
    tx.commit();
    pass = std::move(next);
    return {};
}

}  // namespace traitsync::engine
