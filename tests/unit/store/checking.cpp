#include "traitsync/store/checking.hpp"

#include <SQLiteCpp/Database.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>

#include "support/temp_dir.hpp"

namespace {

using namespace traitsync;
using namespace std::chrono_literals;

// What this process has read, by its own calls.
std::int64_t bytes_read() {
    std::ifstream io{"/proc/self/io"};
    std::string name;
    std::int64_t bytes = 0;
    io >> name >> bytes;
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checking_a_store)

BOOST_AUTO_TEST_CASE(a_check_that_was_broken_off_before_it_began_does_not_begin) {
    test::temp_dir folder;
    auto const file = (folder / "store.db").string();
    SQLite::Database{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec("CREATE TABLE t (a)");
    BOOST_TEST(store::checking{file}.run().value().empty());
    store::checking check{file};
    check.break_off();
    BOOST_TEST((check.run().error().kind == fault::cancelled));
}

BOOST_AUTO_TEST_CASE(a_check_is_broken_off_while_it_walks_the_pages) {
    test::temp_dir folder;
    auto const file = (folder / "store.db").string();
    {
        SQLite::Database db{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        db.exec("PRAGMA journal_mode = OFF");
        db.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
        db.exec(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t "
            "SELECT i, zeroblob(1000) FROM n");
    }
    store::checking check{file};
    auto const before = bytes_read();
    auto end = std::async(std::launch::async, [&] { return check.run(); });
    // 110 MB are to be read.
    while (bytes_read() < before + 8'000'000) BOOST_REQUIRE((end.wait_for(1ms) != std::future_status::ready));
    check.break_off();
    auto const found = end.get();
    BOOST_REQUIRE(found.has_error());
    BOOST_TEST((found.error().kind == fault::cancelled));
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_opened_is_told_by_the_check) {
    test::temp_dir folder;
    store::checking check{(folder / "none.db").string()};
    check.break_off();
    BOOST_TEST((check.run().error().kind == fault::storage));
}

BOOST_AUTO_TEST_SUITE_END()
