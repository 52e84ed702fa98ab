// What the brake, the end of a pass and the operator do to messages.
#include <algorithm>
#include <optional>

#include "outbox_statements.hpp"

namespace traitsync::store {

namespace {

using diff::message_state;

// Dead letters in one step of a transaction: a few milliseconds.
constexpr std::size_t most_looked_at = 10'000;

struct changed_rows {
    std::size_t count = 0;
    std::int64_t last = 0;
};

// Runs an UPDATE that returns the numbers of the rows.
changed_rows rows_of(statement& update) {
    changed_rows rows;
    for (; update.step(); ++rows.count) rows.last = std::max(rows.last, update.integer(0));
    return rows;
}

}  // namespace

void outbox::hold_pass(std::int64_t pass, std::size_t limit) {
    accounts_.write_new();
    for (auto* hold : {&sql_->hold_ready, &sql_->hold_waiting}) {
        count_held(rows_of(hold->with(pass, 0, static_cast<std::int64_t>(limit))).count);
    }
}

void outbox::count_held(std::size_t rows) {
    auto counts = accounts_.counts();
    counts[message_state::waiting] -= static_cast<std::int64_t>(rows);
    counts[message_state::held] += static_cast<std::int64_t>(rows);
    accounts_.restore_counts(counts);
}

std::optional<outbox::settling> outbox::settle_pass(std::int64_t pass, bool holds, std::size_t limit, settling from,
                                                    gate_behind behind) {
    using step = settling::step;
    accounts_.write_new();
    auto const some = static_cast<std::int64_t>(limit);
    changed_rows rows;
    if (from.at == step::companies) {
        rows = rows_of(sql_->no_company.with(from.after, some));
    } else if (holds) {
        auto& hold = from.at == step::aside ? sql_->hold_waiting : sql_->hold_ready;
        rows = rows_of(hold.with(pass, from.after, some));
        count_held(rows.count);
    } else if (from.at == step::aside) {
        rows = rows_of(sql_->open_gate.with(pass, from.after, some, behind.pass, behind.made_before));
    }
    if (rows.count == limit) return settling{from.at, rows.last};
    if (from.at == step::companies) return std::nullopt;
    return settling{from.at == step::aside ? step::ready : step::companies, 0};
}

outbox::some_dead outbox::dead_rows(std::optional<diff::dead_reason> reason, std::int64_t after, std::int64_t last,
                                    std::size_t limit) {
    auto const most = reason ? std::max(limit, most_looked_at) : limit;
    some_dead found{.after = after};
    std::size_t looked = 0;
    auto& s = sql_->dead.with(after, last, static_cast<std::int64_t>(most));
    while (found.rows.size() < limit && s.step()) {
        ++looked;
        found.after = s.integer(0);
        if (!reason || static_cast<diff::dead_reason>(s.integer(1)) == *reason) found.rows.push_back(found.after);
    }
    s.reset();
    found.more = found.rows.size() == limit || looked == most;
    return found;
}

std::int64_t outbox::newest_dead_row() {
    auto const rows = statements::numbers(sql_->newest_dead.with());
    return rows.empty() ? 0 : rows.front();
}

bool outbox::retry_dead(std::int64_t row, diff::diff_rules const& rules, std::int64_t now) {
    auto const user_no = accounts_.user_of_message(row);
    if (!user_no) return false;
    auto a = accounts_.load(*user_no);
    auto const found = std::ranges::find(a.open, row, &diff::message::row);
    if (found == a.open.end() || found->state != message_state::dead) return false;
    diff::retry_dead(a, *found, rules, {.now = now});
    accounts_.save(a);
    return true;
}

bool outbox::discard_dead(std::int64_t row, std::int64_t now) {
    auto const user_no = accounts_.user_of_message(row);
    if (!user_no) return false;
    auto a = accounts_.load(*user_no);
    auto const found = std::ranges::find(a.open, row, &diff::message::row);
    if (found == a.open.end() || found->state != message_state::dead) return false;
    diff::discard_dead(a, *found, now);
    accounts_.save(a);
    return true;
}

bool outbox::mark(std::int64_t user_no, std::int64_t replay, profile::trait_set traits, diff::diff_rules const& rules,
                  std::int64_t now) {
    auto a = accounts_.load(user_no);
    if (a.gone) return false;
    auto const marked = diff::mark_for_replay(a, replay, traits, rules, {.now = now});
    accounts_.save(a);
    return marked;
}

void outbox::unmark(std::int64_t user_no, std::int64_t replay, diff::diff_rules const& rules, std::int64_t now) {
    auto a = accounts_.load(user_no);
    diff::cancel_replay(a, replay, rules, {.now = now});
    if (!a.pending() && diff::riding_differs(a, rules)) look_again(user_no);
    accounts_.save(a);
}

void outbox::look_again(std::int64_t user_no) {
    if (auto const user = profiles_.user(user_no); user && user->doc_id) profiles_.look_again(*user->doc_id);
}

outbox::released outbox::release_held(std::size_t limit, diff::diff_rules const& rules,
                                      std::vector<std::int64_t> const& at_the_gate) {
    auto const users = statements::numbers(sql_->held.with(static_cast<std::int64_t>(limit)));
    released done{.more = users.size() == limit};
    for (auto const no : users) {
        auto a = accounts_.load(no);
        auto const* const held = a.pending();
        if (held && std::ranges::find(done.of_passes, held->pass) == done.of_passes.end()) {
            done.of_passes.push_back(held->pass);
        }
        diff::release_held(a, rules, at_the_gate);
        accounts_.save(a);
    }
    return done;
}

bool outbox::discard_held(std::size_t limit, diff::diff_rules const& rules, std::int64_t now) {
    auto const users = statements::numbers(sql_->held.with(static_cast<std::int64_t>(limit)));
    for (auto const no : users) {
        auto a = accounts_.load(no);
        if (auto const source = profiles_.source(no)) set_wanted_texts(a, source->data);
        diff::discard_held(a, rules, now);
        accounts_.save(a);
    }
    return users.size() == limit;
}

std::optional<std::int64_t> outbox::forget_destination(std::int64_t after, int limit, diff::diff_rules const& rules,
                                                       std::int64_t now) {
    auto const users = profiles_.users_after(after, limit);
    for (auto const no : users) {
        auto a = accounts_.load(no);
        diff::forget_destination(a, rules, {.now = now});
        accounts_.save(a);
    }
    if (!users.empty()) return users.back();
    end_runs(0, INT64_MAX);
    return std::nullopt;
}

}  // namespace traitsync::store
