#include "traitsync/store/lookups.hpp"

#include <algorithm>
#include <iterator>

#include "statement.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/core/text.hpp"
#include "traitsync/core/text_start.hpp"
#include "traitsync/store/codec.hpp"

namespace traitsync::store {
namespace {

// Nobody types more, and a hostile name must not make a large index.
constexpr std::size_t longest_key = 128;

// At a million profiles some seven of so many users' keys fall into each leaf, which is written once for all of them; a
// search reads so many rows besides.
constexpr std::int64_t most_waiting = 16'384;

void cut_at_character(std::string& text, std::size_t most) { text.resize(text_start(text, most).size()); }

std::string key_of(std::string_view text) {
    if (text.size() < 2 || text.front() != '"') return {};
    auto const inner = text.substr(1, text.size() - 2);
    if (inner.find('\\') == std::string_view::npos) return folded(inner);
    json::document document;
    if (document.parse(text) != json::parse_fault::none) return {};
    return folded(document.root().text);
}

}  // namespace

std::string folded(std::string_view text) {
    std::string out{text.substr(0, longest_key + 4)};
    cut_at_character(out, longest_key);
    for (auto& c : out) c = ascii_lower(c);
    return out;
}

lookup_keys lookup_keys_of(diff::account const& a) {
    auto const key = [&a](profile::trait t) {
        auto const& wanted = a[t].wanted;
        return wanted.state == diff::known::form::value ? key_of(wanted.text) : std::string{};
    };
    return {.name = key(profile::trait::name), .email = key(profile::trait::email)};
}

lookup_keys lookup_keys_of(std::string_view source) {
    auto const texts = decode_source(source).texts;
    auto const key = [&texts](profile::trait t) { return key_of(texts[profile::index_of(t)]); };
    return {.name = key(profile::trait::name), .email = key(profile::trait::email)};
}

std::string after_prefix(std::string_view prefix) {
    std::string end{prefix};
    end += '\xff';  // in no UTF-8 text, and behind every character
    return end;
}

struct lookups::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement remove{db, "DELETE FROM lookups WHERE key = ? AND user_no = ?"};
    // Of whom something waits, what was entered is not so any more.
    statement find{
        db,
        "SELECT key, user_no FROM lookups l WHERE (key, user_no) > (?1, ?2) AND key < ?3 AND NOT EXISTS (SELECT 1 FROM "
        "lookups_new n WHERE n.user_no = l.user_no) ORDER BY key, user_no LIMIT ?4"};
    statement add_waiting{
        db,
        "INSERT INTO lookups_new (user_no, name, email, entered_name, entered_email) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email"};
    statement take_waiting{db, "DELETE FROM lookups_new WHERE user_no = ? RETURNING entered_name, entered_email"};
    statement find_waiting{
        db,
        "SELECT key, user_no FROM (SELECT name AS key, user_no FROM lookups_new UNION ALL SELECT email, user_no FROM "
        "lookups_new) WHERE key <> '' AND (key, user_no) > (?1, ?2) AND key < ?3 ORDER BY key, user_no LIMIT ?4"};
    // Two, because SQLite would walk over the whole table for rows of a compound one.
    statement remove_stale_names{
        db,
        "DELETE FROM lookups WHERE (key, user_no) IN (SELECT entered_name, user_no FROM lookups_new WHERE entered_name "
        "NOT IN ('', name, email))"};
    statement remove_stale_emails{
        db,
        "DELETE FROM lookups WHERE (key, user_no) IN (SELECT entered_email, user_no FROM lookups_new WHERE "
        "entered_email NOT IN ('', name, email))"};
    statement enter_waiting{
        db,
        "INSERT OR IGNORE INTO lookups (key, user_no) SELECT key, user_no FROM (SELECT name AS key, user_no FROM "
        "lookups_new UNION ALL SELECT email, user_no FROM lookups_new) WHERE key <> '' ORDER BY key, user_no"};
    statement clear_waiting{db, "DELETE FROM lookups_new"};
    statement count_waiting{db, "SELECT count(*) FROM lookups_new"};

    std::int64_t waiting = 0;  // at most so many users: counted once, then one more at each change

    static std::vector<hit> hits(statement& s) {
        std::vector<hit> list;
        while (s.step()) list.push_back({std::string{s.text(0)}, s.integer(1)});
        return list;
    }
};

lookups::lookups(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} { recount(); }
lookups::~lookups() = default;

void lookups::recount() {
    sql_->count_waiting.with().step();
    sql_->waiting = sql_->count_waiting.integer(0);
    sql_->count_waiting.reset();
}

void lookups::change(std::int64_t user_no, lookup_keys const& before, lookup_keys const& now) {
    if (before == now) return;
    if (now.is_empty()) return remove(user_no, before);
    sql_->add_waiting.with(user_no, now.name, now.email, before.name, before.email).run();
    if (++sql_->waiting >= most_waiting) enter();
}

void lookups::remove(std::int64_t user_no, lookup_keys entered) {
    if (sql_->waiting > 0 && sql_->take_waiting.with(user_no).step()) {
        entered = {std::string{sql_->take_waiting.text(0)}, std::string{sql_->take_waiting.text(1)}};
        sql_->take_waiting.run();
    }
    for (auto const* key : {&entered.name, &entered.email}) {
        if (!key->empty()) sql_->remove.with(*key, user_no).run();
    }
}

void lookups::enter() {
    if (sql_->waiting == 0) return;
    sql_->remove_stale_names.with().run();
    sql_->remove_stale_emails.with().run();
    sql_->enter_waiting.with().run();
    sql_->clear_waiting.with().run();
    sql_->waiting = 0;
}

std::vector<lookups::hit> lookups::find(std::string_view prefix, hit const& after, int limit) {
    auto const end = after_prefix(prefix);
    // One lower bound: of two, SQLite may take the one that leads through the whole table.
    auto const begins = after.key < prefix;
    auto const from = begins ? prefix : std::string_view{after.key};
    auto const from_user = begins ? std::int64_t{-1} : after.user_no;
    auto const entered = statements::hits(sql_->find.with(from, from_user, end, limit));
    auto const waiting = statements::hits(sql_->find_waiting.with(from, from_user, end, limit));
    std::vector<hit> all;
    all.reserve(entered.size() + waiting.size());
    std::ranges::merge(entered, waiting, std::back_inserter(all));
    // One whose name is the e-mail address.
    all.erase(std::ranges::unique(all).begin(), all.end());
    if (all.size() > static_cast<std::size_t>(limit)) all.resize(static_cast<std::size_t>(limit));
    return all;
}

}  // namespace traitsync::store
