#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "support.hpp"

using namespace traitsync::config;
using namespace traitsync::config::test;

BOOST_AUTO_TEST_SUITE(credentials_of)

BOOST_AUTO_TEST_CASE(a_missing_token_or_key_is_told_with_where_to_get_it) {
    auto const problems = problems_of(load(sources{}));
    auto const expected = std::vector<std::string>{
        "moesif.token is missing. Make a Management API key in Moesif's portal (API Keys, Management API) with the "
        "scopes read:users and read:companies. Set moesif.token or moesif.token_file, or TRAITSYNC_MOESIF_TOKEN in "
        "the environment.",
        "segment.write_key is missing. In Segment add a source of the type \"HTTP API\" (Connections, Sources); its "
        "write key stands in the source's settings under API Keys. Set segment.write_key or segment.write_key_file, "
        "or TRAITSYNC_SEGMENT_WRITE_KEY in the environment.",
    };
    BOOST_TEST(problems == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_secret_in_place_of_its_files_name_is_not_repeated) {
    auto const problems = problems_of(
        load_text("[segment]\nwrite_key_file = \"" + good_key + "\"\n", {{"TRAITSYNC_SEGMENT_WRITE_KEY", ""}}));
    BOOST_TEST(
        problems ==
            std::vector<std::string>{"t.toml:2:18: segment.write_key_file: the file that it names does not exist"},
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_secret_of_a_wrong_type_is_told_where_a_stronger_source_sets_it_too) {
    auto const problems = problems_of(load_text("[moesif]\ntoken = 5\n[segment]\nwrite_key_file = [\"a\"]\n"));
    std::vector<std::string> const expected{
        "t.toml:2:9: moesif.token must be a text in double quotes, not a whole number",
        "t.toml:4:18: segment.write_key_file must be a text in double quotes, not an array",
    };
    BOOST_TEST(problems == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_moesif_token_may_be_pasted_with_its_scheme_in_any_case) {
    for (auto const* pasted :
         {"Bearer abc.def", "bearer  abc.def", "BEARER abc.def ", " BEARER Bearer abc.def", "abc.def"}) {
        auto const r = load_text("", {{"TRAITSYNC_MOESIF_TOKEN", pasted}});
        BOOST_REQUIRE_MESSAGE(r.has_value(), pasted);
        BOOST_TEST(r->values.moesif.token.reveal() == "abc.def", pasted);
    }
    for (auto const* none : {"Bearer ", " "}) {
        BOOST_TEST(problems_of(load_text("", {{"TRAITSYNC_MOESIF_TOKEN", none}})).size() == 1U, none);
    }
}

BOOST_AUTO_TEST_CASE(a_command_reads_only_the_secrets_that_it_needs) {
    folder const f;
    sources from;
    from.file = f.write("t.toml",
                        "[moesif]\ntoken_file = \"/no/1\"\n[segment]\nwrite_key_file = \"/no/2\"\n"
                        "[admin]\ntoken_file = \"/no/3\"\nviewer_token_file = \"/no/4\"\n");
    auto const missing = [&](secrets_needed needed) {
        from.needed = needed;
        return problems_of(load(from)).size();
    };
    BOOST_TEST(missing(secrets_needed::all) == 4U);
    BOOST_TEST(missing(secrets_needed::admin_token) == 1U);
    BOOST_TEST(missing(secrets_needed::none) == 0U);
}

BOOST_AUTO_TEST_CASE(a_secret_file_loses_one_newline_and_nothing_else) {
    folder const f;
    for (auto const& [content, token] : {std::pair{"abcd\n", "abcd"}, {"abcd\r\n", "abcd"}, {"abcd", "abcd"}}) {
        auto const path = f.write("token", content);
        auto const r = load_text("[moesif]\ntoken_file = \"" + path + "\"\n", {{"TRAITSYNC_MOESIF_TOKEN", ""}});
        BOOST_REQUIRE(r.has_value());
        BOOST_TEST(r->values.moesif.token.reveal() == token);
        BOOST_TEST(r->origins.at("moesif.token").ends_with("t.toml:2"));
    }
}

BOOST_AUTO_TEST_CASE(a_secret_file_that_holds_no_secret_is_told_in_words) {
    folder const f;
    for (auto const& [content, words] : {
             std::pair{std::string{"\n"}, "is empty"},
             {std::string{}, "is empty"},
             {std::string{"ab cd\n"}, "holds a blank"},
             {std::string{"abcd\n\n"}, "holds a line break"},
             {std::string{"ab\ncd"}, "holds a line break"},
             {std::string{"ab\0cd", 5}, "holds a character that no token has"},
             {std::string{"caf\xc3\xa9"}, "holds a character that no token has"},
             {std::string(70'000, 'x'), "is larger than 64KiB"},
         }) {
        auto const path = f.write("token", content);
        auto const problems =
            problems_of(load_text("", {{"TRAITSYNC_MOESIF_TOKEN", ""}, {"TRAITSYNC_MOESIF_TOKEN_FILE", path}}));
        BOOST_REQUIRE(problems.size() == 1U);
        BOOST_TEST(problems[0] == "TRAITSYNC_MOESIF_TOKEN_FILE: moesif.token_file: the file " + path + " " + words);
    }
    auto const missing = problems_of(
        load_text("[segment]\nwrite_key_file = \"/no/such/file\"\n", {{"TRAITSYNC_SEGMENT_WRITE_KEY", ""}}));
    BOOST_TEST(
        missing ==
            std::vector<std::string>{"t.toml:2:18: segment.write_key_file: the file /no/such/file does not exist"},
        boost::test_tools::per_element());
    auto const a_folder =
        problems_of(load_text("[segment]\nwrite_key_file = \"/\"\n", {{"TRAITSYNC_SEGMENT_WRITE_KEY", ""}}));
    BOOST_TEST(a_folder.at(0) == "t.toml:2:18: segment.write_key_file: the file / is a folder, not a file");
}

BOOST_AUTO_TEST_CASE(a_secret_given_twice_in_one_place_is_an_error) {
    BOOST_TEST(problems_of(load_text("[admin]\ntoken_file = \"/x\"\ntoken = \"0123456789abcdef\"\n")) ==
                   std::vector<std::string>{
                       "t.toml:3:1: admin.token and admin.token_file are both set; one of them is enough"},
               boost::test_tools::per_element());
    BOOST_TEST(problems_of(load_text("", {{"TRAITSYNC_MOESIF_TOKEN_FILE", "/x"}})) ==
                   std::vector<std::string>{
                       "TRAITSYNC_MOESIF_TOKEN_FILE: moesif.token and moesif.token_file are both set; one of them is "
                       "enough"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_secret_in_the_environment_beats_the_file_that_the_configuration_names) {
    auto const r = load_text("[moesif]\ntoken_file = \"/no/such/file\"\n");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->values.moesif.token.reveal() == "a.moesif.token");
}

BOOST_AUTO_TEST_CASE(no_problem_quotes_a_secret) {
    for (auto const* text : {
             "[moesif]\ntoken = \"VERY SECRET\"\n",
             "[segment]\nwrite_key = \"VERYSECRET:\"\n",
             "[admin]\ntoken = \"VERYSECRET\\n\"\n",
             "[moesif]\ntoken = 73573773\n",
             "[moesif]\ntoken = VERYSECRET\n",
             "[moesif]\ntoken = [\"VERYSECRET\"]\n",
             "[moesif]\ntokn = \"VERYSECRET\"\n",
         }) {
        auto const problems =
            problems_of(load_text(text, {{"TRAITSYNC_MOESIF_TOKEN", ""}, {"TRAITSYNC_SEGMENT_WRITE_KEY", ""}}));
        BOOST_TEST(!problems.empty());
        for (auto const& p : problems) {
            BOOST_TEST(p.find("SECRET") == std::string::npos, p);
            BOOST_TEST(p.find("73573773") == std::string::npos, p);
        }
    }
}

BOOST_AUTO_TEST_CASE(doubtful_secrets_are_warnings_and_a_viewer_with_all_rights_is_an_error) {
    auto const r = load_text("[admin]\ntoken = \"short\"\n", {{"TRAITSYNC_SEGMENT_WRITE_KEY", "abc"}});
    BOOST_REQUIRE(r.has_value());
    auto const expected = std::vector<std::string>{
        "t.toml:2:9: admin.token has fewer than 16 characters and can be guessed",
        "TRAITSYNC_SEGMENT_WRITE_KEY: segment.write_key has 3 characters; Segment's write keys have 32, and Segment "
        "answers 200 to a wrong one too"};
    BOOST_TEST(lines_of(r->warnings) == expected, boost::test_tools::per_element());
    auto const same =
        problems_of(load_text("[admin]\ntoken = \"0123456789abcdef\"\nviewer_token = \"0123456789abcdef\"\n"));
    BOOST_TEST(
        same == std::vector<std::string>{"t.toml:3:16: admin.viewer_token is the same as admin.token, so a viewer "
                                         "could do everything"},
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_folder_of_credentials_stands_between_the_file_and_the_environment) {
    folder const f;
    f.write("moesif.token", "from.the.folder\n");
    f.write("segment.write_key", "\n");
    f.write("admin.token", "");
    std::map<std::string, std::string> const given{{"CREDENTIALS_DIRECTORY", f.path(".")},
                                                   {"TRAITSYNC_MOESIF_TOKEN", ""}};
    auto const text = "[moesif]\ntoken_file = \"/no/such/file\"\n[segment]\nwrite_key = \"" + good_key + "\"\n";
    // Better than the file, whose own is then not read; blank ones say nothing.
    auto without = given;
    without["TRAITSYNC_SEGMENT_WRITE_KEY"] = "";
    auto r = load_text(text, without);
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->values.moesif.token.reveal() == "from.the.folder");
    BOOST_TEST(r->origins.at("moesif.token") == "environment");
    BOOST_TEST(r->values.segment.write_key.reveal() == good_key);
    BOOST_TEST(r->origins.at("segment.write_key").ends_with("t.toml:4"));
    BOOST_TEST(r->origins.at("admin.token") == "default");
    // A variable is better still.
    auto more = given;
    more["TRAITSYNC_MOESIF_TOKEN"] = "from.a.variable";
    BOOST_TEST(load_text("", more)->values.moesif.token.reveal() == "from.a.variable");
    // What is wrong with one is told with its path.
    f.write("moesif.token", "two words");
    auto const problems = problems_of(load_text("", given));
    BOOST_REQUIRE(problems.size() == 1U);
    BOOST_TEST(problems[0].ends_with("/moesif.token holds a blank"), problems[0]);
    BOOST_TEST(problems[0].find("two words") == std::string::npos);
    // A folder that is not there has nothing.
    auto const none = load_text(text, {{"CREDENTIALS_DIRECTORY", "/no/such/folder"}});
    BOOST_TEST(none.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
