#include "traitsync/store/removal.hpp"

#include <SQLiteCpp/Database.h>

#include <optional>
#include <string>

#include "bodies.hpp"
#include "statement.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::store {
namespace {

constexpr auto user_kind = static_cast<int>(profile_kind::user);

template <class... Values>
std::int64_t run(SQLite::Database& db, char const* sql, Values const&... values) {
    statement s{db, sql};
    s.with(values...).run();
    return sqlite3_changes(db.getHandle());
}

std::string json_text(std::string_view id) {
    std::string text;
    json::append_quoted(text, id);
    return text;
}

// A number may be given again: a set that still named it would stand for another user. Returns the previews that named
// it.
std::int64_t leave_sets(session& s, std::int64_t no) {
    auto& db = s.file().connection();
    auto const chunk = no / user_set::chunk_users;
    std::vector<std::pair<std::string, std::string>> sets;
    {
        // From set to set, and of each only the chunk: all of them together may have hundreds of megabytes.
        statement next{db, "SELECT owner FROM user_sets WHERE owner > ? ORDER BY owner LIMIT 1"};
        statement find{db, "SELECT bits FROM user_sets WHERE owner = ? AND chunk = ?"};
        for (std::string owner; next.with(owner).step();) {
            owner = next.text(0);
            next.reset();
            if (!find.with(owner, chunk).step()) continue;
            sets.emplace_back(owner, find.text(0));
            find.reset();
        }
    }
    std::int64_t previews = 0;
    for (auto& [owner, bits] : sets) {
        user_set one;
        one.put_chunk(chunk, bits);
        if (!one.has(no)) continue;
        if (auto const token = replays::preview_of(owner)) {
            s.replays.drop_preview(*token);
            ++previews;
            continue;
        }
        auto const place = static_cast<std::size_t>(no % user_set::chunk_users);
        bits[place / 8] = static_cast<char>(static_cast<unsigned char>(bits[place / 8]) & ~(1U << (place % 8)));
        run(db, "UPDATE user_sets SET bits = ?3 WHERE owner = ?1 AND chunk = ?2", owner, chunk, blob{bits});
    }
    return previews;
}

// The rows that carry the user's number.
void remove_rows(session& s, SQLite::Database& db, user_row const& user) {
    auto const no = user.no;
    if (auto const source = s.profiles.source(no)) {
        s.lookups.change(no, lookup_keys_of(source->data), {});
    }
    run(db, "DELETE FROM ledgers WHERE no = ?", no);
    run(db, "DELETE FROM sources WHERE no = ?", no);
    if (user.doc_id) {
        run(db, "DELETE FROM missing WHERE kind = ? AND doc_id = ?", user_kind, *user.doc_id);
        s.profiles.remove_document(*user.doc_id);
    }
    s.profiles.remove_user(user);
}

void remove_messages(session& s, SQLite::Database& db, std::int64_t user_no, removed_person& done) {
    struct row {
        std::int64_t no, state, bytes;
    };
    std::vector<row> rows;
    statement find{db,
                   "SELECT m.no, state, ifnull(b.bytes, 0) FROM messages m LEFT JOIN message_texts b ON "
                   "b.no = m.no WHERE user_no = ? ORDER BY m.no"};
    find.with(user_no);
    while (find.step()) rows.push_back({find.integer(0), find.integer(1), find.integer(2)});
    statement remove{db, "DELETE FROM messages WHERE no = ?"};
    statement remove_body{db, "DELETE FROM bodies WHERE no = ?"};
    statement remove_marks{db, "DELETE FROM marks WHERE message_no = ?"};
    auto counts = s.accounts.counts();
    std::int64_t bytes = 0;
    for (auto const& m : rows) {
        auto const state = static_cast<diff::message_state>(m.state);
        if (state == diff::message_state::offered) done.offered.push_back(m.no);
        if (state == diff::message_state::dead) ++done.dead_letters;
        --counts[state];
        bytes += m.bytes;
        remove_body.with(m.no).run();
        remove_marks.with(m.no).run();
        remove.with(m.no).run();
    }
    if (!done.offered.empty()) s.outbox.end_runs(done.offered.front(), done.offered.back());
    s.accounts.restore_counts(counts);
    bodies_went(s, bytes);
    done.messages += static_cast<std::int64_t>(rows.size());
}

// Quarantined documents with the person's id: the raw text is kept as it came, so the id is looked for as a JSON text,
// and as what the document states, where it is a number or written oddly.
// Others only mention the person: their text goes too, but they are read again, and theirs they stay.
std::int64_t remove_quarantined(session& s, SQLite::Database& db, std::string_view user_id,
                                std::optional<std::string> const& doc_id, std::int64_t now) {
    struct document {
        std::string id;
        bool is_own;
    };
    std::vector<document> documents;
    {
        statement find{db,
                       "SELECT doc_id, ifnull(stated, doc_id) FROM quarantine WHERE kind = ?1 AND (doc_id IN (?2, ?3) "
                       "OR stated = ?2 OR instr(raw, "
                       "?4) > 0)"};
        auto const text = json_text(user_id);
        find.with(user_kind, user_id, doc_id, text);
        while (find.step()) {
            auto const id = find.text(0);
            documents.push_back({std::string{id}, id == doc_id || find.text(1) == user_id});
        }
    }
    for (auto const& [id, is_own] : documents) {
        s.set_aside.drop(profile_kind::user, id);
        if (!is_own) continue;
        s.forgotten.add_document(id, user_id, now);
        run(db, "DELETE FROM missing WHERE kind = ? AND doc_id = ?", user_kind, id);
    }
    return static_cast<std::int64_t>(documents.size());
}

}  // namespace

