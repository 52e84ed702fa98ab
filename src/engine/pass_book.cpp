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

// Stores from before marks were set by full passes may have none: the last pass that read everything is as good.
std::int64_t mark_of(store::session& s, char const* key, std::int64_t now) {
    if (auto const mark = s.meta.integer(key)) return *mark;
    return std::min(s.meta.integer("read_up_to").value_or(now), now);
}

pass_history history(store::session& s, pass_wishes const& wishes) {
    pass_history h{.now = wishes.now};
    h.rules_changed = wishes.rules_changed;
    h.full_wanted = wishes.full || s.meta.integer("full_wanted").value_or(0) != 0;
    h.incremental_wanted = wishes.changes || s.meta.integer("incremental_wanted").value_or(0) != 0;
    h.last_full_end = s.passes.last_end(pass_kind::full);
    if (auto const latest = s.passes.latest(1); !latest.empty()) h.last_end = latest.front().ended;
    return h;
}

store::total total_of(pass_kind kind, bool failed) {
    auto const done = kind == pass_kind::full          ? store::total::full_passes_done
                      : kind == pass_kind::incremental ? store::total::incremental_passes_done
                                                       : store::total::rediff_passes_done;
    return static_cast<store::total>(static_cast<int>(done) + (failed ? 1 : 0));
}

void note_full_pass(store::session& s, store::pass_row const& pass, config::trait_settings const& traits) {
    s.meta.set("first_sync_done", std::int64_t{1});
    auto const limit = ingest::brake_limit(traits, s.profiles.live_users());
    if (traits.on_delete == config::on_delete::null && limit && s.passes.count_missing() > *limit) {
        s.meta.set("hold_gone_of_pass", pass.no);
    }
}

}  // namespace

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
    row.first_sync = s.meta.integer("first_sync_done").value_or(0) == 0;
    if (row.kind == pass_kind::incremental) {
        auto const overlap = settings.overlap.count();
        row.since_companies = mark_of(s, companies_mark, wishes.now) - overlap;
        row.since_users = mark_of(s, users_mark, wishes.now) - overlap;
        s.meta.remove("incremental_wanted");
    }
    if (row.kind == pass_kind::full) {
        s.meta.remove("full_wanted");
        s.meta.remove("incremental_wanted");
    }
    if (unfinished) {
        s.passes.begin(row);
    } else {
        row.no = s.passes.add(row);
    }
    tx.commit();
    return next_pass{std::move(row)};
}

result<bool> settle_pass_messages(store::session& s, store::pass_row const& pass) {
    store::session::transaction tx{s};
    bool left = pass.brake_closed ? s.outbox.hold_pass(pass.no, gate_chunk) : s.outbox.open_gate(pass.no, gate_chunk);
    left = s.outbox.give_up_on_companies(gate_chunk) || left;
    tx.commit();
    return left;
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
        if (row.kind == pass_kind::full) note_full_pass(s, row, traits);
    }
    s.passes.save(row);
    s.totals.add(total_of(row.kind, !failure.empty()), 1);
    tx.commit();
    pass = std::move(row);
    return s.read_numbers();
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
