#include "traitsync/store/outbox.hpp"

#include <algorithm>

#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/store/meta.hpp"

namespace traitsync::store {
namespace {

using diff::message_state;
using profile::trait_set;

}  // namespace

struct outbox::statements {
    explicit statements(SQLite::Database& db) : db{db}, meta{db} {}
    SQLite::Database& db;
    store::meta meta;
    statement ready{db, "SELECT user_no FROM messages WHERE state = 0 AND wait = 0 ORDER BY no LIMIT ?"};
    statement unanswered{
        db,
        "SELECT no, first_offered, attempts FROM messages WHERE state = 1 AND (wait & 4) = 0 AND no > ? "
        "ORDER BY no LIMIT ?"};
    statement attempts{db, "SELECT first_offered, attempts FROM messages WHERE no = ?"};
    statement note{
        db, "UPDATE messages SET attempts = attempts + 1, next_attempt = ?2, answer = ?3 WHERE no = ?1 AND state = 1"};
    statement open_gate{
        db,
        "UPDATE messages SET wait = wait & ~8 WHERE no IN (SELECT no FROM messages WHERE state = 0 AND wait "
        "<> 0 AND (wait & 8) <> 0 AND pass = ? ORDER BY no LIMIT ?)"};
    statement no_company{
        db,
        "UPDATE messages SET wait = wait & ~2 WHERE no IN (SELECT no FROM messages WHERE state = 0 AND wait "
        "<> 0 AND (wait & 2) <> 0 ORDER BY no LIMIT ?)"};
    statement hold_ready{
        db,
        "UPDATE messages SET state = 4, wait = wait & ~10 WHERE no IN (SELECT no FROM messages WHERE state "
        "= 0 AND wait = 0 AND pass = ? ORDER BY no LIMIT ?)"};
    statement hold_waiting{
        db,
        "UPDATE messages SET state = 4, wait = wait & ~10 WHERE no IN (SELECT no FROM messages WHERE "
        "state = 0 AND wait <> 0 AND pass = ? ORDER BY no LIMIT ?)"};
    statement held{db, "SELECT user_no FROM messages WHERE state = 4 ORDER BY no LIMIT ?"};
    statement dead{
        db, "SELECT no FROM messages WHERE state = 3 AND no > ?1 AND (?2 < 0 OR reason = ?2) ORDER BY no LIMIT ?3"};
    statement offered_bytes{
        db,
        "SELECT ifnull(sum(length(CAST(b.body AS BLOB))), 0), count(*) FROM (SELECT no FROM messages WHERE "
        "state = 1 LIMIT 1000) m JOIN bodies b ON b.no = m.no"};
    statement last_acknowledged{
        db, "SELECT settled FROM messages WHERE (state = 2 OR state > 4) AND state = 2 ORDER BY settled DESC LIMIT 1"};
    statement oldest_ready{db, "SELECT created FROM messages WHERE state = 0 AND wait = 0 ORDER BY no LIMIT 1"};
    statement oldest_waiting{
        db, "SELECT created FROM messages WHERE state = 0 AND wait <> 0 AND (wait & 1) = 0 ORDER BY no LIMIT 1"};
    statement oldest_offered{db, "SELECT created FROM messages WHERE state = 1 ORDER BY no LIMIT 1"};
    statement unsent{
        db,
        "SELECT (SELECT count(*) FROM messages WHERE state = 0 AND wait = 0) + (SELECT count(*) FROM messages "
        "WHERE state = 1) + (SELECT count(*) FROM messages WHERE state = 0 AND wait <> 0 AND (wait & 1) = 0)"};
    statement dead_since{db, "SELECT count(*) FROM messages WHERE state = 3 AND settled >= ?"};
    statement closed{db,
                     "SELECT m.no, m.settled, length(CAST(b.body AS BLOB)), m.user_no, m.state FROM messages m LEFT "
                     "JOIN bodies b ON b.no = m.no "
                     "WHERE (m.state = 2 OR m.state > 4) ORDER BY m.settled LIMIT ?"};
    statement oldest_closed{db, "SELECT settled FROM messages WHERE (state = 2 OR state > 4) ORDER BY settled LIMIT 1"};
    statement remove{db, "DELETE FROM messages WHERE no = ?"};
    statement remove_body{db, "DELETE FROM bodies WHERE no = ?"};
    statement remove_marks{db, "DELETE FROM marks WHERE message_no = ?"};

    std::int64_t body_bytes = 0;

