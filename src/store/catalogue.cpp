#include "traitsync/store/catalogue.hpp"

#include <array>

#include "company_members.hpp"
#include "statement.hpp"
#include "stored_ids.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/stated_id.hpp"
#include "traitsync/store/lookups.hpp"

namespace traitsync::store {
namespace {

using diff::message_state;

constexpr std::string_view columns =
    "no, id, user_no, state, wait, traits, marked, created, timestamp, first_offered, settled, attempts, next_attempt, "
    "reason, answer";

std::string select(std::string_view rest, std::string_view from = "messages") {
    return "SELECT " + std::string{columns} + " FROM " + std::string{from} + " WHERE " + std::string{rest};
}

// The messages of a state before a number, newest first. What waits stands in two indexes, which are merged.
std::string select_state(int state) {
    auto const place = " AND no < ?1";
    auto const order = " ORDER BY no DESC LIMIT ?2";
    if (state == 1) return select("no < ?1 ORDER BY run DESC, no DESC LIMIT ?2", "messages_offered");
    if (state == 2) return select(std::string{"no < ?1"} + order);  // the bulk: all are looked at
    auto const aside = select("state = " + std::to_string(state) + place, "messages_aside");
    if (state != 0) return aside + order;
    return "SELECT " + std::string{columns} + " FROM (" + select(std::string{"state = 0 AND wait = 0"} + place) +
           " UNION ALL " + aside + ")" + order;
}

}  // namespace

struct catalogue::statements {
    explicit statements(SQLite::Database& db) : db{db} {
        for (std::size_t i = 0; i < by_state.size(); ++i) {
            by_state[i] = std::make_unique<statement>(db, select_state(static_cast<int>(i)).c_str());
        }
    }
    SQLite::Database& db;
    statement after{db, "SELECT no FROM users WHERE no > ? ORDER BY no LIMIT ?"};
    statement present_after{db, "SELECT no FROM users WHERE no > ? AND gone_at IS NULL ORDER BY no LIMIT ?"};
    statement of_company{db, users_of_company_sql};
    statement by_id_from{db,
                         "SELECT user_id, no FROM users WHERE user_id >= ? AND user_id < ? ORDER BY user_id LIMIT ?"};
    statement by_id_after{db,
                          "SELECT user_id, no FROM users WHERE user_id > ? AND user_id < ? ORDER BY user_id LIMIT ?"};
    statement gone{db,
                   "SELECT gone_at, no FROM users WHERE gone_at IS NOT NULL AND (gone_at, no) > (?, ?) ORDER BY "
                   "gone_at, no LIMIT ?"};
    statement waiting{
        db,
        "SELECT no, user_no FROM (SELECT no, user_no FROM messages WHERE state = 0 AND wait = 0 AND no > ?1 UNION "
        "ALL SELECT no, user_no FROM messages_aside WHERE state = 0 AND no > ?1) ORDER BY no LIMIT ?2"};
    statement offered{db, "SELECT no, user_no FROM messages_offered WHERE no > ? ORDER BY run, no LIMIT ?"};
    statement dead_users{db, "SELECT no, user_no FROM messages_aside WHERE state = 3 AND no > ? ORDER BY no LIMIT ?"};
    statement held{db, "SELECT no, user_no FROM messages_aside WHERE state = 4 AND no > ? ORDER BY no LIMIT ?"};
    statement first{db, "SELECT min(no) FROM messages WHERE user_no = ? AND state = ?"};
    std::array<std::unique_ptr<statement>, 8> by_state;
    statement all{db, select("no < ? ORDER BY no DESC LIMIT ?").c_str()};
    statement of_user{db,
                      select("user_no = ?1 AND no < ?2 AND (?3 < 0 OR state = ?3) ORDER BY no DESC LIMIT ?4").c_str()};
    statement dead{db, select("state = 3 AND no > ?1 ORDER BY no LIMIT ?2", "messages_aside").c_str()};
    statement by_message_id{db, select("id = ?").c_str()};
    statement by_number{db, select("no = ?").c_str()};
    statement quarantine{
        db,
        "SELECT no, kind, doc_id, reason, detail, raw, first_seen, last_seen, pass FROM quarantine WHERE no > ? "
        "ORDER BY no LIMIT 1"};
    statement any_quarantined{db, "SELECT 1 FROM quarantine WHERE no > ? LIMIT 1"};
    statement quarantine_of{
        db,
        "SELECT no, kind, doc_id, reason, detail, raw, first_seen, last_seen, pass FROM quarantine WHERE kind "
        "= ? AND doc_id = ?"};
    statement quarantine_that_states{
        db,
        "SELECT no, kind, doc_id, reason, detail, raw, first_seen, last_seen, pass FROM quarantine WHERE kind "
        "= ? AND stated = ? ORDER BY no DESC LIMIT 1"};
    statement acknowledged{db,
                           "SELECT 1 FROM messages WHERE user_no = ? AND state = 2 AND settled >= ? AND "
                           "settled <= ? LIMIT 1"};

