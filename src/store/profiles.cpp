#include "traitsync/store/profiles.hpp"

#include <utility>

#include "company_members.hpp"
#include "documents_ahead.hpp"
#include "named_documents.hpp"
#include "statement.hpp"

namespace traitsync::store {
namespace {

constexpr std::size_t hash_size = 16;
constexpr std::string_view lacks = "lacks";  // stands with a number in the place of a hash, and is shorter

// At a million users of ten thousand companies some ten of so many fall into each leaf; a question for a company's
// users looks at so many rows besides.
constexpr std::int64_t most_new_members = 16'384;

// As of when a source is, rows of earlier forms tell in `users` (migration 0010).
std::string const user_sql =
    "SELECT u.no, u.user_id, u.doc_id, u.company_id, iif(s.seen_at IS NULL, u.modified, s.modified), "
    "iif(s.seen_at IS NULL, u.embedded_modified, s.embedded_modified), u.gone_at, ifnull(s.seen_at, u.seen_at) "
    "FROM users u LEFT JOIN sources s ON s.no = u.no WHERE ";

}  // namespace

struct profiles::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement document{db, "SELECT user_no, raw, content FROM documents WHERE doc_id = ?"};
    statement documents_ahead{db,
                              "SELECT doc_id, user_no, raw, content FROM documents WHERE doc_id > ? AND doc_id <= ? "
                              "ORDER BY doc_id LIMIT ?"};
    // Two, because one that may insert or change costs half as much again as a change.
    statement change_document{db, "UPDATE documents SET user_no = ?2, raw = ?3, content = ?4 WHERE doc_id = ?1"};
    statement put_document{
        db,
        "INSERT INTO documents (doc_id, user_no, raw, content) VALUES (?, ?, ?, ?) ON CONFLICT (doc_id) DO "
        "UPDATE SET user_no = excluded.user_no, raw = excluded.raw, content = excluded.content"};
    statement set_raw{db, "UPDATE documents SET raw = ?2 WHERE doc_id = ?1"};
    statement look_again{db, "UPDATE documents SET raw = x'' WHERE doc_id = ?1 AND length(raw) = 16"};
    statement remove_document{db, "DELETE FROM documents WHERE doc_id = ?"};
    statement documents_after{db, "SELECT doc_id FROM documents WHERE doc_id > ? ORDER BY doc_id LIMIT ?"};
    statement by_own_id{
        db, "SELECT user_id, doc_id FROM users WHERE user_id > ? AND doc_id IS NOT NULL ORDER BY user_id LIMIT ?"};
    statement documents_between{db, "SELECT doc_id FROM documents WHERE doc_id > ? AND doc_id <= ? ORDER BY doc_id"};
    statement user{db, (user_sql + "u.no = ?").c_str()};
    statement user_by_id{db, (user_sql + "u.user_id = ?").c_str()};
    statement add{db, "INSERT INTO users (user_id, doc_id, company_id, gone_at, seen_at) VALUES (?, ?, ?, ?, 0)"};
    statement update{db, "UPDATE users SET doc_id = ?2, company_id = ?3, gone_at = ?4 WHERE no = ?1"};
    statement source{db, "SELECT rules, data FROM sources WHERE no = ?"};
    statement change_source{
        db,
        "UPDATE sources SET rules = ?2, data = ?3, modified = ?4, embedded_modified = ?5, seen_at = ?6 WHERE no = ?1"};
    statement put_source{db,
                         "INSERT INTO sources (no, rules, data, modified, embedded_modified, seen_at) VALUES "
                         "(?, ?, ?, ?, ?, ?)"};
    statement after{db, "SELECT no FROM users WHERE no > ? ORDER BY no LIMIT ?"};
    statement of_company{db, users_of_company_sql};
    statement count_of_company{
        db,
        "SELECT (SELECT count(*) FROM company_members m CROSS JOIN users u ON u.no = m.user_no WHERE m.company_id = ?1 "
        "AND u.gone_at IS NULL) + (SELECT count(*) FROM users WHERE company_id = ?1 AND gone_at IS NULL AND no > "
        "(SELECT value FROM meta WHERE key = 'company_members_to'))"};
    statement add_member{db, "INSERT OR IGNORE INTO company_members (company_id, user_no) VALUES (?, ?)"};
    statement remove_member{db, "DELETE FROM company_members WHERE company_id = ? AND user_no = ?"};
    statement enter_members{
        db,
        "INSERT OR IGNORE INTO company_members (company_id, user_no) SELECT company_id, no FROM users WHERE no > ?1 "
        "AND no <= ?2 AND company_id IS NOT NULL ORDER BY company_id, no"};
    statement newest{db, "SELECT ifnull(max(no), 0) FROM users"};
    statement entered{db, "SELECT value FROM meta WHERE key = 'company_members_to'"};
    statement set_entered{db, "UPDATE meta SET value = ? WHERE key = 'company_members_to'"};
    statement remove_user{db, "DELETE FROM users WHERE no = ?"};
    statement total{db, "SELECT count(*) FROM users"};
    statement gone{db, "SELECT count(*) FROM users WHERE gone_at IS NOT NULL"};

