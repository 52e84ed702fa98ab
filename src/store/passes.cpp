#include "traitsync/store/passes.hpp"

#include <fmt/core.h>

#include <charconv>

#include "statement.hpp"

namespace traitsync::store {
namespace {

bool is_true(statement& s) {
    s.step();
    auto const answer = s.integer(0) != 0;
    s.reset();
    return answer;
}

// `gated` is the column of `caused`; stores of before have 0 or 1 there.
constexpr char const* pass_columns =
    "no, kind, stage, first_sync, search_after, last_key, ordered, fallback_key, since_companies, since_users, "
    "newest_companies, newest_users, started, ended, pages, read, changed, queued, quarantined, gone, counted, nulls, "
    "gated, "
    "brake, error, forgotten FROM passes ";

std::string list_of(std::array<std::int64_t, profile::trait_count> const& counts) {
    std::string text = "[";
    for (auto const n : counts) text += (text.size() > 1 ? "," : "") + std::to_string(n);
    return text + "]";
}

std::array<std::int64_t, profile::trait_count> counts_of(std::string_view text) {
    std::array<std::int64_t, profile::trait_count> counts{};
    std::size_t at = 1;
    for (auto& n : counts) {
        if (at >= text.size()) break;
        auto const [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), n);
        if (failed != std::errc{}) break;
        at = static_cast<std::size_t>(end - text.data()) + 1;
    }
    return counts;
}

pass_kind kind_of(std::string_view name) {
    if (name == "incremental") return pass_kind::incremental;
    return name == "rediff" ? pass_kind::rediff : pass_kind::full;
}

pass_stage stage_of(std::string_view name) {
    if (name == "users") return pass_stage::users;
    return name == "done" ? pass_stage::done : pass_stage::companies;
}

}  // namespace

std::string_view name_of(pass_kind k) {
    switch (k) {
        case pass_kind::full:
            return "full";
        case pass_kind::incremental:
            return "incremental";
        case pass_kind::rediff:
            return "rediff";
    }
    return "";
}

std::string_view name_of(pass_stage s) {
    switch (s) {
        case pass_stage::companies:
            return "companies";
        case pass_stage::users:
            return "users";
        case pass_stage::done:
            return "done";
    }
    return "";
}