removed_person forget_person(session& s, std::string_view user_id, std::int64_t now) {
    auto& db = s.file().connection();
    removed_person done;
    s.forgotten.add_user(user_id, now);
    auto const user = s.profiles.user_by_id(user_id);
    auto const doc_id = user ? user->doc_id : std::nullopt;
    if (doc_id) s.forgotten.add_document(*doc_id, user_id, now);
    done.quarantined = remove_quarantined(s, db, user_id, doc_id, now);
    if (user) {
        done.profile = true;
        // The ledger goes before the messages that it names.
        remove_rows(s, db, *user);
        remove_messages(s, db, user->no, done);
        done.previews += leave_sets(s, user->no);
    }
    for (auto const& token : s.replays.previews_that_name(user_id)) {
        s.replays.drop_preview(token);
        ++done.previews;
    }
    run(db,
        "UPDATE replays SET selector = json_set(selector, '$.user_ids', json((SELECT json_group_array(iif(value = ?1, "
        "?2, value)) FROM json_each(selector, '$.user_ids')))) WHERE EXISTS (SELECT 1 FROM json_each(selector, "
        "'$.user_ids') WHERE value = ?1)",
        user_id, forgotten_name);
    // A preview shows values, which may speak of anybody. What began a replay goes only where it names this person:
    // repeated, it would begin another one.
    done.answers = run(db,
                       "DELETE FROM answers WHERE instr(body, ?1) > 0 AND ((status = 200 AND route = '/v1/replays') OR "
                       "EXISTS (SELECT 1 FROM json_each(body, '$.selector.user_ids') WHERE value = ?2))",
                       json_text(user_id), user_id);
    // Where a pass stopped reading. One that is not at its end goes on from memory; after a crash it begins this stage
    // anew.
    for (auto const& id : {std::optional{std::string{user_id}}, doc_id}) {
        if (!id) continue;
        run(db, "UPDATE passes SET search_after = '', last_key = '' WHERE last_key = ?1 OR instr(search_after, ?2) > 0",
            *id, json_text(*id));
    }
    return done;
}

void remove_profile(session& s, user_row const& user) {
    leave_sets(s, user.no);
    remove_rows(s, s.file().connection(), user);
}

bool trim_gone(session& s, std::int64_t before, int limit) {
    auto& db = s.file().connection();
    std::vector<std::int64_t> numbers;
    {
        statement find{
            db,
            "SELECT u.no FROM users u WHERE gone_at < ?1 AND NOT EXISTS (SELECT 1 FROM messages WHERE user_no = u.no) "
            "ORDER BY gone_at LIMIT ?2"};
        find.with(before, limit);
        while (find.step()) numbers.push_back(find.integer(0));
    }
    for (auto const no : numbers) {
        if (auto const user = s.profiles.user(no)) remove_profile(s, *user);
    }
    return static_cast<int>(numbers.size()) == limit;
}

}  // namespace traitsync::store
