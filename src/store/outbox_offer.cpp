// The outbox's messages on their way to Segment: which go, as which bytes.
#include <algorithm>

#include "outbox_statements.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/store/number_runs.hpp"
#include "traitsync/store/outbox.hpp"

namespace traitsync::store {
namespace {

using diff::message_state;
using profile::trait_set;

// Users read with one statement: their sources and ledgers, some hundred KB.
constexpr std::size_t read_at_once = 64;
// The last ones may find no room and are read again.
constexpr std::size_t replayed_at_once = 16;
// Of whom nothing goes, in one transaction: users, and bytes of what is too large for Segment.
constexpr std::size_t most_aside = 128;
constexpr std::size_t most_dead_bytes = std::size_t{8} << 20;

}  // namespace

// One call of offer().
struct outbox::offering {
    std::size_t limit, bytes;
    message_writer& writer;
    offer_rules const& rules;
    std::int64_t now;

    offered result = {};
    std::vector<std::int64_t> rows = {};  // that are offered now
    std::size_t used = 0;                 // bytes
    std::size_t aside = 0;                // users of whom nothing goes
    std::size_t dead_bytes = 0;           // of what is too large
    std::string body = {};

    // Offers that are still to be written: row and traits, and which message of the result it is.
    std::vector<row_offer> in_rows = {};
    std::vector<std::size_t> places = {};

