#include "traitsync/store/lookups.hpp"

#include "statement.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::store {
namespace {

// Nobody types more, and a hostile name must not make a large index.
constexpr std::size_t longest_key = 128;

// A cut must not leave half a character.
void cut_at_character(std::string& text, std::size_t most) {
    if (text.size() <= most) return;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
    text.resize(most);
}

std::string key_of(diff::slot const& s) {
    if (s.wanted.state != diff::known::form::value) return {};
    std::string_view const text = s.wanted.text;
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
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

lookup_keys lookup_keys_of(diff::account const& a) {
    return {.name = key_of(a[profile::trait::name]), .email = key_of(a[profile::trait::email])};
}

std::string after_prefix(std::string_view prefix) {
    std::string end{prefix};
    end += "\xf4\x8f\xbf\xbf";  // U+10FFFF: sorts behind every character
    return end;
}

struct lookups::statements {
    explicit statements(SQLite::Database& db)
        : add{db, "INSERT OR IGNORE INTO lookups (key, user_no) VALUES (?, ?)"},
          add_both{db, "INSERT OR IGNORE INTO lookups (key, user_no) VALUES (?1, ?3), (?2, ?3)"},
          remove{db, "DELETE FROM lookups WHERE key = ? AND user_no = ?"},
          find{db,
               "SELECT key, user_no FROM lookups WHERE (key, user_no) > (?1, ?2) AND key < ?3 ORDER BY key, user_no "
               "LIMIT ?4"} {}
    statement add, add_both, remove, find;
};

lookups::lookups(SQLite::Database& db) : sql_{std::make_unique<statements>(db)} {}
lookups::~lookups() = default;

void lookups::change(std::int64_t user_no, lookup_keys const& before, lookup_keys const& now) {
    if (before == now) return;
    for (auto const* key : {&before.name, &before.email}) {
        if (!key->empty() && *key != now.name && *key != now.email) sql_->remove.with(*key, user_no).run();
    }
    if (before.name.empty() && before.email.empty() && !now.name.empty() && !now.email.empty()) {
        sql_->add_both.with(now.name, now.email, user_no).run();
        return;
    }
    for (auto const* key : {&now.name, &now.email}) {
        if (!key->empty() && *key != before.name && *key != before.email) sql_->add.with(*key, user_no).run();
    }
}

std::vector<lookups::hit> lookups::find(std::string_view prefix, hit const& after, int limit) {
    std::vector<hit> hits;
    auto const end = after_prefix(prefix);
    // One lower bound: of two, SQLite may take the one that leads through the whole table.
    auto const begins = after.key < prefix;
    auto const from = begins ? prefix : std::string_view{after.key};
    auto& s = sql_->find.with(from, begins ? std::int64_t{-1} : after.user_no, end, limit);
    while (s.step()) hits.push_back({std::string{s.text(0)}, s.integer(1)});
    return hits;
}

}  // namespace traitsync::store
