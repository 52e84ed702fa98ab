// A store whose bytes are gone is not taken for one that was never made: a new one would send every profile again.

#include <SQLiteCpp/Database.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include "traitsync/store/database.hpp"

namespace {

using namespace traitsync;
using store::database;
namespace fs = std::filesystem;

struct lost_folder {
    fs::path path = fs::temp_directory_path() / ("ts-lost-" + std::to_string(::getpid()));
    std::string file = (path / "store.db").string();
    lost_folder() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~lost_folder() { fs::remove_all(path); }
    void make_store() const {
        auto db = database::open(file);
        BOOST_REQUIRE(db.has_value());
        (*db)->close_cleanly();
    }
    // Opened, looked at and copied: always with the same words, and nothing is touched.
    void is_refused(std::string const& words) const {
        auto const opened = database::open(file);
        BOOST_REQUIRE(opened.has_error());
        BOOST_TEST((opened.error().kind == fault::storage));
        BOOST_TEST(opened.error().what.find(words) != std::string::npos, opened.error().what);
        auto const looked_at = database::inspect(file);
        BOOST_REQUIRE(looked_at.has_error());
        BOOST_TEST(looked_at.error().what == opened.error().what);
        auto const copied = database::backup(file, (path / "copy.db").string());
        BOOST_REQUIRE(copied.has_error());
        BOOST_TEST(copied.error().what == opened.error().what);
        BOOST_TEST(!fs::exists(path / "copy.db"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lost_store, lost_folder)

BOOST_AUTO_TEST_CASE(an_emptied_store_is_refused_until_somebody_removes_it) {
    make_store();
    fs::resize_file(file, 0);
    for (int again = 0; again < 2; ++again) {
        is_refused("held data before");
        BOOST_TEST(fs::file_size(file) == 0U);
    }
    fs::remove(file);
    BOOST_TEST(database::inspect(file).has_value());
    make_store();
}

BOOST_AUTO_TEST_CASE(a_young_store_without_its_log_is_refused_until_the_log_is_back) {
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_value());
    (*db)->connection().exec("INSERT INTO meta VALUES ('something', 'done')");
    // As a kill leaves it: what SQLite does at a close does not come.
    for (auto const* end : {"", "-wal"}) fs::copy_file(file + end, file + end + ".kept");
    db->reset();
    auto const put_back = [&](std::string const& end) {
        fs::copy_file(file + end + ".kept", file + end, fs::copy_options::overwrite_existing);
    };
    put_back("");
    for (int again = 0; again < 2; ++again) is_refused("has lost its log");
    put_back("-wal");
    db = database::open(file);
    BOOST_REQUIRE(db.has_value());
    BOOST_TEST((*db)->connection().execAndGet("SELECT value FROM meta WHERE key = 'something'").getString() == "done");
    BOOST_REQUIRE(database::backup(file, (path / "copy.db").string()).has_value());
    db->reset();
    BOOST_TEST(!fs::exists(file + "-wal"), "whoever opened it last has moved the log into the file");
    BOOST_TEST(database::open(file).has_value());
    BOOST_TEST(database::open((path / "copy.db").string()).has_value());
}

BOOST_AUTO_TEST_CASE(a_store_whose_making_was_killed_behind_its_mark_has_not_lost_its_log_later) {
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_value());
    // The mark in the file, its removal not in the log yet.
    (*db)->connection().exec("INSERT INTO meta VALUES ('as_made', 1)");
    (*db)->checkpoint();
    for (auto const* end : {"", "-wal"}) fs::copy_file(file + end, file + end + ".kept");
    db->reset();
    for (auto const* end : {"", "-wal"})
        fs::copy_file(file + end + ".kept", file + end, fs::copy_options::overwrite_existing);
    for (int start = 0; start < 3; ++start) {
        BOOST_TEST_CONTEXT("start " << start) {
            auto again = database::open(file);
            BOOST_REQUIRE_MESSAGE(again.has_value(), again.error().what);
            if (start == 1) (*again)->close_cleanly();
            again->reset();
            BOOST_TEST(!fs::exists(file + "-wal"), "whoever opened it last has moved the log into the file");
        }
    }
    BOOST_TEST(database::inspect(file).has_value());
}

BOOST_AUTO_TEST_CASE(a_store_whose_making_was_killed_at_its_first_page_is_not_begun_anew_without_its_log) {
    auto const first_page = [&] {
        SQLite::Database made{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        made.exec("PRAGMA auto_vacuum = INCREMENTAL");
        made.exec("PRAGMA journal_mode = WAL");
    };
    first_page();
    auto db = database::open(file);
    BOOST_REQUIRE_MESSAGE(db.has_value(), db.error().what);
    BOOST_REQUIRE(fs::file_size(file + "-wal") > 0U);
    fs::copy_file(file, path / "alone.db");
    db->reset();
    fs::copy_file(path / "alone.db", file, fs::copy_options::overwrite_existing);
    is_refused("has lost its log");
    // Killed between the steps that make its tables, it has no mark; the lock knows of it.
    for (auto const* end : {"", "-wal"}) fs::remove(file + end);
    fs::remove(file + ".lock");
    make_store();
    fs::remove(file);
    first_page();
    is_refused("has lost its log");
    // Removed, it is one that somebody wants anew, and may be killed again.
    fs::remove(file);
    std::ofstream{file + ".lock"} << "123\n";
    first_page();
    BOOST_TEST(database::inspect(file).has_value());
    make_store();
}

BOOST_AUTO_TEST_CASE(what_a_crash_at_the_making_leaves_becomes_a_store) {
    std::ofstream{file};
    make_store();
    // Removed on purpose, and the making of the next one is killed in its first moment.
    fs::remove(file);
    make_store();
    fs::remove(file);
    std::ofstream{file + ".lock"} << "123\n";
    std::ofstream{file};
    BOOST_TEST(database::inspect(file).has_value());
    make_store();
}

BOOST_AUTO_TEST_CASE(a_log_without_its_store_is_not_thrown_away) {
    {
        auto const db = database::open(file);
        (*db)->connection().exec("INSERT INTO users (user_id, seen_at) VALUES ('ada', 1)");
        // The process ends here without closing.
        fs::copy_file(file + "-wal", path / "kept");
    }
    auto const log = file + "-wal";
    for (bool const empty : {false, true}) {
        fs::remove(file);
        fs::remove(file + ".lock");
        if (empty) std::ofstream{file};
        fs::copy_file(path / "kept", log, fs::copy_options::overwrite_existing);
        is_refused(empty ? "is empty, but its log" : "is gone, but its log");
        BOOST_TEST(fs::file_size(log) == fs::file_size(path / "kept"));
    }
    fs::remove(log);
    make_store();
}

BOOST_AUTO_TEST_CASE(a_second_copy_at_the_same_time_is_refused) {
    make_store();
    auto const other = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    BOOST_REQUIRE(::flock(other, LOCK_EX) == 0);
    auto const refused = database::backup(file, (path / "copy.db").string());
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().kind == fault::conflict));
    ::close(other);
    BOOST_TEST(database::backup(file, (path / "copy.db").string()).has_value());
    BOOST_TEST(database::inspect((path / "copy.db").string()).value().empty());
}

BOOST_AUTO_TEST_CASE(a_copy_whose_unfinished_name_is_the_stores_is_refused) {
    file = (path / "store.db.partial").string();
    make_store();
    fs::create_symlink(file, path / "link.db.partial");
    fs::create_symlink(file + ".lock", path / "lock.db.partial");
    for (auto const* to : {"store.db", "link.db", "lock.db"}) {
        auto const refused = database::backup(file, (path / to).string());
        BOOST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error().kind == fault::conflict));
        BOOST_TEST(!fs::exists(path / to));
        BOOST_TEST(fs::exists(path / (std::string{to} + ".partial")));
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_nowhere_is_a_name_that_is_taken) {
    make_store();
    fs::create_symlink("nowhere", path / "copy.db");
    auto const refused = database::backup(file, (path / "copy.db").string());
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().kind == fault::conflict));
    BOOST_TEST(fs::is_symlink(path / "copy.db"));
    BOOST_TEST(!fs::exists(path / "copy.db.partial"));
}

BOOST_AUTO_TEST_SUITE_END()
