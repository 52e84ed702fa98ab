#include "traitsync/embedded/migrations.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "support/temp_dir.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;

// A store as the program left it that knew the first `known` migrations, with one user, a dead letter and a pass.
void make_old_store(std::string const& path, std::size_t known) {
    auto const embedded_files = embedded::migrations();
    auto files = std::vector(embedded_files.begin(), embedded_files.end());
    std::ranges::sort(files, {}, [](auto const& f) { return f.name; });
    SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    db.exec("PRAGMA page_size = 16384");
    db.exec("PRAGMA auto_vacuum = INCREMENTAL");
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("CREATE TABLE migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT");
    db.exec(fmt::format("PRAGMA application_id = {}", 0x5453594e));
    for (std::size_t i = 0; i < known; ++i) {
        auto const version = std::stoi(std::string{files[i].name.substr(0, 4)});
        db.exec(std::string{files[i].content});
        db.exec(fmt::format("INSERT INTO migrations VALUES ({}, '{}')", version, sha256_hex(files[i].content)));
        db.exec(fmt::format("PRAGMA user_version = {}", version));
    }
    db.exec("INSERT INTO users (user_id, doc_id, seen_at) VALUES ('ada', 'd1', 5)");
    db.exec("INSERT INTO documents VALUES ('d1', 1, x'00', 7)");
    db.exec(
        "INSERT INTO quarantine (kind, doc_id, reason, detail, raw, first_seen, last_seen, pass) VALUES (1, 'q', 'r', "
        "'d', '{}', 1, 2, 1)");
    if (known >= 2) {
        db.exec(
            "INSERT INTO passes (kind, stage, first_sync, search_after, last_key, ordered, fallback_key, started, "
            "ended) "
            "VALUES ('full', 'done', 1, '', '', 1, 0, 10, 20)");
    }
    if (known >= 3) {
        db.exec(
            "INSERT INTO messages (id, user_no, state, wait, traits, due, remaining, marked, created, timestamp, "
            "first_offered, settled, pass, attempts, next_attempt, reason, answer) VALUES (zeroblob(16), 1, 3, 0, 1, "
            "0, "
            "1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 'no')");
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migrations)

BOOST_AUTO_TEST_CASE(a_store_of_each_earlier_version_is_brought_up_with_its_data) {
    for (std::size_t known = 1; known < embedded::migrations().size(); ++known) {
        BOOST_TEST_CONTEXT("the first " << known << " migrations") {
            test::temp_dir folder;
            auto const path = (folder / "store.db").string();
            make_old_store(path, known);
            auto opened = store::database::open(path);
            BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().what));
            BOOST_TEST((*opened)->schema_version() == store::database::newest_schema_version());
            store::session s{std::move(*opened)};
            BOOST_TEST(s.profiles.live_users() == 1);
            BOOST_TEST(s.profiles.user_by_id("ada")->doc_id.value() == "d1");
            BOOST_TEST(s.profiles.document("d1")->content == 7U);
            BOOST_TEST(s.set_aside.count() == 1);
            BOOST_TEST(s.accounts.counts()[diff::message_state::dead] == (known >= 3 ? 1 : 0));
            if (known >= 2) BOOST_TEST(s.passes.last_good()->ended.value() == 20);
            s.file().close_cleanly();
            BOOST_TEST(store::database::quick_check(path).value().empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