    // Of users: counted once, then followed.
    std::int64_t rows = 0, gone_rows = 0;
    std::int64_t entered_to = 0;  // users up to here stand in company_members
    store::documents_ahead ahead;

    // From this column on.
    static document_row document_of(statement& s, int at) {
        document_row row{s.integer(at), std::string{s.text(at + 1)}, static_cast<std::uint64_t>(s.integer(at + 2))};
        if (row.raw.size() < hash_size && row.raw.starts_with(lacks)) {
            row.lacking = profile::trait_set{static_cast<std::uint32_t>(std::stoul(row.raw.substr(lacks.size())))};
            row.raw.clear();
        }
        return row;
    }

    static user_row row_of(statement& s) {
        user_row row{.no = s.integer(0),
                     .user_id = std::string{s.text(1)},
                     .doc_id = s.maybe_text(2),
                     .company_id = s.maybe_text(3),
                     .modified = s.maybe_integer(4),
                     .embedded_modified = s.maybe_integer(5),
                     .gone_at = s.maybe_integer(6),
                     .seen_at = s.integer(7)};
        s.reset();
        return row;
    }
    static std::vector<std::int64_t> numbers(statement& s) {
        std::vector<std::int64_t> list;
        while (s.step()) list.push_back(s.integer(0));
        return list;
    }
};

profiles::profiles(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} { recount(); }
profiles::~profiles() = default;

std::optional<document_row> profiles::document(std::string_view doc_id) {
    if (auto known = sql_->ahead.find(doc_id)) return std::move(*known);
    auto& s = sql_->document.with(doc_id);
    if (!s.step()) return std::nullopt;
    auto row = statements::document_of(s, 0);
    s.reset();
    return row;
}

profiles::read_ahead::read_ahead(profiles& of, std::string_view after, std::string_view last, std::size_t limit)
    : of_{of} {
    auto& ahead = of.sql_->ahead;
    ahead.begin(after, last);
    auto& s = of.sql_->documents_ahead.with(after, last, static_cast<std::int64_t>(limit));
    std::size_t count = 0;
    for (; s.step(); ++count) ahead.add(s.text(0), statements::document_of(s, 1));
    if (count == limit) ahead.cut_off();
}

profiles::read_ahead::~read_ahead() { of_.sql_->ahead.end(); }

void profiles::put_document(std::string_view doc_id, document_row const& row, bool is_known) {
    sql_->ahead.written(doc_id);
    auto const raw = row.lacking.empty() ? row.raw : std::string{lacks} + std::to_string(row.lacking.bits());
    if (is_known) {
        sql_->change_document.with(doc_id, row.user_no, blob{raw}, row.content).run();
        if (sqlite3_changes(sql_->db.getHandle()) == 1) return;
    }
    sql_->put_document.with(doc_id, row.user_no, blob{raw}, row.content).run();
}

void profiles::set_raw(std::string_view doc_id, std::string_view raw) {
    sql_->ahead.written(doc_id);
    sql_->set_raw.with(doc_id, blob{raw}).run();
}

void profiles::look_again(std::string_view doc_id) {
    sql_->ahead.written(doc_id);
    sql_->look_again.with(doc_id).run();
}

void profiles::remove_document(std::string_view doc_id) {
    sql_->ahead.removed(doc_id);
    sql_->remove_document.with(doc_id).run();
}

void profiles::each_document(std::string_view after, std::string_view last,
                             std::function<void(std::string_view)> const& visit) {
    if (sql_->ahead.each(after, last, visit)) return;
    auto& s = sql_->documents_between.with(after, last);
    while (s.step()) visit(s.text(0));
}

