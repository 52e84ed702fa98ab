#include "traitsync/store/companies.hpp"

#include <charconv>
#include <unordered_map>

#include "named_documents.hpp"
#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/profile/mapper.hpp"

namespace traitsync::store {
namespace {

// Bounds the memory that a pass over users with many companies takes; about 150 bytes each.
constexpr std::size_t cache_size = 20'000;

constexpr char const* company_columns =
    "no, company_id, doc_id, raw, content, modified, gone_at, seen_at, rules, value_no, source FROM companies ";

}  // namespace

struct companies::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement by_id{db, (std::string{"SELECT "} + company_columns + "WHERE company_id = ?").c_str()};
    statement by_document{db, (std::string{"SELECT "} + company_columns + "WHERE doc_id = ?").c_str()};
    statement by_number{db, (std::string{"SELECT "} + company_columns + "WHERE no = ?").c_str()};
    statement add{
        db,
        "INSERT INTO companies (company_id, doc_id, raw, content, modified, gone_at, seen_at, rules, value_no, "
        "source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    statement update{
        db,
        "UPDATE companies SET doc_id = ?2, raw = ?3, content = ?4, modified = ?5, gone_at = ?6, seen_at = ?7, "
        "rules = ?8, value_no = ?9, source = ?10 WHERE no = ?1"};
    statement by_own_id{db,
                        "SELECT company_id, doc_id FROM companies WHERE company_id > ? AND doc_id IS NOT NULL ORDER BY "
                        "company_id LIMIT ?"};
    statement documents_after{db, "SELECT doc_id FROM companies WHERE doc_id > ? ORDER BY doc_id LIMIT ?"};
    statement brief{db,
                    "SELECT c.no, c.modified, v.no, v.full, v.trigger, v.stored_at, unicode(v.text), c.gone_at IS NOT "
                    "NULL FROM companies c "
                    "JOIN company_values v "
                    "ON v.no = c.value_no WHERE c.company_id = ?"};
    statement add_value{
        db, "INSERT INTO company_values (company_no, full, trigger, stored_at, text) VALUES (?, ?, ?, ?, ?)"};
    statement value{db,
                    "SELECT no, full, trigger, stored_at, unicode(text), company_no FROM company_values WHERE no = ?"};
    statement value_text{db, "SELECT text FROM company_values WHERE no = ?"};
    statement mark{
        db,
        "INSERT INTO company_rediffs (company_no, pass, after_user_no) VALUES (?, ?, 0) ON CONFLICT (company_no) "
        "DO UPDATE SET pass = excluded.pass, after_user_no = 0"};
    statement mark_gone_and_cut{
        db,
        "INSERT INTO company_rediffs (company_no, pass, after_user_no) SELECT c.no, 0, 0 FROM companies c "
        "JOIN company_values v ON v.no = c.value_no WHERE c.doc_id IS NULL AND unicode(v.text) = ? "
        "ON CONFLICT (company_no) DO UPDATE SET after_user_no = 0"};
    statement next_rediff{db,
                          "SELECT company_no, pass, after_user_no FROM company_rediffs ORDER BY company_no LIMIT 1"};
    statement advance{db, "UPDATE company_rediffs SET after_user_no = ?2 WHERE company_no = ?1"};
    statement finish{db, "DELETE FROM company_rediffs WHERE company_no = ?"};
    statement next_after{db, "SELECT no FROM companies WHERE no > ? ORDER BY no LIMIT 1"};
    statement live{db, "SELECT count(*) FROM companies WHERE doc_id IS NOT NULL"};

    std::unordered_map<std::string, companies::brief> cache;
    std::optional<std::int64_t> live_count;  // until a company changes

    static std::optional<company_row> row_of(statement& s) {
        if (!s.step()) return std::nullopt;
        company_row row{.no = s.integer(0),
                        .company_id = std::string{s.text(1)},
                        .doc_id = s.maybe_text(2),
                        .raw = std::string{s.text(3)},
                        .content = static_cast<std::uint64_t>(s.integer(4)),
                        .modified = s.maybe_integer(5),
                        .gone_at = s.maybe_integer(6),
                        .seen_at = s.integer(7),
                        .rules_no = s.integer(8),
                        .value_no = s.integer(9),
                        .source = std::string{s.text(10)}};
        s.reset();
        return row;
    }
};