    static std::vector<std::int64_t> numbers(statement& s) {
        std::vector<std::int64_t> list;
        while (s.step()) list.push_back(s.integer(0));
        return list;
    }
    static std::vector<place> places(statement& s) {
        std::vector<place> list;
        while (s.step()) list.push_back({s.integer(0), s.integer(1)});
        return list;
    }
    static message_row row_of(statement& s) {
        message_row m;
        m.no = s.integer(0);
        m.id = id_of(s.text(1));
        m.user_no = s.integer(2);
        m.state = static_cast<message_state>(s.integer(3));
        m.wait = static_cast<std::uint8_t>(s.integer(4));
        m.traits = profile::trait_set{static_cast<std::uint32_t>(s.integer(5))};
        m.marked = s.integer(6) != 0;
        m.created = s.integer(7);
        m.timestamp = s.integer(8);
        m.first_offered = s.integer(9);
        m.settled = s.integer(10);
        m.attempts = s.integer(11);
        m.next_attempt = s.integer(12);
        m.reason = static_cast<diff::dead_reason>(s.integer(13));
        m.answer = std::string{s.text(14)};
        return m;
    }
    // Of the statement's rows, of which there are `most` at most, the first that belong.
    template <class Belongs>
    static some_messages first_of(statement& s, int limit, int most, Belongs belongs) {
        some_messages found;
        while (static_cast<int>(found.rows.size()) < limit && s.step()) {
            ++found.looked;
            found.last = s.integer(0);
            if (belongs(s)) found.rows.push_back(row_of(s));
        }
        s.reset();
        found.more = static_cast<int>(found.rows.size()) == limit || found.looked == most;
        return found;
    }
    static some_messages first_of(statement& s, int limit) {
        return first_of(s, limit, limit, [](statement&) { return true; });
    }
    static std::optional<message_row> one(statement& s) {
        if (!s.step()) return std::nullopt;
        auto row = row_of(s);
        s.reset();
        return row;
    }
    static quarantine_row aside(statement& s) {
        return {s.integer(0),
                {static_cast<profile_kind>(s.integer(1)), std::string{s.text(2)}, std::string{s.text(3)},
                 std::string{s.text(4)}, std::string{s.text(5)}, s.integer(6), s.integer(7), s.integer(8)}};
    }
};

catalogue::catalogue(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
catalogue::~catalogue() = default;

std::vector<std::int64_t> catalogue::users_after(std::int64_t no, int limit) {
    return statements::numbers(sql_->after.with(no, limit));
}

std::vector<std::int64_t> catalogue::present_users_after(std::int64_t no, int limit) {
    return statements::numbers(sql_->present_after.with(no, limit));
}

std::vector<std::int64_t> catalogue::users_of_company(std::string_view company_id, std::int64_t after, int limit) {
    return statements::numbers(sql_->of_company.with(company_id, after, limit));
}

std::vector<catalogue::named_user> catalogue::users_by_id(std::string_view prefix, std::string_view after, int limit) {
    std::vector<named_user> list;
    auto const end = after_prefix(prefix);
    auto& s = after < prefix ? sql_->by_id_from.with(prefix, end, limit) : sql_->by_id_after.with(after, end, limit);
    while (s.step()) list.push_back({std::string{s.text(0)}, s.integer(1)});
    return list;
}

std::vector<catalogue::place> catalogue::gone_users(place const& after, int limit) {
    return statements::places(sql_->gone.with(after.at, after.user_no, limit));
}

std::vector<catalogue::place> catalogue::users_of_messages(message_state state, std::int64_t after, int limit) {
    auto& s = state == message_state::offered ? sql_->offered
              : state == message_state::dead  ? sql_->dead_users
              : state == message_state::held  ? sql_->held
                                              : sql_->waiting;
    return statements::places(s.with(after, limit));
}

std::optional<std::int64_t> catalogue::first_message(std::int64_t user_no, message_state state) {
    auto& s = sql_->first.with(user_no, static_cast<int>(state));
    s.step();
    auto const no = s.maybe_integer(0);
    s.reset();
    return no;
}

catalogue::some_messages catalogue::messages(std::optional<message_state> state, std::optional<std::int64_t> user_no,
                                             std::int64_t before, int limit, int most) {
    auto const top = before == 0 ? INT64_MAX : before;
    if (user_no) {
        auto const wanted = state ? static_cast<int>(*state) : -1;
        return statements::first_of(sql_->of_user.with(*user_no, top, wanted, limit), limit);
    }
    if (!state) return statements::first_of(sql_->all.with(top, limit), limit);
    auto& s = *sql_->by_state[static_cast<std::size_t>(*state)];
    if (*state != message_state::acknowledged) return statements::first_of(s.with(top, limit), limit);
    auto const belongs = [&](statement& row) { return static_cast<message_state>(row.integer(3)) == *state; };
    return statements::first_of(s.with(top, most), limit, most, belongs);
}

catalogue::some_messages catalogue::dead(std::optional<diff::dead_reason> reason, std::int64_t after, int limit,
                                         int most) {
    if (!reason) return statements::first_of(sql_->dead.with(after, limit), limit);
    auto const belongs = [&](statement& row) { return static_cast<diff::dead_reason>(row.integer(13)) == *reason; };
    return statements::first_of(sql_->dead.with(after, most), limit, most, belongs);
}

std::optional<message_row> catalogue::message(message_id const& id) {
    return statements::one(sql_->by_message_id.with(blob_of(id)));
}
std::optional<message_row> catalogue::message(std::int64_t no) { return statements::one(sql_->by_number.with(no)); }

std::optional<catalogue::quarantine_row> catalogue::quarantined_after(std::int64_t no) {
    auto& s = sql_->quarantine.with(no);
    if (!s.step()) return std::nullopt;
    auto row = statements::aside(s);
    s.reset();
    return row;
}

bool catalogue::is_quarantined_after(std::int64_t no) {
    auto& s = sql_->any_quarantined.with(no);
    auto const found = s.step();
    s.reset();
    return found;
}

std::optional<quarantined> catalogue::quarantine_of(profile_kind kind, std::string_view doc_id,
                                                    std::string_view own_id) {
    auto const first = [](statement& s) -> std::optional<quarantined> {
        if (!s.step()) return std::nullopt;
        auto row = statements::aside(s);
        s.reset();
        return row.what;
    };
    if (!doc_id.empty()) {
        if (auto found = first(sql_->quarantine_of.with(static_cast<int>(kind), doc_id))) return found;
    }
    return first(sql_->quarantine_that_states.with(static_cast<int>(kind), own_id));
}

bool catalogue::was_acknowledged(std::int64_t user_no, std::int64_t from, std::int64_t to) {
    auto& s = sql_->acknowledged.with(user_no, from, to);
    auto const found = s.step();
    s.reset();
    return found;
}

}  // namespace traitsync::store