std::vector<std::string> profiles::documents_after(std::string_view after, std::size_t limit) {
    std::vector<std::string> ids;
    auto& s = sql_->documents_after.with(after, static_cast<std::int64_t>(limit));
    while (s.step()) ids.emplace_back(s.text(0));
    return ids;
}

std::vector<named_document> profiles::by_own_id(std::string_view after, std::size_t limit) {
    return named_documents_of(sql_->by_own_id.with(after, static_cast<std::int64_t>(limit)));
}

std::optional<user_row> profiles::user(std::int64_t no) {
    auto& s = sql_->user.with(no);
    if (!s.step()) return std::nullopt;
    return statements::row_of(s);
}

std::optional<user_row> profiles::user_by_id(std::string_view user_id) {
    auto& s = sql_->user_by_id.with(user_id);
    if (!s.step()) return std::nullopt;
    return statements::row_of(s);
}

std::int64_t profiles::add(user_row const& row) {
    sql_->add.with(row.user_id, row.doc_id, row.company_id, row.gone_at).run();
    ++sql_->rows;
    sql_->gone_rows += row.gone_at.has_value();
    std::int64_t const no = sqlite3_last_insert_rowid(sql_->db.getHandle());
    // A number may be given again, after the newest user was removed.
    if (no <= sql_->entered_to) {
        if (row.company_id) sql_->add_member.with(*row.company_id, no).run();
    } else if (no - sql_->entered_to >= most_new_members) {
        enter_members(no);
    }
    return no;
}

void profiles::enter_members() {
    auto const newest = number_of(sql_->newest.with());
    if (newest > sql_->entered_to) enter_members(newest);
}

void profiles::enter_members(std::int64_t to) {
    sql_->enter_members.with(sql_->entered_to, to).run();
    sql_->set_entered.with(to).run();
    sql_->entered_to = to;
}

void profiles::remove_user(user_row const& row) {
    sql_->remove_user.with(row.no).run();
    --sql_->rows;
    sql_->gone_rows -= row.gone_at.has_value();
    if (row.company_id) sql_->remove_member.with(*row.company_id, row.no).run();
}

void profiles::update(user_row const& row, user_row const& before) {
    if (row.doc_id == before.doc_id && row.company_id == before.company_id && row.gone_at == before.gone_at) return;
    if (row.no <= sql_->entered_to && row.company_id != before.company_id) {
        if (before.company_id) sql_->remove_member.with(*before.company_id, row.no).run();
        if (row.company_id) sql_->add_member.with(*row.company_id, row.no).run();
    }
    sql_->update.with(row.no, row.doc_id, row.company_id, row.gone_at).run();
    sql_->gone_rows += row.gone_at.has_value() - before.gone_at.has_value();
}

std::optional<stored_source> profiles::source(std::int64_t no) {
    auto& s = sql_->source.with(no);
    if (!s.step()) return std::nullopt;
    stored_source found{s.integer(0), std::string{s.text(1)}};
    s.reset();
    return found;
}

void profiles::put_source(user_row const& of, std::int64_t rules_no, std::string_view data, bool is_known) {
    auto const put = [&](statement& s) {
        s.with(of.no, rules_no, blob{data}, of.modified, of.embedded_modified, of.seen_at).run();
        return sqlite3_changes(sql_->db.getHandle()) == 1;
    };
    if (!is_known || !put(sql_->change_source)) put(sql_->put_source);
}

std::vector<std::int64_t> profiles::users_after(std::int64_t after, int limit) {
    return statements::numbers(sql_->after.with(after, limit));
}

std::vector<std::int64_t> profiles::users_of_company(std::string_view company_id, std::int64_t after, int limit) {
    return statements::numbers(sql_->of_company.with(company_id, after, limit));
}

std::int64_t profiles::count_of_company(std::string_view company_id) {
    return number_of(sql_->count_of_company.with(company_id));
}

std::int64_t profiles::live_users() { return sql_->rows - sql_->gone_rows; }
void profiles::recount() {
    sql_->rows = number_of(sql_->total.with());
    sql_->gone_rows = number_of(sql_->gone.with());
    sql_->entered_to = number_of(sql_->entered.with());
}
std::int64_t profiles::gone_users() { return sql_->gone_rows; }

}  // namespace traitsync::store
