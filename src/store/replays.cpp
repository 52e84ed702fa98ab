#include "traitsync/store/replays.hpp"

#include <array>

#include "replays_statements.hpp"

namespace traitsync::store {
namespace {

constexpr std::int64_t day_millis = 24LL * 3600 * 1000;

}  // namespace

std::string_view name_of(replay_state s) {
    constexpr std::array<std::string_view, 4> names{"running", "done", "cancelled", "failed"};
    return names[static_cast<std::size_t>(s)];
}

replays::replays(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
replays::~replays() = default;

std::int64_t replays::add(replay_row const& row, user_set const& users) {
    sql_->add
        .with(row.selector, static_cast<std::int64_t>(row.traits.bits()), row.created, row.profiles, row.messages,
              row.bytes)
        .run();
    auto const no = sqlite3_last_insert_rowid(sql_->db.getHandle());
    sql_->put_set(statements::owner_of(no), users);
    return no;
}

std::optional<replay_row> replays::find(std::int64_t no) { return statements::one(sql_->find.with(no)); }

std::vector<replay_row> replays::before(std::int64_t no, int limit) {
    std::vector<replay_row> rows;
    auto& s = sql_->list.with(no == 0 ? INT64_MAX : no, limit);
    while (s.step()) rows.push_back(statements::row_of(s));
    return rows;
}

std::vector<replays::progress> replays::running() {
    std::vector<progress> list;
    auto& s = sql_->running.with();
    while (s.step()) {
        list.push_back({.no = s.integer(0),
                        .traits = profile::trait_set{static_cast<std::uint32_t>(s.integer(1))},
                        .after_user_no = s.integer(2)});
    }
    return list;
}

std::optional<replays::progress> replays::feeding() {
    for (auto const& one : running()) {
        if (!next_users(one.no, one.after_user_no, 1).empty()) return one;
    }
    return std::nullopt;
}

void replays::advance(std::int64_t no, std::int64_t after_user_no) { sql_->advance.with(no, after_user_no).run(); }

void replays::end(std::int64_t no, replay_state state, std::int64_t now, std::int64_t gone) {
    sql_->end.with(no, static_cast<int>(state), now, gone).run();
    sql_->drop_set.with(statements::owner_of(no)).run();
}

std::vector<std::int64_t> replays::next_users(std::int64_t no, std::int64_t after, std::size_t limit) {
    std::vector<std::int64_t> list;
    auto const owner = statements::owner_of(no);
    auto& s = sql_->chunks_from.with(owner, (after + 1) / user_set::chunk_users);
    while (list.size() < limit && s.step()) {
        user_set one;
        one.put_chunk(s.integer(0), std::string{s.text(1)});
        for (auto next = one.next(after); next && list.size() < limit; next = one.next(after)) {
            list.push_back(*next);
            after = *next;
        }
    }
    s.reset();
    return list;
}

bool replays::may_join() {
    sql_->unclaimed.with().step();
    auto const found = sql_->unclaimed.integer(0) != 0;
    sql_->unclaimed.reset();
    return found;
}

std::int64_t replays::count_open() {
    auto& s = sql_->open.with();
    s.step();
    auto const n = s.integer(0);
    s.reset();
    return n;
}

replays::claims replays::count_claims(std::int64_t no) {
    auto const number = [](statement& s) {
        s.step();
        auto const n = s.integer(0);
        s.reset();
        return n;
    };
    auto const in_rows = number(sql_->claims_in_rows.with(no));
    // Other messages are looked at only where some may not move.
    if (number(sql_->any_aside.with()) == 0) {
        auto const open = number(sql_->claims.with(no)) + in_rows;
        return {.open = open, .parked = 0, .moving = open};
    }
    auto& s = sql_->claims_by_state.with(no);
    s.step();
    claims found{.open = s.integer(0) + in_rows, .parked = s.integer(1), .moving = s.integer(2) + in_rows};
    s.reset();
    return found;
}

std::vector<replays::stale_claim> replays::stale_claims(int limit) {
    std::vector<stale_claim> list;
    std::int64_t no = 0;
    for (;;) {
        auto& next = sql_->next_claimed.with(no);
        next.step();
        auto const claimed = next.maybe_integer(0);
        next.reset();
        if (!claimed) return list;
        no = *claimed;
        auto const replay = find(no);
        if (!replay || replay->state == replay_state::running) continue;
        auto const room = limit - static_cast<int>(list.size());
        auto& s = sql_->claims_of.with(no, room);
        while (s.step()) list.push_back({no, s.integer(0)});
        if (static_cast<int>(list.size()) >= limit) return list;
    }
}

std::optional<kept_answer> replays::answer(std::string_view key, std::string_view route, std::int64_t since) {
    auto& s = sql_->answer.with(key, route, since);
    if (!s.step()) return std::nullopt;
    kept_answer a{.key = std::string{key},
                  .route = std::string{route},
                  .request = std::string{s.text(0)},
                  .created = s.integer(1),
                  .status = static_cast<int>(s.integer(2)),
                  .location = std::string{s.text(3)},
                  .body = std::string{s.text(4)}};
    s.reset();
    return a;
}

void replays::keep(kept_answer const& a) {
    sql_->keep.with(a.key, a.route, a.request, a.created, a.status, a.location, a.body).run();
}

void replays::trim(std::int64_t now, std::int64_t before) {
    sql_->old_answers.with(now - day_millis).run();
    sql_->old_replays.with(before).run();
}

}  // namespace traitsync::store
