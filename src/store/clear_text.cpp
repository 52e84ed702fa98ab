#include "traitsync/store/clear_text.hpp"

#include <SQLiteCpp/Database.h>

#include <vector>

#include "bodies.hpp"
#include "statement.hpp"

namespace traitsync::store {
namespace {

// How "strip_scrub" says where the scrub stands.
constexpr std::int64_t from_pages = 1, from_log = 2;

constexpr int row_chunk = 500;
constexpr int quarantine_chunk = 20;
// What is set aside as too large has more than 4 MB, and up to the size of a whole page: no further one is read then.
constexpr std::size_t quarantine_bytes = 4'000'000;

bool strip_bodies(session& s, SQLite::Database& db) {
    auto const to = s.meta.integer("strip_messages_to");
    if (!to) return false;
    // Asked first: what is closed from now on is found by the walk below.
    statement still{db, "SELECT EXISTS (SELECT 1 FROM messages_offered WHERE no <= ?)"};
    still.with(*to).step();
    auto const offered = still.integer(0) != 0;
    still.reset();
    std::vector<std::pair<std::int64_t, std::int64_t>> rows;
    {
        // CROSS JOIN: by the bodies, which go, and not by the messages, whose rows stay and would be read again each
        // time.
        statement find{db,
                       "SELECT b.no, b.bytes FROM message_texts b CROSS JOIN messages m ON m.no = b.no WHERE b.no <= ? "
                       "AND m.state <> 1 LIMIT ?"};
        find.with(*to, row_chunk);
        while (find.step()) rows.emplace_back(find.integer(0), find.integer(1));
    }
    std::int64_t bytes = 0;
    statement remove{db, "DELETE FROM bodies WHERE no = ?"};
    // Segment may repeat a value in its answer; its number stays.
    statement cut_answer{db,
                         "UPDATE messages SET answer = substr(answer, 1, 3) WHERE no = ? AND length(answer) > 3 AND "
                         "answer GLOB '[1-5][0-9][0-9] *'"};
    for (auto const& [no, size] : rows) {
        remove.with(no).run();
        cut_answer.with(no).run();
        bytes += size;
    }
    bodies_went(s, bytes);
    auto const more = static_cast<int>(rows.size()) == row_chunk;
    if (!more && !offered) {
        s.meta.remove("strip_messages_to");
        want_scrub(s);
    }
    return more;
}

bool strip_quarantine(session& s, SQLite::Database& db, rewritten_texts const& rewritten) {
    auto const after = s.meta.integer("strip_quarantine_after");
    if (!after) return false;
    struct row {
        std::int64_t no, kind;
        std::string raw;
    };
    std::vector<row> rows;
    {
        statement find{db, "SELECT no, kind, raw FROM quarantine WHERE no > ? ORDER BY no LIMIT ?"};
        find.with(*after, quarantine_chunk);
        std::size_t bytes = 0;
        while (bytes < quarantine_bytes && find.step()) {
            rows.push_back({find.integer(0), find.integer(1), std::string{find.text(2)}});
            bytes += rows.back().raw.size();
        }
    }
    statement put{db, "UPDATE quarantine SET raw = ?2 WHERE no = ?1"};
    for (auto const& r : rows) {
        auto const text = rewritten.quarantined(r.raw, r.kind == static_cast<int>(profile_kind::user));
        if (text != r.raw) put.with(r.no, text).run();
    }
    if (rows.empty()) {
        s.meta.remove("strip_quarantine_after");
        want_scrub(s);
        return false;
    }
    s.meta.set("strip_quarantine_after", rows.back().no);
    return true;
}

bool strip_values(session& s, SQLite::Database& db, rewritten_texts const& rewritten) {
    auto const to = s.meta.integer("strip_values_to");
    if (!to || s.meta.integer("strip_values_wait")) return false;
    std::vector<std::pair<std::int64_t, std::string>> rows;
    {
        // The newest of a company was mapped under the present rules, and an earlier one that is the same object holds
        // nothing else: users may want it still.
        statement find{
            db,
            "SELECT v.no, v.text FROM company_values v WHERE v.no > ?1 AND v.no <= ?2 AND v.full <> (SELECT w.full "
            "FROM "
            "company_values w WHERE w.company_no = v.company_no AND w.no <= ?2 ORDER BY w.no DESC LIMIT 1) ORDER BY "
            "v.no LIMIT ?3"};
        find.with(s.meta.integer("strip_values_after").value_or(0), *to, row_chunk);
        while (find.step()) rows.emplace_back(find.integer(0), find.text(1));
    }
    statement put{db, "UPDATE company_values SET text = ?2 WHERE no = ?1"};
    for (auto const& [no, text] : rows) {
        auto const kept = rewritten.company(text);
        if (kept != text) put.with(no, kept).run();
    }
    if (static_cast<int>(rows.size()) == row_chunk) {
        s.meta.set("strip_values_after", rows.back().first);
        return true;
    }
    s.companies.forget_cache();
    s.meta.remove("strip_values_to");
    s.meta.remove("strip_values_after");
    want_scrub(s);
    return false;
}

}  // namespace

void begin_strip(session& s, bool company) {
    auto& db = s.file().connection();
    s.meta.set("strip_messages_to", number_of(db, "SELECT ifnull(max(no), 0) FROM messages"));
    s.meta.set("strip_quarantine_after", std::int64_t{0});
    s.meta.set("strip_rules", std::int64_t{1});  // until the pass that applies them has ended
    if (company) s.meta.set("strip_values", std::int64_t{1});
    db.exec("DELETE FROM answers");
}

void companies_are_mapped(session& s) {
    if (!s.meta.integer("strip_values")) return;
    s.meta.set("strip_values_wait", std::int64_t{1});
    s.meta.remove("strip_values_after");
    s.meta.set("strip_values_to", number_of(s.file().connection(), "SELECT ifnull(max(no), 0) FROM company_values"));
}

void end_of_rules_pass(session& s) {
    s.meta.remove("strip_values_wait");
    if (!s.meta.integer("strip_rules")) return;
    s.meta.remove("strip_rules");
    s.meta.remove("strip_values");
    // Previews that were asked for meanwhile were made of what the pass had not come to.
    s.file().connection().exec("DELETE FROM answers WHERE status = 200 AND route = '/v1/replays'");
    // What the pass rewrote may stand in free pages and the log.
    want_scrub(s);
}

bool strip(session& s, rewritten_texts const& rewritten) {
    auto& db = s.file().connection();
    auto const bodies = strip_bodies(s, db);
    auto const aside = strip_quarantine(s, db, rewritten);
    auto const values = strip_values(s, db, rewritten);
    return bodies || aside || values;
}

scrub wanted_scrub(session& s) {
    auto const from = s.meta.integer("strip_scrub");
    if (!from) return scrub::nothing;
    return *from == from_pages ? scrub::pages : scrub::log;
}

void want_scrub(session& s) { s.meta.set("strip_scrub", from_pages); }
void pages_scrubbed(session& s) { s.meta.set("strip_scrub", from_log); }
void scrubbed(session& s) { s.meta.remove("strip_scrub"); }

}  // namespace traitsync::store
