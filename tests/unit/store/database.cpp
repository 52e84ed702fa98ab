#include "traitsync/store/database.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

namespace {

using namespace traitsync;
using store::database;

struct folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("ts-database-" + std::to_string(::getpid()));
    std::string file = (path / "store.db").string();
    folder() {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~folder() { std::filesystem::remove_all(path); }
    void write(std::string const& text) { std::ofstream{file, std::ios::binary} << text; }
    static std::string read_file(std::string const& name) {
        std::ifstream in{name, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    std::string read() { return read_file(file); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(database_file, folder)

BOOST_AUTO_TEST_CASE(a_new_store_is_made_private_and_at_the_newest_version) {
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_value());
    BOOST_TEST((*db)->schema_version() == database::newest_schema_version());
    struct stat info {};
    BOOST_REQUIRE(::stat(file.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600);
    BOOST_TEST(!(*db)->was_unclean());
    BOOST_TEST((*db)->connection().execAndGet("PRAGMA synchronous").getInt() == 2);
    BOOST_TEST((*db)->connection().execAndGet("PRAGMA page_size").getInt() == 16384);
}

BOOST_AUTO_TEST_CASE(a_store_that_came_open_to_others_is_made_private_with_its_log) {
    {
        auto db = database::open(file);
        (*db)->close_cleanly();
    }
    BOOST_REQUIRE(::chmod(file.c_str(), 0664) == 0);
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_value());
    for (auto const* rest : {"", "-wal", "-shm", ".lock"}) {
        struct stat info {};
        BOOST_REQUIRE(::stat((file + rest).c_str(), &info) == 0);
        BOOST_TEST((info.st_mode & 0777) == 0600, rest);
    }
}

BOOST_AUTO_TEST_CASE(what_a_link_beside_the_store_leads_to_keeps_its_mode) {
    database::open(file).value()->close_cleanly();
    auto const others = (path / "others").string();
    std::ofstream{others};
    BOOST_REQUIRE(::chmod(others.c_str(), 0644) == 0);
    // SQLite follows no link there either: it says why it cannot open the store.
    std::filesystem::create_symlink(others, file + "-shm");
    static_cast<void>(database::open(file));
    struct stat info {};
    BOOST_REQUIRE(::stat(others.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0644);
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_with_the_pid_of_the_first) {
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_value());
    int pipe[2];
    BOOST_REQUIRE(::pipe(pipe) == 0);
    auto const child = ::fork();
    if (child == 0) {
        auto second = database::open(file);
        auto const words =
            second ? std::string{"opened"} : std::string{name_of(second.error().kind)} + " " + second.error().what;
        auto const written = ::write(pipe[1], words.data(), words.size());
        ::_exit(written > 0 ? 0 : 1);
    }
    std::string words(2000, '\0');
    words.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::read(pipe[0], words.data(), words.size()))));
    ::waitpid(child, nullptr, 0);
    BOOST_TEST(words.starts_with("conflict"));
    BOOST_TEST(words.find(std::to_string(::getpid())) != std::string::npos, words);
}

BOOST_AUTO_TEST_CASE(a_link_to_the_store_leads_past_no_lock) {
    // Links of both kinds, the first to a file that is not there yet.
    auto const link = (path / "link.db").string();
    auto const other = (path / "other.db").string();
    std::filesystem::create_symlink("store.db", link);
    std::filesystem::create_symlink(link, other);
    auto const first = database::open(other);
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST((*first)->path() == file);
    BOOST_TEST(std::filesystem::exists(file + ".lock"));
    BOOST_TEST(!std::filesystem::exists(link + ".lock"));
    for (auto const& name : {file, link}) {
        auto const second = database::open(name);
        BOOST_REQUIRE(second.has_error());
        BOOST_TEST((second.error().kind == fault::conflict));
    }
    BOOST_TEST((*first)->log_bytes() > 0);
    BOOST_TEST(database::inspect(link).value().empty());
    // A link to itself leads nowhere, and ends.
    std::filesystem::create_symlink("round.db", path / "round.db");
    BOOST_TEST(database::open((path / "round.db").string()).has_error());
}

BOOST_AUTO_TEST_CASE(a_clean_end_is_told_from_a_crash) {
    {
        auto db = database::open(file);
        (*db)->close_cleanly();
    }
    {
        auto db = database::open(file);
        BOOST_TEST(!(*db)->was_unclean());
    }
    auto db = database::open(file);
    BOOST_TEST((*db)->was_unclean());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_store_is_named_and_not_touched) {
    for (std::string const& text : {std::string{"not a database at all, just text"}, std::string(4096, '\xff')}) {
        write(text);
        auto db = database::open(file);
        BOOST_REQUIRE(db.has_error());
        BOOST_TEST((db.error().kind == fault::storage));
        BOOST_TEST(db.error().what.find(file) != std::string::npos);
        BOOST_TEST(read() == text);
    }
    std::filesystem::remove(file);
    for (auto const* others : {"CREATE TABLE other (x)", "PRAGMA application_id = 7", "CREATE TABLE users (x)"}) {
        SQLite::Database{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(others);
        auto const before = read();
        BOOST_TEST(database::open(file).has_error());
        BOOST_TEST(database::inspect(file).has_error());
        BOOST_TEST((read() == before));
    }
    std::filesystem::remove(file);
    SQLite::Database{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
        "PRAGMA application_id = 7; CREATE TABLE users (x)");
    auto const before = read();
    BOOST_TEST(database::open(file).has_error());
    BOOST_TEST((read() == before));
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_named_and_not_touched) {
    std::vector<std::pair<std::string, std::string>> const others{{"a pipe", (path / "pipe").string()},
                                                                  {"a socket", (path / "socket").string()},
                                                                  {"a folder", (path / "folder").string()}};
    BOOST_REQUIRE(::mkfifo(others[0].second.c_str(), 0644) == 0);
    BOOST_REQUIRE(::mknod(others[1].second.c_str(), S_IFSOCK | 0644, 0) == 0);
    BOOST_REQUIRE(::mkdir(others[2].second.c_str(), 0755) == 0);
    auto const mode = [](std::string const& name) {
        struct stat info {};
        BOOST_REQUIRE(::stat(name.c_str(), &info) == 0);
        return info.st_mode & 0777U;
    };
    auto const link = (path / "link").string();
    for (auto const& [kind, name] : others) {
        auto const before = mode(name);
        std::filesystem::remove(link);
        std::filesystem::create_symlink(name, link);
        for (auto const& named : {name, link}) {
            auto const opened = database::open(named);
            BOOST_REQUIRE(opened.has_error());
            for (auto const& refused :
                 {opened.error(), database::inspect(named).error(), database::backup(named, file).error()}) {
                BOOST_TEST((refused.kind == fault::storage));
                BOOST_TEST(refused.what.starts_with(name + " is " + kind + ", not a file"), refused.what);
            }
        }
        BOOST_TEST(mode(name) == before);
    }
    BOOST_TEST(std::distance(std::filesystem::directory_iterator{path}, {}) == 4, "nothing was made beside them");
}

BOOST_AUTO_TEST_CASE(a_link_to_a_name_that_sqlite_takes_for_none_leads_to_that_file) {
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(path);
    std::filesystem::create_symlink(":memory:", "link.db");
    {
        auto const db = database::open("link.db");
        BOOST_TEST((db.has_value() && (*db)->log_bytes() > 0));
    }
    std::filesystem::current_path(before);
    BOOST_TEST(std::filesystem::file_size(path / ":memory:") > 0U);
}

BOOST_AUTO_TEST_CASE(a_newer_store_is_refused_with_both_version_numbers) {
    {
        auto db = database::open(file);
        (*db)->close_cleanly();
    }
    { SQLite::Database{file, SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 99"); }
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_error());
    BOOST_TEST((db.error().kind == fault::conflict));
    BOOST_TEST(db.error().what.find("99") != std::string::npos);
    BOOST_TEST(db.error().what.find(std::to_string(database::newest_schema_version())) != std::string::npos);
    auto const looked_at = database::inspect(file);
    BOOST_REQUIRE(looked_at.has_error());
    BOOST_TEST((looked_at.error().kind == fault::conflict));
    BOOST_TEST(looked_at.error().what == db.error().what);
}

BOOST_AUTO_TEST_CASE(a_store_that_lacks_a_table_or_an_index_is_named_as_damaged_and_not_touched) {
    for (auto const* what : {"TABLE users", "INDEX messages_user", "VIEW messages_aside"}) {
        BOOST_TEST_CONTEXT(what) {
            std::filesystem::remove(file);
            {
                auto db = database::open(file);
                (*db)->connection().exec("CREATE INDEX of_an_operator ON users (company_id)");
                (*db)->close_cleanly();
            }
            BOOST_TEST(database::inspect(file).value().empty());
            { SQLite::Database{file, SQLite::OPEN_READWRITE}.exec(std::string{"DROP "} + what); }
            auto const looked_at = database::inspect(file);
            BOOST_REQUIRE(looked_at.has_error());
            auto name = std::string{what};
            boost::algorithm::to_lower(name);
            BOOST_TEST(looked_at.error().what.find("damaged: its " + name + " is missing") != std::string::npos,
                       looked_at.error().what);
            auto const db = database::open(file);
            BOOST_REQUIRE(db.has_error());
            BOOST_TEST((db.error().kind == fault::storage));
            BOOST_TEST(db.error().what == looked_at.error().what);
        }
    }
}

namespace {

// Brings the store up, as another process would, when SQLite is first asked what is in it.
struct brought_up_meanwhile {
    static inline std::string file;
    explicit brought_up_meanwhile(std::string const& name) {
        file = name;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&begin));
    }
    ~brought_up_meanwhile() { sqlite3_reset_auto_extension(); }
    static int begin(sqlite3* db, char**, void const*) {
        return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, &asked, nullptr);
    }
    static int asked(unsigned, void*, void* statement, void*) {
        std::string_view const sql{sqlite3_sql(static_cast<sqlite3_stmt*>(statement))};
        if (file.empty() || sql.find("FROM sqlite_master") == sql.npos || !sql.starts_with("SELECT type")) return 0;
        if (sqlite3_db_filename(sqlite3_db_handle(static_cast<sqlite3_stmt*>(statement)), "main") != file) return 0;
        SQLite::Database other{std::exchange(file, {}), SQLite::OPEN_READWRITE};
        other.exec("BEGIN; DROP INDEX messages_user; PRAGMA user_version = 1000; COMMIT");
        return 0;
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_store_that_is_brought_up_while_it_is_looked_at_is_not_called_damaged) {
    for (bool const copied : {false, true}) {
        for (auto const* end : {"", "-wal"}) std::filesystem::remove(file + end);
        database::open(file).value()->close_cleanly();
        brought_up_meanwhile const other{file};
        auto const copy = (path / "copy.db").string();
        if (copied) {
            auto const done = database::backup(file, copy);
            BOOST_TEST(done.has_value(), done.error().what);
        } else {
            auto const found = database::inspect(file);
            BOOST_REQUIRE_MESSAGE(found.has_value(), found.error().what);
            BOOST_TEST(found->empty(), *found);
        }
        BOOST_TEST(brought_up_meanwhile::file.empty(), "it was");
    }
}

BOOST_AUTO_TEST_CASE(a_log_that_is_broken_before_its_end_is_named_and_not_touched) {
    std::string log;
    {
        auto db = database::open(file);
        for (int i = 0; i < 40; ++i) {
            (*db)->connection().exec("INSERT INTO users (user_id, seen_at) VALUES ('user" + std::to_string(i) +
                                     "', 1)");
        }
        log = read_file(file + "-wal");
        // The process ends here without closing.
        std::filesystem::copy_file(file, path / "copy.db");
    }
    auto const copy = (path / "copy.db").string();
    constexpr std::size_t frame = 24 + 16384;
    // Behind those of the log as it is stand older ones, from the making of the store: they have other salts.
    std::size_t frames = 0;
    while (32 + frame * (frames + 1) <= log.size() && log.compare(32 + frame * frames + 8, 8, log, 16, 8) == 0) {
        ++frames;
    }
    log.resize(32 + frame * frames);
    BOOST_REQUIRE(frames > 40U);
    auto const with_log = [&](std::string const& bytes) {
        std::ofstream{copy + "-wal", std::ios::binary | std::ios::trunc} << bytes;
        std::filesystem::remove(copy + "-shm");
    };
    auto broken = log;
    broken[32 + frame * (frames / 2) + 5000] ^= 1;
    with_log(broken);
    auto const refused = database::open(copy);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().what.find("-wal") != std::string::npos, refused.error().what);
    // Nor is a copy made that would lack what stands behind the break.
    BOOST_TEST(database::backup(copy, (path / "backup.db").string()).has_error());
    BOOST_TEST((read_file(copy + "-wal") == broken));
    auto const looked_at = database::inspect(copy);
    BOOST_TEST(looked_at.has_error());
    // A power cut within the last transaction: a torn tail is ordinary.
    auto torn = log;
    torn[32 + frame * (frames - 1) + 5000] ^= 1;
    with_log(torn.substr(0, torn.size() - 100));
    BOOST_TEST(database::inspect(copy).value() == "");
    with_log(torn);
    BOOST_TEST(database::inspect(copy).value() == "");
    auto const opened = database::open(copy);
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST((*opened)->connection().execAndGet("SELECT count(*) FROM users").getInt() == 39);
}

BOOST_AUTO_TEST_CASE(an_edited_migration_is_noticed) {
    {
        auto db = database::open(file);
        (*db)->close_cleanly();
    }
    { SQLite::Database{file, SQLite::OPEN_READWRITE}.exec("UPDATE migrations SET checksum = 'x' WHERE version = 2"); }
    auto db = database::open(file);
    BOOST_REQUIRE(db.has_error());
    BOOST_TEST((db.error().kind == fault::conflict));
}

BOOST_AUTO_TEST_CASE(a_damaged_page_is_found_by_the_quick_check) {
    {
        auto db = database::open(file);
        (*db)->connection().exec("BEGIN");
        for (int i = 0; i < 3000; ++i) {
            (*db)->connection().exec("INSERT INTO users (user_id, seen_at) VALUES ('user" + std::to_string(i) +
                                     "', 1)");
        }
        (*db)->connection().exec("COMMIT");
        (*db)->close_cleanly();
    }
    BOOST_TEST(database::quick_check(file).value().empty());
    auto bytes = read();
    auto const at = bytes.rfind("user1500");
    BOOST_REQUIRE(at != std::string::npos);
    for (std::size_t i = at / 16384 * 16384; i < at / 16384 * 16384 + 64; ++i) bytes[i] = '\x7f';
    write(bytes);
    auto const found = database::quick_check(file);
    BOOST_TEST((found.has_error() || !found->empty()));
}

BOOST_AUTO_TEST_CASE(the_umask_is_the_one_it_was_however_opening_ends) {
    auto const before = ::umask(0022);
    database::open(file).value()->close_cleanly();
    auto const sound = read();
    // SQLite meets these when it is asked for the first time.
    auto damaged = sound;
    for (std::size_t i = 100; i < 4000; ++i) damaged[i] = '\x7f';
    write(damaged);
    BOOST_TEST(database::open(file).has_error());
    auto const after_damage = ::umask(0022);
    write(sound);
    { SQLite::Database{file, SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 9999"); }
    BOOST_TEST(database::open(file).has_error());
    auto const after_refusal = ::umask(before);
    BOOST_TEST(after_damage == 0022U);
    BOOST_TEST(after_refusal == 0022U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_does_not_exist_is_named_with_what_to_do) {
    auto db = database::open((path / "no" / "store.db").string());
    BOOST_REQUIRE(db.has_error());
    BOOST_TEST(db.error().what.find("store.path") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
