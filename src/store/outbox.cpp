#include "traitsync/store/outbox.hpp"

#include <algorithm>

#include "outbox_statements.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

using diff::message_state;
using profile::trait_set;

// Users read with one statement: their sources and ledgers, some hundred KB.
constexpr std::size_t read_at_once = 64;

}  // namespace

outbox::outbox(SQLite::Database& db, accounts& a, profiles& p, companies& c, totals& t)
    : sql_{std::make_unique<statements>(db)}, accounts_{a}, profiles_{p}, composer_{c}, totals_{t} {
    recount();
}
outbox::~outbox() = default;

outbox::offered outbox::offer(std::size_t limit, std::size_t bytes, message_writer& writer,
                              diff::diff_rules const& rules, bool nested_nulls, std::int64_t now) {
    offered result;
    std::vector<std::int64_t> rows;
    std::size_t used = 0;
    std::string body;
    auto& users = sql_->users;
    std::size_t at = 0, count = 0;
    std::int64_t last = 0;
    while (result.messages.size() < limit) {
        if (at == count) {
            count = accounts_.ready(last, std::min(limit - result.messages.size(), read_at_once), users);
            at = 0;
            if (count == 0) break;
            last = users[count - 1].row;
        }
        auto& user = users[at++];
        auto& a = user.account;
        auto* const pending = a.pending();
        if (!pending) throw broken_invariant{"a waiting message that its user does not know"};
        auto const& d = composer_.compose(user.user_id, user.source, a, *pending, rules, nested_nulls);
        if (d.traits.empty()) {
            pending->removed = true;
            pending->changed = true;
            accounts_.save(a);
            continue;
        }
        auto const plan = writer.cut(d);
        if (!plan.parts.empty()) {
            body.clear();
            writer.write(body, d, plan.parts.front(), pending->id);
            if (used > 0 && used + body.size() + 1 > bytes) {
                result.more = true;
                break;
            }
        }
        auto const in_its_row =
            plan.parts.size() == 1 && plan.too_large.empty() && accounts::row_tells_offer(a, *pending);
        auto const parts = diff::freeze(a, plan.parts, plan.too_large, now);
        if (in_its_row) {
            a.changed = false;
            a.open[parts.front()].offer_noted = true;
        }
        struct written {
            message_id id;
            trait_set traits;
            bool first;
        };
        std::vector<written> to_write;
        for (std::size_t i = 0; i < a.open.size(); ++i) {
            auto const& m = a.open[i];
            auto const is_part = std::ranges::find(parts, i) != parts.end();
            auto const is_dead = m.state == message_state::dead && m.changed &&
                                 m.reason == diff::dead_reason::too_large && m.settled == now &&
                                 m.stored_state != message_state::dead;
            if (is_part || is_dead) to_write.push_back({m.id, m.traits, !parts.empty() && i == parts.front()});
        }
        accounts_.save(a);
        totals_.add(total::dead_too_large, static_cast<std::int64_t>(plan.too_large.size()));
        for (auto const& w : to_write) {
            auto const stored = std::ranges::find(a.open, w.id, &diff::message::id);
            if (stored == a.open.end()) throw broken_invariant{"a frozen message has no row"};
            auto const row = stored->row;
            if (stored->state == message_state::offered) rows.push_back(row);
            if (!w.first) {
                body.clear();
                writer.write(body, d, w.traits, w.id);
            }
            accounts_.put_body(row, body);
            sql_->body_bytes += static_cast<std::int64_t>(body.size());
            if (!w.first) continue;
            used += body.size() + 1;
            result.messages.push_back({.row = row, .body = body, .first_offered = now, .attempts = 0});
        }
    }
    sql_->save_body_bytes();
    add_runs(rows);
    result.more = result.more || at < count || accounts_.any_ready(last);
    return result;
}

void outbox::add_runs(std::vector<std::int64_t>& offered) {
    std::ranges::sort(offered);
    for (std::size_t begin = 0; begin < offered.size();) {
        auto const end = end_of_run(offered, begin);
        sql_->add_run.with(offered[begin], offered[end - 1]).run();
        begin = end;
    }
}

void outbox::end_runs(std::int64_t first_row, std::int64_t last_row) { sql_->end_runs.with(first_row, last_row).run(); }

std::vector<frozen> outbox::unanswered(std::int64_t after_row, std::size_t limit) {
    std::vector<frozen> list;
    auto& s = sql_->unanswered.with(after_row, static_cast<std::int64_t>(limit));
    while (s.step())
        list.push_back({.row = s.integer(0), .body = {}, .first_offered = s.integer(1), .attempts = s.integer(2)});
    for (auto& m : list) {
        auto body = accounts_.body(m.row);
        if (!body) throw broken_invariant{"an offered message has no bytes"};
        m.body = std::move(*body);
    }
    return list;
}

std::vector<frozen> outbox::settle(std::span<std::int64_t const> acknowledged, std::span<death const> dead,
                                   std::int64_t now) {
    std::vector<frozen> next;
    auto const step = [&](std::int64_t row, auto&& apply) {
        auto const user_no = accounts_.user_of_message(row);
        if (!user_no) return;
        auto a = accounts_.load(*user_no, {}, false);
        auto const found = std::ranges::find(a.open, row, &diff::message::row);
        if (found == a.open.end() || found->state != message_state::offered) return;
        apply(a, *found);
        std::vector<std::int64_t> freed;
        for (auto const& m : a.open) {
            if (m.state == message_state::offered && m.changed && m.wait == 0) freed.push_back(m.row);
        }
        accounts_.save(a);
        for (auto const part : freed) {
            auto body = accounts_.body(part);
            auto& s = sql_->attempts.with(part);
            if (!body || !s.step()) throw broken_invariant{"a part of a split message has no bytes"};
            next.push_back(
                {.row = part, .body = std::move(*body), .first_offered = s.integer(0), .attempts = s.integer(1)});
            s.reset();
        }
    };
    std::int64_t taken = 0, traits = 0, refused = 0, gave_up = 0;
    auto const alone = accounts_.acknowledge_alone(acknowledged, now);
    taken += static_cast<std::int64_t>(acknowledged.size() - alone.others.size());
    traits += alone.traits;
    for (auto const row : alone.others) {
        step(row, [&](diff::account& a, diff::message& m) {
            ++taken;
            traits += m.traits.size();
            diff::acknowledge(a, m, now);
        });
    }
    for (auto const& d : dead) {
        step(d.row, [&](diff::account& a, diff::message& m) {
            ++(d.reason == diff::dead_reason::gave_up ? gave_up : refused);
            diff::bury(a, m, d.reason, d.answer, now);
        });
    }
    std::vector<std::int64_t> settled{acknowledged.begin(), acknowledged.end()};
    for (auto const& d : dead) settled.push_back(d.row);
    if (!settled.empty()) end_runs(std::ranges::min(settled), std::ranges::max(settled));
    totals_.add(total::acknowledged, taken);
    totals_.add(total::traits_sent, traits);
    totals_.add(total::dead_refused, refused);
    totals_.add(total::dead_gave_up, gave_up);
    return next;
}

void outbox::note_retry(std::span<std::int64_t const> rows, std::string_view error, std::int64_t next_attempt) {
    for (auto const row : rows) sql_->note.with(row, next_attempt, error).run();
}

}  // namespace traitsync::store