    bool full() const {
        return result.messages.size() >= limit || aside >= most_aside || dead_bytes >= most_dead_bytes;
    }
    void take(std::int64_t row, std::string const& text) {
        used += text.size() + 1;
        result.messages.push_back({.row = row, .body = text, .first_offered = now, .attempts = 0});
    }
};

// What is ready behind `last`, which follows; false where there is no room for more.
bool outbox::offer_ready(offering& o, std::int64_t& last) {
    auto& users = sql_->users;
    std::size_t at = 0, count = 0;
    while (!o.full()) {
        if (at == count) {
            write_rows(o);
            count = accounts_.ready(last, std::min(o.limit - o.result.messages.size(), read_at_once), users);
            at = 0;
            if (count == 0) break;
        }
        auto& user = users[at];
        auto& a = user.account;
        auto const done = take(o, a, user.user_id, user.source);
        if (done == outcome::no_room) {
            write_rows(o);
            return false;
        }
        if (done == outcome::nothing_to_send) {
            auto* const empty = a.pending();  // asked once: one that is removed is pending no more
            empty->removed = true;
            empty->changed = true;
            accounts_.save(a);
            ++o.aside;
        }
        last = user.row;
        ++at;
    }
    write_rows(o);
    return true;
}

outbox::offered outbox::offer(std::size_t limit, std::size_t bytes, message_writer& writer, offer_rules const& rules,
                              std::int64_t now, replay_feed* feed) {
    offering o{.limit = limit, .bytes = bytes, .writer = writer, .rules = rules, .now = now};
    std::int64_t last = 0;
    bool room = offer_ready(o, last);
    if (feed && room) {
        accounts::together rows{accounts_};
        room = feed_replay(o, *feed);
        rows.end();
    }
    sql_->save_body_bytes();
    add_runs(o.rows);
    o.result.more = !room || (feed && feed->done < feed->users.size()) || accounts_.any_ready(last);
    return std::move(o.result);
}

outbox::offered outbox::offer_behind(std::int64_t row, std::size_t limit, std::size_t bytes, message_writer& writer,
                                     offer_rules const& rules, std::int64_t now) {
    offering o{.limit = limit, .bytes = bytes, .writer = writer, .rules = rules, .now = now};
    offer_ready(o, row);
    sql_->save_body_bytes();
    add_runs(o.rows);
    o.result.more = accounts_.any_ready(0);
    return std::move(o.result);
}

std::optional<std::int64_t> outbox::row_before(double place) {
    auto& s = sql_->ready_rows.with();
    s.step();
    auto const first = s.integer(0);
    auto const last = s.integer(1);
    s.reset();
    if (last == 0) return std::nullopt;
    return first - 1 + static_cast<std::int64_t>(static_cast<double>(last - first) * place);
}

// Freezes the user's waiting message as it is now.
outbox::outcome outbox::take(offering& o, diff::account& a, std::string_view user_id, std::string_view source) {
    auto const* const pending = a.pending();
    if (!pending) throw damaged_content{"a waiting message that its user does not know"};
    auto const going = composer_.plan(o.writer, user_id, source, a, *pending, o.rules.diff, o.rules.nested_nulls);
    auto const& d = *going.message;
    auto const& plan = going.plan;
    if (d.traits.empty() || (plan.parts.empty() && plan.too_large.empty())) return outcome::nothing_to_send;
    if (!plan.parts.empty()) {
        o.body.clear();
        o.writer.write(o.body, d, plan.parts.front(), pending->id);
        if (o.used > 0 && o.used + o.body.size() + 1 > o.bytes) return outcome::no_room;
    }
    auto const whole = plan.parts.size() == 1 && plan.too_large.empty();
    if (whole && accounts::only_row_changes(a, *pending, plan.parts.front())) {
        o.in_rows.push_back({pending->row, plan.parts.front(), {}});
        o.places.push_back(o.result.messages.size());
        o.take(pending->row, o.body);
    } else {
        freeze(o, a, d, plan, o.body);
        if (plan.parts.empty()) ++o.aside;
        if (going.left_some && diff::riding_differs(a, o.rules.diff)) look_again(a.user_no);
    }
    return outcome::taken;
}

// Of the feed's next users whose numbers follow each other, some. Those of whom nothing is stored are left out.
std::span<accounts::whole_user> outbox::load_replayed(replay_feed const& feed) {
    auto const next = std::span{feed.users}.subspan(feed.done);
    auto const run = next.first(std::min(end_of_run(next, 0), replayed_at_once));
    auto const read = accounts_.load_whole(run.front(), run.back(), sql_->replayed);
    return std::span{sql_->replayed}.first(read.count);
}

// Offers to the users of the feed while there is room; false where there is none any more.
bool outbox::feed_replay(offering& o, replay_feed& feed) {
    std::span<accounts::whole_user> loaded;
    std::size_t at = 0;
    for (; feed.done < feed.users.size() && !o.full(); ++feed.done) {
        auto const user_no = feed.users[feed.done];
        if (at == loaded.size()) {
            loaded = load_replayed(feed);
            at = 0;
        }
        if (at == loaded.size() || loaded[at].user.no != user_no) continue;
        if (!make_replayed(o, feed, loaded[at++])) return false;
    }
    return true;
}

bool outbox::make_replayed(offering& o, replay_feed const& feed, accounts::whole_user& u) {
    if (!u.has_source || u.account.gone || !u.account.open.empty()) {
        mark(u.user.no, feed.replay, feed.traits, o.rules.diff, o.now);
    } else if (!diff::mark_for_replay(u.account, feed.replay, feed.traits, o.rules.diff, {.now = o.now}) ||
               u.account.pending()->wait != 0) {
        accounts_.save(u.account);
    } else {
        // Without room nothing of it is stored, and it is made again; one without contents needs no removal either.
        return take(o, u.account, u.user.user_id, u.source.data) != outcome::no_room;
    }
    return true;
}

void outbox::write_rows(offering& o) {
    for (std::size_t i = 0; i < o.in_rows.size(); ++i) {
        auto& offer = o.in_rows[i];
        offer.body = o.result.messages[o.places[i]].body;
        o.rows.push_back(offer.row);
    }
    sql_->body_bytes += accounts_.offer_rows(o.in_rows, o.now);
    o.in_rows.clear();
    o.places.clear();
}

// Writes the user's account too: because the message is new or cut, or because something else of the user is open.
void outbox::freeze(offering& o, diff::account& a, draft const& d, message_writer::plan const& plan,
                    std::string const& first_body) {
    auto const in_its_row = plan.parts.size() == 1 && plan.too_large.empty() && accounts::row_tells_offer(a);
    auto const parts = diff::freeze(a, plan.parts, plan.too_large, o.now);
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
        auto const is_dead = m.state == message_state::dead && m.changed && m.reason == diff::dead_reason::too_large &&
                             m.settled == o.now && m.stored_state != message_state::dead;
        if (is_part || is_dead) to_write.push_back({m.id, m.traits, !parts.empty() && i == parts.front()});
    }
    accounts_.save(a);
    totals_.add(total::dead_too_large, static_cast<std::int64_t>(plan.too_large.size()));
    std::string other_body;
    for (auto const& w : to_write) {
        auto const stored = std::ranges::find(a.open, w.id, &diff::message::id);
        if (stored == a.open.end()) throw broken_invariant{"a frozen message has no row"};
        auto const is_offered = stored->state == message_state::offered;
        if (is_offered) o.rows.push_back(stored->row);
        if (!w.first) {
            other_body.clear();
            o.writer.write(other_body, d, w.traits, w.id);
        }
        auto const& body = w.first ? first_body : other_body;
        sql_->body_bytes += accounts_.put_body(stored->row, body);
        if (!is_offered) o.dead_bytes += body.size();
        if (w.first) o.take(stored->row, body);
    }
}

void outbox::add_runs(std::vector<std::int64_t>& offered) {
    std::ranges::sort(offered);
    for (std::size_t begin = 0; begin < offered.size();) {
        auto const end = end_of_run(offered, begin);
        sql_->add_run.with(offered[begin], offered[end - 1]).run();
        begin = end;
    }
}

}  // namespace traitsync::store
