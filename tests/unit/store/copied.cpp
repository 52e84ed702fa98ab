// Which store is a copy that an original went on beside, and which one only looks like it.
#include "traitsync/store/copied.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

namespace {

using namespace traitsync;
namespace fs = std::filesystem;

struct runs_of_a_store {
    fs::path path = fs::temp_directory_path() / ("ts-copied-" + std::to_string(::getpid()));
    std::string file = (path / "store.db").string();
    runs_of_a_store() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~runs_of_a_store() { fs::remove_all(path); }

    // A start and a clean end. True where the store was taken for a copy.
    bool run() const {
        store::session s{store::database::open(file).value()};
        auto const renewed = store::settle_copy(s, 1);
        BOOST_REQUIRE(renewed.has_value());
        s.file().close_cleanly();
        return renewed->has_value();
    }
    void keep(std::string const& what, std::string const& name) const { fs::copy_file(what, path / name); }
    // Into the same file, as cp does.
    void put_back(std::string const& name, std::string const& what) const {
        fs::copy_file(path / name, what, fs::copy_options::overwrite_existing);
    }
    std::string runs_in_lock() const {
        std::ifstream in{file + ".lock"};
        std::string line;
        for (int i = 0; i < 3; ++i) std::getline(in, line);
        return line;
    }
    void write_lock(std::string const& runs) const {
        std::ofstream{file + ".lock", std::ios::trunc} << "1\nholds a store\n" << runs << "\n";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(copied_store, runs_of_a_store)

BOOST_AUTO_TEST_CASE(a_store_that_was_put_back_into_its_own_file_is_a_copy_once) {
    for (int start = 0; start < 3; ++start) BOOST_TEST(!run());
    keep(file, "cold.db");
    BOOST_TEST(!run());
    put_back("cold.db", file);
    BOOST_TEST(run());
    BOOST_TEST(!run());
    put_back("cold.db", file);
    BOOST_TEST(run(), "the same one again");
}

BOOST_AUTO_TEST_CASE(one_that_was_put_back_before_the_original_went_on_is_the_original) {
    run();
    keep(file, "cold.db");
    put_back("cold.db", file);
    BOOST_TEST(!run());
}

BOOST_AUTO_TEST_CASE(a_start_that_was_killed_between_lock_and_store_makes_no_copy) {
    run();
    keep(file, "before.db");
    auto const before = runs_in_lock();
    run();
    auto const after = runs_in_lock();
    BOOST_TEST(before != after);
    write_lock(after + before);
    BOOST_TEST(!run(), "killed behind the second of three writes");
    put_back("before.db", file);
    write_lock(after + before);
    BOOST_TEST(!run(), "killed behind the first");
}

BOOST_AUTO_TEST_CASE(a_copy_stays_one_until_its_messages_have_new_ids) {
    run();
    keep(file, "cold.db");
    run();
    put_back("cold.db", file);
    {
        store::session s{store::database::open(file).value()};
        s.file().connection().exec(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON meta BEGIN SELECT raise(ABORT, 'full'); END");
        BOOST_CHECK_THROW(static_cast<void>(store::settle_copy(s, 1)), std::exception);
    }
    BOOST_TEST(run());
}

BOOST_AUTO_TEST_CASE(a_store_without_a_lock_may_be_a_copy_and_one_of_an_earlier_program_goes_on) {
    run();
    fs::remove(file + ".lock");
    BOOST_TEST(run(), "new ids of what nobody saw cost nothing");
    BOOST_TEST(!run());
    keep(file, "newer.db");
    {
        auto const db = store::database::open(file).value();
        db->connection().exec("DELETE FROM meta WHERE key = 'run'");
    }
    keep(file, "older.db");
    BOOST_TEST(run(), "put back from before it had names of runs");
    put_back("older.db", file);
    write_lock("");
    BOOST_TEST(!run(), "as the earlier program left it");
}

BOOST_AUTO_TEST_SUITE_END()
