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
constexpr std::int64_t most_new = 16'384;

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
    end += "\xf4\x8f\xbf\xbf";  // U+10FFFF: sorts behind every character
    return end;
}

struct lookups::statements {
    explicit statements(SQLite::Database& db) : db{db} {}
    SQLite::Database& db;
    statement add{db, "INSERT OR IGNORE INTO lookups (key, user_no) VALUES (?, ?)"};
    statement remove{db, "DELETE FROM lookups WHERE key = ? AND user_no = ?"};
    statement find{
        db,
        "SELECT key, user_no FROM lookups WHERE (key, user_no) > (?1, ?2) AND key < ?3 ORDER BY key, user_no "
        "LIMIT ?4"};
    statement add_new{db, "INSERT OR REPLACE INTO lookups_new (user_no, name, email) VALUES (?, ?, ?)"};
    statement remove_new{db, "DELETE FROM lookups_new WHERE user_no = ?"};
    statement find_new{
        db,
        "SELECT key, user_no FROM (SELECT name AS key, user_no FROM lookups_new UNION ALL SELECT email, user_no FROM "
        "lookups_new) WHERE key <> '' AND (key, user_no) > (?1, ?2) AND key < ?3 ORDER BY key, user_no LIMIT ?4"};
    statement enter_new{
        db,
        "INSERT OR IGNORE INTO lookups (key, user_no) SELECT key, user_no FROM (SELECT name AS key, user_no FROM "
        "lookups_new UNION ALL SELECT email, user_no FROM lookups_new) WHERE key <> '' ORDER BY key, user_no"};
    statement clear_new{db, "DELETE FROM lookups_new"};
    statement count_new{db, "SELECT count(*) FROM lookups_new"};

    std::int64_t new_users = 0;  // counted once, then followed

    static std::vector<hit> hits(statement& s) {
        std::vector<hit> list;
        while (s.step()) list.push_back({std::string{s.text(0)}, s.integer(1)});
        return list;
    }
};

lookups::lookups(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} { recount(); }
lookups::~lookups() = default;

void lookups::recount() {
    sql_->count_new.with().step();
    sql_->new_users = sql_->count_new.integer(0);
    sql_->count_new.reset();
}

void lookups::set_aside(std::int64_t user_no, lookup_keys const& keys) {
    sql_->add_new.with(user_no, keys.name, keys.email).run();
    if (++sql_->new_users < most_new) return;
    sql_->enter_new.with().run();
    sql_->clear_new.with().run();
    sql_->new_users = 0;
}

void lookups::change(std::int64_t user_no, lookup_keys const& before, lookup_keys const& now) {
    if (before == now) return;
    auto const is_empty = [](lookup_keys const& keys) { return keys.name.empty() && keys.email.empty(); };
    if (is_empty(before)) return set_aside(user_no, now);
    if (sql_->new_users > 0) {
        sql_->remove_new.with(user_no).run();
        if (sqlite3_changes(sql_->db.getHandle()) > 0) {
            --sql_->new_users;
            if (!is_empty(now)) set_aside(user_no, now);
            return;
        }
    }
    for (auto const* key : {&before.name, &before.email}) {
        if (!key->empty() && *key != now.name && *key != now.email) sql_->remove.with(*key, user_no).run();
    }
    for (auto const* key : {&now.name, &now.email}) {
        if (!key->empty() && *key != before.name && *key != before.email) sql_->add.with(*key, user_no).run();
    }
}

std::vector<lookups::hit> lookups::find(std::string_view prefix, hit const& after, int limit) {
    auto const end = after_prefix(prefix);
    // One lower bound: of two, SQLite may take the one that leads through the whole table.
    auto const begins = after.key < prefix;
    auto const from = begins ? prefix : std::string_view{after.key};
    auto const from_user = begins ? std::int64_t{-1} : after.user_no;
    auto const entered = statements::hits(sql_->find.with(from, from_user, end, limit));
    auto const fresh = statements::hits(sql_->find_new.with(from, from_user, end, limit));
    std::vector<hit> all;
    all.reserve(entered.size() + fresh.size());
    std::ranges::merge(entered, fresh, std::back_inserter(all));
    // One whose name is the e-mail address.
    all.erase(std::ranges::unique(all).begin(), all.end());
    if (all.size() > static_cast<std::size_t>(limit)) all.resize(static_cast<std::size_t>(limit));
    return all;
}

}  // namespace traitsync::store