struct passes::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement add{db,
                  "INSERT INTO passes (kind, stage, first_sync, search_after, last_key, ordered, fallback_key, "
                  "since_companies, since_users, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    statement save{
        db,
        "UPDATE passes SET stage = ?2, search_after = iif(?23, search_after, ?3), last_key = iif(?23, last_key, ?4), "
        "ordered = ?5, fallback_key = ?6, "
        "newest_companies = ?7, newest_users = ?8, ended = ?9, pages = ?10, read = ?11, changed = ?12, queued = "
        "?13, quarantined = ?14, counted = ?15, nulls = ?16, gated = ?17, brake = ?18, error = ?19, "
        "since_companies = ?20, since_users = ?21, forgotten = ?22 WHERE no = ?1 RETURNING gone"};
    statement count_gone{db, "UPDATE passes SET gone = gone + 1 WHERE no = ?"};
    statement unfinished{
        db,
        (std::string{"SELECT "} + pass_columns + "WHERE ended IS NULL ORDER BY kind <> 'rediff', no LIMIT 1").c_str()};
    statement all_unfinished{db, (std::string{"SELECT "} + pass_columns + "WHERE ended IS NULL ORDER BY no").c_str()};
    statement find{db, (std::string{"SELECT "} + pass_columns + "WHERE no = ?").c_str()};
    statement latest{db, (std::string{"SELECT "} + pass_columns + "ORDER BY no DESC LIMIT ?").c_str()};
    statement before{db, (std::string{"SELECT "} + pass_columns + "WHERE no < ? ORDER BY no DESC LIMIT ?").c_str()};
    statement last_good{db, (std::string{"SELECT "} + pass_columns +
                             "WHERE ended IS NOT NULL AND error = '' ORDER BY ended DESC, no DESC LIMIT 1")
                                .c_str()};
    // A pass over the store reads nothing from Moesif.
    statement last_read{db, (std::string{"SELECT "} + pass_columns +
                             "WHERE ended IS NOT NULL AND kind <> 'rediff' ORDER BY no DESC LIMIT 1")
                                .c_str()};
    statement failing_since{
        db,
        "SELECT min(ended), count(*) FROM passes WHERE kind <> 'rediff' AND error <> '' AND no > ifnull((SELECT no "
        "FROM "
        "passes WHERE ended IS NOT NULL AND kind <> 'rediff' AND error = '' ORDER BY no DESC LIMIT 1), 0)"};
    statement last_full{db, (std::string{"SELECT "} + pass_columns +
                             "WHERE ended IS NOT NULL AND kind = 'full' ORDER BY no DESC LIMIT 1")
                                .c_str()};
    statement full_failing_since{
        db,
        "SELECT min(ended), count(*) FROM passes WHERE kind = 'full' AND error <> '' AND no > ifnull((SELECT no FROM "
        "passes WHERE ended IS NOT NULL AND kind = 'full' AND error = '' ORDER BY no DESC LIMIT 1), 0)"};
    statement asked{db,
                    (std::string{"SELECT "} + pass_columns + "WHERE ended IS NULL AND started = 0 LIMIT 1").c_str()};
    statement begin{
        db,
        "UPDATE passes SET kind = ?2, first_sync = ?3, started = ?4, since_companies = ?5, since_users = ?6 WHERE "
        "no = ?1"};
    statement last_end{db,
                       "SELECT ended FROM passes WHERE kind = ? AND error = '' AND ended IS NOT NULL ORDER BY no DESC "
                       "LIMIT 1"};
    statement add_missing{
        db,
        "INSERT INTO missing (kind, doc_id, pass) VALUES (?, ?, ?) ON CONFLICT (kind, doc_id) DO UPDATE SET "
        "pass = excluded.pass"};
    statement remove_missing{db, "DELETE FROM missing WHERE kind = ? AND doc_id = ?"};
    statement any_missing{db, "SELECT EXISTS (SELECT 1 FROM missing WHERE kind = ?)"};
    statement is_missing{db, "SELECT EXISTS (SELECT 1 FROM missing WHERE kind = ? AND doc_id = ? AND pass = ?)"};
    statement is_missing_of_any{db, "SELECT EXISTS (SELECT 1 FROM missing WHERE kind = ? AND doc_id = ?)"};
    statement next_missing{
        db,
        "SELECT kind, doc_id, pass FROM missing WHERE (kind, doc_id) > (?, ?) AND pass NOT IN "
        "(SELECT no FROM passes WHERE ended IS NULL AND started <> 0) ORDER BY kind, doc_id LIMIT 1"};
    statement count_missing{db, "SELECT count(*) FROM missing"};
    statement count_missing_of{db, "SELECT count(*) FROM missing WHERE kind = ?"};

    static pass_row row_of(statement& s) {
        return {.no = s.integer(0),
                .kind = kind_of(s.text(1)),
                .stage = stage_of(s.text(2)),
                .first_sync = s.integer(3) != 0,
                .search_after = std::string{s.text(4)},
                .last_key = std::string{s.text(5)},
                .ordered = s.integer(6) != 0,
                .fallback_key = s.integer(7) != 0,
                .since_companies = s.maybe_integer(8),
                .since_users = s.maybe_integer(9),
                .newest_companies = s.maybe_integer(10),
                .newest_users = s.maybe_integer(11),
                .started = s.integer(12),
                .ended = s.maybe_integer(13),
                .pages = s.integer(14),
                .read = s.integer(15),
                .changed = s.integer(16),
                .queued = s.integer(17),
                .quarantined = s.integer(18),
                .gone = s.integer(19),
                .forgotten = s.integer(25),
                .counted = s.integer(20),
                .nulls = counts_of(s.text(21)),
                .caused = s.integer(22),
                .brake_closed = s.integer(23) != 0,
                .error = std::string{s.text(24)}};
    }
    static std::optional<pass_row> one(statement& s) {
        if (!s.step()) return std::nullopt;
        auto row = row_of(s);
        s.reset();
        return row;
    }
    static std::optional<failed_passes> failed(statement& last, statement& since) {
        auto latest = one(last.with());
        if (!latest || latest->error.empty()) return std::nullopt;
        since.with().step();
        failed_passes found{since.integer(0), std::move(*latest), since.integer(1)};
        since.reset();
        return found;
    }
};