    static std::vector<std::int64_t> numbers(statement& s) {
        std::vector<std::int64_t> list;
        while (s.step()) list.push_back(s.integer(0));
        return list;
    }
    int changes() const { return sqlite3_changes(db.getHandle()); }
    void save_body_bytes() { meta.set("body_bytes", body_bytes); }
};

outbox::outbox(SQLite::Database& db, accounts& a, profiles& p, companies& c, totals& t)
    : sql_{std::make_unique<statements>(db)}, accounts_{a}, profiles_{p}, composer_{c}, totals_{t} {
    recount();
}
outbox::~outbox() = default;

void outbox::recount() { sql_->body_bytes = sql_->meta.integer("body_bytes").value_or(0); }
std::int64_t outbox::history_bytes() const { return sql_->body_bytes; }

outbox::offered outbox::offer(std::size_t limit, std::size_t bytes, message_writer& writer,
                              diff::diff_rules const& rules, bool nested_nulls, std::int64_t now) {
    offered result;
    auto const users = statements::numbers(sql_->ready.with(static_cast<std::int64_t>(limit) + 1));
    result.more = users.size() > limit;
    std::size_t used = 0;
    std::string body;
    for (auto const user_no : users) {
        if (result.messages.size() >= limit) break;
        auto const user = profiles_.user(user_no);
        auto const source = profiles_.source(user_no);
        if (!user || !source) throw broken_invariant{"a message of a user that is not stored"};
        auto a = accounts_.load(user_no, user->user_id, user->gone_at.has_value());
        set_wanted_texts(a, source->data);
        auto* const pending = a.pending();
        if (!pending) throw broken_invariant{"a waiting message that its user does not know"};
        auto const& d = composer_.compose(*user, *source, a, *pending, rules, nested_nulls);
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
        auto const parts = diff::freeze(a, plan.parts, plan.too_large, now);
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
    return result;
}

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
    for (auto const row : acknowledged) {
        if (auto const carried = accounts_.acknowledge_alone(row, now)) {
            ++taken;
            traits += *carried;
            continue;
        }
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
    totals_.add(total::acknowledged, taken);
    totals_.add(total::traits_sent, traits);
    totals_.add(total::dead_refused, refused);
    totals_.add(total::dead_gave_up, gave_up);
    return next;
}

void outbox::note_retry(std::span<std::int64_t const> rows, std::string_view error, std::int64_t next_attempt) {
    for (auto const row : rows) sql_->note.with(row, next_attempt, error).run();
}

bool outbox::open_gate(std::int64_t pass, std::size_t limit) {
    sql_->open_gate.with(pass, static_cast<std::int64_t>(limit)).run();
    return static_cast<std::size_t>(sql_->changes()) == limit;
}

bool outbox::give_up_on_companies(std::size_t limit) {
    sql_->no_company.with(static_cast<std::int64_t>(limit)).run();
    return static_cast<std::size_t>(sql_->changes()) == limit;
}

bool outbox::hold_pass(std::int64_t pass, std::size_t limit) {
    bool more = false;
    std::int64_t held = 0;
    for (auto* s : {&sql_->hold_ready, &sql_->hold_waiting}) {
        s->with(pass, static_cast<std::int64_t>(limit)).run();
        held += sql_->changes();
        more = more || static_cast<std::size_t>(sql_->changes()) == limit;
    }
    auto counts = accounts_.counts();
    counts[message_state::waiting] -= held;
    counts[message_state::held] += held;
    accounts_.restore_counts(counts);
    return more;
}

diff::account outbox::load(std::int64_t user_no) {
    auto const user = profiles_.user(user_no);
    return accounts_.load(user_no, user ? std::string_view{user->user_id} : "", user && user->gone_at);
}

std::vector<std::int64_t> outbox::dead_rows(std::optional<diff::dead_reason> reason, std::int64_t after,
                                            std::size_t limit) {
    auto const wanted = reason ? static_cast<int>(*reason) : -1;
    return statements::numbers(sql_->dead.with(after, wanted, static_cast<std::int64_t>(limit)));
}

bool outbox::retry_dead(std::int64_t row, diff::diff_rules const& rules, std::int64_t now) {
    auto const user_no = accounts_.user_of_message(row);
    if (!user_no) return false;
    auto a = load(*user_no);
    auto const found = std::ranges::find(a.open, row, &diff::message::row);
    if (found == a.open.end() || found->state != message_state::dead) return false;
    diff::retry_dead(a, *found, rules, {.now = now});
    accounts_.save(a);
    return true;
}

bool outbox::discard_dead(std::int64_t row, std::int64_t now) {
    auto const user_no = accounts_.user_of_message(row);
    if (!user_no) return false;
    auto a = load(*user_no);
    auto const found = std::ranges::find(a.open, row, &diff::message::row);
    if (found == a.open.end() || found->state != message_state::dead) return false;
    diff::discard_dead(a, *found, now);
    accounts_.save(a);
    return true;
}

bool outbox::mark(std::int64_t user_no, std::int64_t replay, trait_set traits, diff::diff_rules const& rules,
                  std::int64_t now) {
    auto a = load(user_no);
    if (a.gone) return false;
    auto const marked = diff::mark_for_replay(a, replay, traits, rules, {.now = now});
    accounts_.save(a);
    return marked;
}

void outbox::unmark(std::int64_t user_no, std::int64_t replay, diff::diff_rules const& rules, std::int64_t now) {
    auto a = load(user_no);
    diff::cancel_replay(a, replay, rules, {.now = now});
    accounts_.save(a);
}

bool outbox::release_held(std::size_t limit) {
    auto const users = statements::numbers(sql_->held.with(static_cast<std::int64_t>(limit)));
    for (auto const no : users) {
        auto a = load(no);
        diff::release_held(a);
        accounts_.save(a);
    }
    return users.size() == limit;
}

bool outbox::discard_held(std::size_t limit, diff::diff_rules const& rules, std::int64_t now) {
    auto const users = statements::numbers(sql_->held.with(static_cast<std::int64_t>(limit)));
    for (auto const no : users) {
        auto a = load(no);
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
        auto const user = profiles_.user(no);
        auto a = accounts_.load(no, user->user_id, user->gone_at.has_value());
        diff::forget_destination(a, rules, {.now = now});
        accounts_.save(a);
    }
    if (users.empty()) return std::nullopt;
    return users.back();
}

std::optional<std::int64_t> outbox::oldest_created() {
    std::optional<std::int64_t> oldest;
    for (auto* s : {&sql_->oldest_ready, &sql_->oldest_waiting, &sql_->oldest_offered}) {
        if (!s->with().step()) continue;
        auto const at = s->integer(0);
        s->reset();
        oldest = std::min(oldest.value_or(at), at);
    }
    return oldest;
}

std::int64_t outbox::offered_bytes() {
    auto& s = sql_->offered_bytes.with();
    s.step();
    auto const bytes = s.integer(0);
    auto const counted = s.integer(1);
    s.reset();
    if (counted == 0) return 0;
    return bytes / counted * std::max(counted, accounts_.counts()[message_state::offered]);
}

std::optional<std::int64_t> outbox::last_acknowledged() {
    auto& s = sql_->last_acknowledged.with();
    if (!s.step()) return std::nullopt;
    auto const at = s.integer(0);
    s.reset();
    return at;
}

std::int64_t outbox::count_unsent() {
    sql_->unsent.with().step();
    auto const n = sql_->unsent.integer(0);
    sql_->unsent.reset();
    return n;
}

std::int64_t outbox::count_dead_since(std::int64_t since) {
    sql_->dead_since.with(since).step();
    auto const n = sql_->dead_since.integer(0);
    sql_->dead_since.reset();
    return n;
}

bool outbox::trim_history(std::int64_t before, std::int64_t max_bytes, std::size_t limit) {
    struct closed {
        std::int64_t no, settled, bytes, user_no;
        message_state state;
    };
    if (sql_->body_bytes <= max_bytes) {
        auto& oldest = sql_->oldest_closed.with();
        auto const due = oldest.step() && oldest.integer(0) < before;
        oldest.reset();
        if (!due) return false;
    }
    std::vector<closed> rows;
    auto& s = sql_->closed.with(static_cast<std::int64_t>(limit));
    while (s.step())
        rows.push_back(
            {s.integer(0), s.integer(1), s.integer(2), s.integer(3), static_cast<message_state>(s.integer(4))});
    std::size_t removed = 0;
    for (auto const& row : rows) {
        // Oldest first: what is younger and fits ends the walk.
        if (row.settled >= before && sql_->body_bytes <= max_bytes) break;
        if (row.state == message_state::acknowledged) accounts_.keep_answer(row.user_no);
        sql_->remove.with(row.no).run();
        sql_->remove_body.with(row.no).run();
        sql_->remove_marks.with(row.no).run();
        sql_->body_bytes -= row.bytes;
        ++removed;
    }
    if (removed > 0) sql_->save_body_bytes();
    return removed == limit;
}

}  // namespace traitsync::store