companies::companies(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
companies::~companies() = default;

std::optional<company_row> companies::by_id(std::string_view company_id) {
    return statements::row_of(sql_->by_id.with(company_id));
}
std::optional<company_row> companies::by_document(std::string_view doc_id) {
    return statements::row_of(sql_->by_document.with(doc_id));
}
std::optional<company_row> companies::by_number(std::int64_t no) {
    return statements::row_of(sql_->by_number.with(no));
}

std::int64_t companies::add(company_row const& row) {
    sql_->cache.erase(row.company_id);
    sql_->live_count.reset();
    sql_->add
        .with(row.company_id, row.doc_id, blob{row.raw}, row.content, row.modified, row.gone_at, row.seen_at,
              row.rules_no, row.value_no, row.source)
        .run();
    return sqlite3_last_insert_rowid(sql_->db.getHandle());
}

void companies::update(company_row const& row) {
    sql_->cache.erase(row.company_id);
    sql_->live_count.reset();
    sql_->update
        .with(row.no, row.doc_id, blob{row.raw}, row.content, row.modified, row.gone_at, row.seen_at, row.rules_no,
              row.value_no, row.source)
        .run();
}

std::optional<std::string> companies::next_document(std::string_view after) {
    auto ids = documents_after(after, 1);
    if (ids.empty()) return std::nullopt;
    return std::move(ids.front());
}

std::vector<std::string> companies::documents_after(std::string_view after, std::size_t limit) {
    std::vector<std::string> ids;
    auto& s = sql_->documents_after.with(after, static_cast<std::int64_t>(limit));
    while (s.step()) ids.emplace_back(s.text(0));
    return ids;
}

std::vector<named_document> companies::by_own_id(std::string_view after, std::size_t limit) {
    return named_documents_of(sql_->by_own_id.with(after, static_cast<std::int64_t>(limit)));
}

std::optional<companies::brief> companies::find(std::string_view company_id) {
    std::string key{company_id};
    if (auto const hit = sql_->cache.find(key); hit != sql_->cache.end()) return hit->second;
    auto& s = sql_->brief.with(company_id);
    if (!s.step()) return std::nullopt;
    brief found{.no = s.integer(0),
                .modified = s.maybe_integer(1),
                .gone = s.integer(7) != 0,
                .value = {.no = s.integer(2),
                          .company_no = s.integer(0),
                          .full = static_cast<std::uint64_t>(s.integer(3)),
                          .trigger = static_cast<std::uint64_t>(s.integer(4)),
                          .stored_at = s.integer(5),
                          .cut = s.integer(6) == profile::cut_mark}};
    s.reset();
    if (sql_->cache.size() >= cache_size) sql_->cache.clear();
    sql_->cache.emplace(std::move(key), found);
    return found;
}

void companies::forget_cache() {
    sql_->cache.clear();
    sql_->live_count.reset();
}

std::int64_t companies::add_value(std::int64_t company_no, std::uint64_t full, std::uint64_t trigger,
                                  std::string_view text, std::int64_t now) {
    sql_->add_value.with(company_no, full, trigger, now, text).run();
    return sqlite3_last_insert_rowid(sql_->db.getHandle());
}

std::optional<company_value> companies::value(std::int64_t value_no) {
    auto& s = sql_->value.with(value_no);
    if (!s.step()) return std::nullopt;
    company_value v{.no = s.integer(0),
                    .company_no = s.integer(5),
                    .full = static_cast<std::uint64_t>(s.integer(1)),
                    .trigger = static_cast<std::uint64_t>(s.integer(2)),
                    .stored_at = s.integer(3),
                    .cut = s.integer(4) == profile::cut_mark};
    s.reset();
    return v;
}

std::string companies::value_text(std::int64_t value_no) {
    auto& s = sql_->value_text.with(value_no);
    if (!s.step()) throw damaged_content{"a profile refers to a company object that is not stored"};
    std::string text{s.text(0)};
    s.reset();
    return text;
}

void companies::mark_for_rediff(std::int64_t company_no, std::int64_t pass) { sql_->mark.with(company_no, pass).run(); }

void companies::mark_gone_and_cut_for_rediff() {
    sql_->mark_gone_and_cut.with(static_cast<int>(profile::cut_mark)).run();
}

std::optional<company_rediff> companies::next_rediff() {
    auto& s = sql_->next_rediff.with();
    if (!s.step()) return std::nullopt;
    company_rediff r{s.integer(0), s.integer(1), s.integer(2)};
    s.reset();
    return r;
}

void companies::advance_rediff(company_rediff const& r) { sql_->advance.with(r.company_no, r.after_user_no).run(); }
void companies::finish_rediff(std::int64_t company_no) { sql_->finish.with(company_no).run(); }

std::optional<std::int64_t> companies::next_after(std::int64_t after) {
    auto& s = sql_->next_after.with(after);
    if (!s.step()) return std::nullopt;
    auto const no = s.integer(0);
    s.reset();
    return no;
}

std::int64_t companies::live_companies() {
    if (!sql_->live_count) {
        sql_->live.with().step();
        sql_->live_count = sql_->live.integer(0);
        sql_->live.reset();
    }
    return *sql_->live_count;
}

std::string reference_of(std::int64_t value_no) { return "\x02" + std::to_string(value_no); }

std::optional<std::int64_t> referred_value(std::string_view text) {
    text = profile::without_cut_mark(text);
    if (text.empty() || text.front() != '\x02') return std::nullopt;
    std::int64_t no = 0;
    std::from_chars(text.data() + 1, text.data() + text.size(), no);
    return no;
}

}  // namespace traitsync::store