passes::passes(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
passes::~passes() = default;

std::int64_t passes::add(pass_row const& row) {
    sql_->add
        .with(name_of(row.kind), name_of(row.stage), row.first_sync, row.search_after, row.last_key, row.ordered,
              row.fallback_key, row.since_companies, row.since_users, row.started)
        .run();
    return sqlite3_last_insert_rowid(sql_->db.getHandle());
}

void passes::save(pass_row& row) {
    auto const nulls = list_of(row.nulls);
    auto& s = sql_->save.with(row.no, name_of(row.stage), row.search_after, row.last_key, row.ordered, row.fallback_key,
                              row.newest_companies, row.newest_users, row.ended, row.pages, row.read, row.changed,
                              row.queued, row.quarantined, row.counted, nulls, row.caused, row.brake_closed, row.error,
                              row.since_companies, row.since_users, row.forgotten, row.unnamed_cursor);
    while (s.step()) row.gone = s.integer(0);
}

void passes::count_gone(std::int64_t no) { sql_->count_gone.with(no).run(); }

std::optional<pass_row> passes::unfinished() { return statements::one(sql_->unfinished.with()); }
std::optional<pass_row> passes::find(std::int64_t no) { return statements::one(sql_->find.with(no)); }

std::vector<pass_row> passes::all_unfinished() {
    std::vector<pass_row> list;
    auto& s = sql_->all_unfinished.with();
    while (s.step()) list.push_back(statements::row_of(s));
    return list;
}

std::vector<pass_row> passes::latest(int limit) {
    std::vector<pass_row> rows;
    auto& s = sql_->latest.with(limit);
    while (s.step()) rows.push_back(statements::row_of(s));
    return rows;
}

std::vector<pass_row> passes::before(std::int64_t no, int limit) {
    std::vector<pass_row> rows;
    auto& s = sql_->before.with(no == 0 ? INT64_MAX : no, limit);
    while (s.step()) rows.push_back(statements::row_of(s));
    return rows;
}

std::optional<pass_row> passes::last_good() { return statements::one(sql_->last_good.with()); }

std::optional<failed_passes> passes::failing() {
    if (auto full = failing_full()) return full;
    return statements::failed(sql_->last_read, sql_->failing_since);
}

std::optional<failed_passes> passes::failing_full() {
    return statements::failed(sql_->last_full, sql_->full_failing_since);
}

void passes::begin(pass_row const& row) {
    sql_->begin.with(row.no, name_of(row.kind), row.first_sync, row.started, row.since_companies, row.since_users)
        .run();
}

pass_row passes::ask(pass_kind kind) {
    if (auto waiting = statements::one(sql_->asked.with())) {
        if (kind == pass_kind::full && waiting->kind != kind) {
            waiting->kind = kind;
            begin(*waiting);
        }
        return *waiting;
    }
    pass_row row{.kind = kind};
    row.no = add(row);
    return row;
}

std::optional<std::int64_t> passes::last_end(pass_kind kind) {
    auto& s = sql_->last_end.with(name_of(kind));
    if (!s.step()) return std::nullopt;
    auto const at = s.integer(0);
    s.reset();
    return at;
}

void passes::add_missing(profile_kind kind, std::string_view doc_id, std::int64_t pass) {
    sql_->add_missing.with(static_cast<int>(kind), doc_id, pass).run();
}

void passes::remove_missing(profile_kind kind, std::string_view doc_id) {
    sql_->remove_missing.with(static_cast<int>(kind), doc_id).run();
}

bool passes::any_missing(profile_kind kind) { return is_true(sql_->any_missing.with(static_cast<int>(kind))); }

bool passes::is_missing(missing_row const& row) {
    return is_true(sql_->is_missing.with(static_cast<int>(row.kind), row.doc_id, row.pass));
}

bool passes::is_missing(profile_kind kind, std::string_view doc_id) {
    return is_true(sql_->is_missing_of_any.with(static_cast<int>(kind), doc_id));
}

std::optional<missing_row> passes::next_missing(profile_kind after_kind, std::string_view after_id) {
    auto& s = sql_->next_missing.with(static_cast<int>(after_kind), after_id);
    if (!s.step()) return std::nullopt;
    missing_row row{static_cast<profile_kind>(s.integer(0)), std::string{s.text(1)}, s.integer(2)};
    s.reset();
    return row;
}

std::int64_t passes::count_missing() { return number_of(sql_->count_missing.with()); }
std::int64_t passes::count_missing(profile_kind kind) {
    return number_of(sql_->count_missing_of.with(static_cast<int>(kind)));
}

}  // namespace traitsync::store
