#include <boost/test/unit_test.hpp>

#include <stdlib.h>
#include <sys/stat.h>

#include "../../../src/cli/exit.hpp"
#include "support.hpp"
#include "traitsync/config/keys.hpp"

using namespace traitsync::cli;
using namespace traitsync::cli::test;

namespace {

std::string const good_key = "0123456789abcdefghijABCDEFGHIJKL";

// Settings of whoever runs the tests must not count.
struct clean_environment {
    clean_environment() {
        for (auto const& [name, value] : traitsync::config::process_environment()) ::unsetenv(name.c_str());
    }
};

std::string config_with(folder const& f, std::string const& more = {}) {
    return f.write("t.toml", "[moesif]\ntoken = \"the.moesif.token\"\n[segment]\nwrite_key = \"" + good_key +
                                 "\"\n[store]\npath = \"" + f.path("t.db") + "\"\n" + more);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(check_command, clean_environment)

BOOST_AUTO_TEST_CASE(a_valid_configuration_is_shown_with_origins_and_without_secrets) {
    folder const f;
    memory_console m;
    auto const path = config_with(f, "[log]\nlevel = \"debug\"\n[traits.policy]\nemail = \"hash\"\n");
    BOOST_TEST(run_check({path}, m.c) == exit_done);
    auto const out = m.out.str();
    auto const has_line = [&](std::string const& name, std::string const& value, std::string const& origin) {
        std::istringstream in{out};
        for (std::string line; std::getline(in, line);) {
            std::istringstream words{line};
            std::string a, b, c;
            words >> a >> b >> c;
            if (a == name) return b == value && c == origin;
        }
        return false;
    };
    BOOST_TEST(has_line("moesif.token", "***", path + ":2"));
    BOOST_TEST(has_line("log.level", "debug", path + ":8"));
    BOOST_TEST(has_line("moesif.interval", "60s", "default"));
    BOOST_TEST(has_line("segment.url", "https://api.segment.io", "default"));
    BOOST_TEST(has_line("traits.policy.email", "hash", path + ":10"));
    BOOST_TEST(out.find("is valid.\n") != std::string::npos, out);
    BOOST_TEST(out.find("will be made at the first start") != std::string::npos, out);
    BOOST_TEST(out.find("the.moesif.token") == std::string::npos);
    BOOST_TEST(out.find(good_key) == std::string::npos);
    BOOST_TEST(m.err.str() == "");
}

BOOST_AUTO_TEST_CASE(all_problems_go_to_standard_error_with_code_2) {
    folder const f;
    memory_console m;
    auto const path = f.write("t.toml", "[moesif]\npage_size = 0\nintervall = \"1m\"\n");
    BOOST_TEST(run_check({path}, m.c) == exit_usage);
    auto const err = m.err.str();
    BOOST_TEST(err.find(path + ":2:13: error: moesif.page_size must be from 1 to 1000, not 0\n") != std::string::npos,
               err);
    BOOST_TEST(err.find(path + ":3:1: error: unknown key moesif.intervall; did you mean moesif.interval?\n") !=
                   std::string::npos,
               err);
    BOOST_TEST(err.find(path + ": error: moesif.token is missing.") != std::string::npos, err);
    BOOST_TEST(err.find("traitsync: 4 problems in the configuration\n") != std::string::npos, err);
    BOOST_TEST(m.out.str() == "");
}

BOOST_AUTO_TEST_CASE(a_hostile_file_cannot_steer_the_terminal) {
    folder const f;
    memory_console m;
    auto const path = config_with(f, "[admin]\n\"x\\u001b[2J\\nforged\" = 1\n");
    BOOST_TEST(run_check({path}, m.c) == exit_usage);
    BOOST_TEST(m.err.str().find('\x1b') == std::string::npos);
    BOOST_TEST(m.err.str().find("unknown key admin.x\\x1b[2J\\nforged") != std::string::npos, m.err.str());
}

BOOST_AUTO_TEST_CASE(warnings_are_counted_and_told_and_the_code_stays_0) {
    folder const f;
    memory_console m;
    ::setenv("TRAITSYNC_MOESIF_INTERVALL", "1m", 1);
    BOOST_TEST(run_check({config_with(f)}, m.c) == exit_done);
    BOOST_TEST(m.err.str() ==
               "TRAITSYNC_MOESIF_INTERVALL: warning: no such setting; the variable is ignored; did you mean "
               "TRAITSYNC_MOESIF_INTERVAL?\n");
    BOOST_TEST(m.out.str().find("is valid, with 1 warning.\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_store_is_told) {
    folder const f;
    memory_console m;
    auto const path = config_with(f);
    f.write("t.db", std::string(8192, 'x'));
    BOOST_TEST(run_check({path}, m.c) == exit_failed);
    BOOST_TEST(m.err.str().find(f.path("t.db") + ": error: ") != std::string::npos, m.err.str());
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_no_place_for_a_store) {
    folder const f;
    memory_console m;
    auto const path = config_with(f);
    BOOST_REQUIRE(::mkfifo(f.path("t.db").c_str(), 0644) == 0);
    BOOST_TEST(run_check({path}, m.c) == exit_failed);
    BOOST_TEST(m.err.str() == f.path("t.db") + ": error: " + f.path("t.db") +
                                  " is a pipe, not a file: store.path must name a file, or what is not there yet. It "
                                  "was not touched\n");
    BOOST_TEST(m.out.str().find("will be made") == std::string::npos, m.out.str());
}

BOOST_AUTO_TEST_CASE(a_store_in_memory_is_a_problem_of_the_configuration) {
    folder const f;
    for (auto const* name : {":memory:", "file:memory?mode=memory"}) {
        memory_console m;
        ::setenv("TRAITSYNC_STORE_PATH", name, 1);
        BOOST_TEST(run_check({config_with(f)}, m.c) == exit_usage);
        BOOST_TEST(m.err.str().starts_with("TRAITSYNC_STORE_PATH: error: store.path must "), m.err.str());
    }
}

BOOST_AUTO_TEST_CASE(a_viewer_token_that_is_the_made_admin_token_is_a_problem) {
    folder const f;
    constexpr auto* made = "0123456789abcdef0123456789abcdef";
    auto const file = f.write("admin.token", std::string{made} + "\n");
    auto const told = file + ", so a viewer could do everything";
    for (auto const& line : {"viewer_token_file = \"" + file + "\"", "viewer_token = \"" + std::string{made} + "\""}) {
        memory_console m;
        BOOST_TEST(run_check({config_with(f, "[admin]\n" + line + "\n")}, m.c) == exit_usage);
        BOOST_TEST(m.err.str().find(told) != std::string::npos, m.err.str());
        BOOST_TEST(m.err.str().find(made) == std::string::npos);
    }
    memory_console m;
    BOOST_TEST(run_check({config_with(f, "[admin]\nviewer_token = \"fedcba9876543210\"\n")}, m.c) == exit_done);
}

BOOST_AUTO_TEST_CASE(a_missing_store_folder_is_a_warning) {
    folder const f;
    memory_console m;
    ::setenv("TRAITSYNC_STORE_PATH", f.path("none/t.db").c_str(), 1);
    BOOST_TEST(run_check({config_with(f)}, m.c) == exit_done);
    BOOST_TEST(m.err.str() == f.path("none/t.db") + ": warning: the folder of store.path does not exist\n");
}

BOOST_AUTO_TEST_SUITE_END()
