#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "../../../src/cli/exit.hpp"
#include "support.hpp"
#include "traitsync/config/keys.hpp"

using namespace traitsync::cli;
using namespace traitsync::cli::test;

BOOST_AUTO_TEST_SUITE(init_command)

BOOST_AUTO_TEST_CASE(the_new_file_is_complete_and_private) {
    folder const f;
    memory_console m;
    BOOST_TEST(run_init({f.path("t.toml")}, m.c) == exit_done);
    BOOST_TEST(read(f.path("t.toml")) == traitsync::config::commented_file());
    struct stat status {};
    BOOST_REQUIRE(::stat(f.path("t.toml").c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    BOOST_TEST(m.out.str().find("traitsync check -c " + f.path("t.toml")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_existing_file_is_refused_and_not_touched) {
    folder const f;
    memory_console m;
    auto const path = f.write("t.toml", "mine");
    BOOST_TEST(run_init({path}, m.c) == exit_refused);
    BOOST_TEST(read(path) == "mine");
    BOOST_TEST(m.err.str() == "traitsync: " + path + " exists already and was not touched\n");
    // A dangling link is not followed either.
    BOOST_REQUIRE(::symlink(f.path("target").c_str(), f.path("link").c_str()) == 0);
    BOOST_TEST(run_init({f.path("link")}, m.c) == exit_refused);
    BOOST_TEST(!std::filesystem::exists(f.path("target")));
}

BOOST_AUTO_TEST_CASE(a_dash_is_standard_output) {
    memory_console m;
    BOOST_TEST(run_init({"-"}, m.c) == exit_done);
    BOOST_TEST(m.out.str() == traitsync::config::commented_file());
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_told_in_words) {
    folder const f;
    memory_console m;
    BOOST_TEST(run_init({f.path("none/t.toml")}, m.c) == exit_failed);
    BOOST_TEST(m.err.str() == "traitsync: the folder " + f.path("none") + " does not exist\n");
    BOOST_TEST(run_init({""}, m.c) == exit_usage);
}

BOOST_AUTO_TEST_SUITE_END()
