#include "../../../src/cli/command_line.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

#include "../../../src/cli/exit.hpp"
#include "support.hpp"
#include "traitsync/engine/engine.hpp"

using namespace traitsync;
using namespace traitsync::cli;
using namespace traitsync::cli::test;

namespace {

// What the parser made of the arguments.
struct outcome {
    int code = 0;
    std::string out;
    std::string err;
    std::optional<run_arguments> run;
    std::optional<demo_arguments> demo;
    std::optional<init_arguments> init;
    std::optional<check_arguments> check;
    std::optional<client_arguments> client;
    bool version = false;
};

outcome parse(std::vector<char const*> arguments) {
    outcome o;
    memory_console m;
    command_set const commands{
        .run = [&](auto const& a) { return o.run = a, 10; },
        .demo = [&](auto const& a) { return o.demo = a, 11; },
        .init = [&](auto const& a) { return o.init = a, 12; },
        .check = [&](auto const& a) { return o.check = a, 13; },
        .client = [&](auto const& a) { return o.client = a, 15; },
        .version = [&] { return o.version = true, 14; },
    };
    arguments.insert(arguments.begin(), "traitsync");
    o.code = run_command_line(static_cast<int>(arguments.size()), arguments.data(), commands, m.c);
    o.out = m.out.str();
    o.err = m.err.str();
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_lines)

BOOST_AUTO_TEST_CASE(each_command_gets_its_options_and_its_code_is_returned) {
    auto o = parse({"run"});
    BOOST_TEST(o.code == 10);
    BOOST_REQUIRE(o.run.has_value());
    BOOST_TEST(!o.run->config.has_value());
    BOOST_TEST(!o.run->once);
    BOOST_TEST((o.run->max_wait == std::chrono::minutes{5}));
    BOOST_TEST((o.run->destination == engine::destination_choice::ask));

    o = parse({"run", "-c", "a.toml", "--once", "--max-wait", "1h30m", "--destination", "keep"});
    BOOST_REQUIRE(o.run.has_value());
    BOOST_TEST(o.run->config.value() == "a.toml");
    BOOST_TEST(o.run->once);
    BOOST_TEST((o.run->max_wait == std::chrono::minutes{90}));
    BOOST_TEST((o.run->destination == engine::destination_choice::keep));
    BOOST_TEST((parse({"run", "--destination=resend"}).run->destination == engine::destination_choice::resend));

    BOOST_TEST(parse({"demo"}).demo->profiles == 1000);
    BOOST_TEST(parse({"demo", "--profiles", "7"}).demo->profiles == 7);
    BOOST_TEST(parse({"init"}).init->file == "traitsync.toml");
    BOOST_TEST(parse({"init", "-"}).init->file == "-");
    BOOST_TEST(parse({"init", "x.toml"}).init->file == "x.toml");
    BOOST_TEST(!parse({"check"}).check->online);
    BOOST_TEST(parse({"check", "--online", "--config", "b.toml"}).check->config.value() == "b.toml");
    BOOST_TEST(parse({"version"}).version);
    BOOST_TEST(parse({"version"}).code == 14);
}

BOOST_AUTO_TEST_CASE(help_is_everywhere_and_goes_to_standard_output) {
    for (auto const* command : {"run", "demo", "init", "check", "version"}) {
        auto const o = parse({command, "--help"});
        BOOST_TEST(o.code == 0);
        BOOST_TEST(o.err == "");
        BOOST_TEST(o.out.find("Usage: traitsync " + std::string{command}) != std::string::npos, o.out);
    }
    auto const o = parse({"--help"});
    BOOST_TEST(o.code == 0);
    for (auto const* word : {"run", "demo", "init", "check", "version", "Exit codes"}) {
        BOOST_TEST(o.out.find(word) != std::string::npos, word);
    }
    BOOST_TEST(parse({"--version"}).out == "traitsync " TRAITSYNC_VERSION "\n");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_code_2_with_the_nearest_name_and_a_hint) {
    struct row {
        std::vector<char const*> arguments;
        std::string err;
    };
    for (auto const& [arguments, err] : std::vector<row>{
             {{"chek"}, "traitsync: unknown command chek; did you mean check?\nTry \"traitsync --help\".\n"},
             {{"frobnicate"}, "traitsync: unknown command frobnicate\nTry \"traitsync --help\".\n"},
             {{"check", "--onlin"},
              "traitsync: unknown option --onlin; did you mean --online?\nTry \"traitsync check --help\".\n"},
             {{"run", "--max_wait=3m"},
              "traitsync: unknown option --max_wait; did you mean --max-wait?\nTry \"traitsync run --help\".\n"},
             {{"explain", ""}, "traitsync: user: the user id is empty\nTry \"traitsync explain --help\".\n"},
             {{"explain", "\xff"}, "traitsync: user: must be UTF-8\nTry \"traitsync explain --help\".\n"},
             {{"profiles", "-q", "\xff"}, "traitsync: --query: must be UTF-8\nTry \"traitsync profiles --help\".\n"},
             {{"profiles", ""}, "traitsync: user: the user id is empty\nTry \"traitsync profiles --help\".\n"},
             {{"forget", ""}, "traitsync: user: the user id is empty\nTry \"traitsync forget --help\".\n"},
             {{"profiles", "ada", "--state", "dead"},
              "traitsync: --state is about the list: it cannot stand with a user id\nTry \"traitsync profiles "
              "--help\".\n"},
             {{"profiles", "--limit", "5", "ada"},
              "traitsync: --limit is about the list: it cannot stand with a user id\nTry \"traitsync profiles "
              "--help\".\n"},
             {{"dead", "retry", "nope"},
              "traitsync: ids: \"nope\" is no message id: \"traitsync dead list\" shows them\nTry \"traitsync dead "
              "--help\".\n"},
             {{"run", "--max-wait", "3m"}, "traitsync: --max-wait requires --once\nTry \"traitsync run --help\".\n"},
             {{"init", "a", "b"}, "traitsync: unexpected argument b\nTry \"traitsync init --help\".\n"},
             {{"chek", "--help"}, "traitsync: unknown command chek; did you mean check?\nTry \"traitsync --help\".\n"},
             {{"chek\x1b[2J"}, "traitsync: unknown command chek\\x1b[2J\nTry \"traitsync --help\".\n"},
         }) {
        auto const o = parse(arguments);
        BOOST_TEST(o.code == exit_usage);
        BOOST_TEST(o.err == err);
        BOOST_TEST(o.out == "");
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_value_is_code_2_and_names_the_option) {
    for (auto const& arguments : std::vector<std::vector<char const*>>{{"run", "--max-wait", "5"},
                                                                       {"run", "--max-wait", "0"},
                                                                       {"run", "--max-wait"},
                                                                       {"run", "-c"},
                                                                       {"run", "--destination", "ask"},
                                                                       {"demo", "--profiles", "0"},
                                                                       {"demo", "--profiles", "many"}}) {
        auto const o = parse(arguments);
        BOOST_TEST(o.code == exit_usage);
        auto const option = std::string{arguments[1] == std::string_view{"-c"} ? "--config" : arguments[1]};
        BOOST_TEST(o.err.find(option) != std::string::npos, o.err);
        BOOST_TEST((!o.run && !o.demo));
    }
}

BOOST_AUTO_TEST_CASE(no_command_shows_the_help_and_is_a_mistake) {
    auto const o = parse({});
    BOOST_TEST(o.code == exit_usage);
    BOOST_TEST(o.err.find("Usage:") != std::string::npos);
    BOOST_TEST(o.out == "");
}

BOOST_AUTO_TEST_CASE(output_that_cannot_be_written_is_a_failure) {
    folder const f;
    std::ofstream full{"/dev/full"};
    std::ostringstream err;
    console c{full, err};
    command_set commands;
    commands.version = [&] { return run_version(c); };
    std::vector<char const*> const arguments{"traitsync", "version"};
    BOOST_TEST(run_command_line(2, arguments.data(), commands, c) == exit_failed);
    BOOST_TEST(err.str() == "traitsync: standard output cannot be written\n");
}

BOOST_AUTO_TEST_CASE(a_selector_that_is_empty_is_a_mistake_and_does_not_widen_a_replay) {
    using words = std::vector<char const*>;
    for (auto const& arguments :
         {words{"replay", "--company", "", "--modified-since", "2026-05-02T10:00:00Z"},
          words{"replay", "--all", "--user", ""}, words{"replay", "--company", "c", "--modified-since", ""},
          words{"replay", "--all", "--trait", ""}, words{"replay", "--all", "--acknowledged-between", "", ""}}) {
        auto const o = parse(arguments);
        BOOST_TEST(o.code == exit_usage);
        BOOST_TEST(o.err.find("must not be empty") != std::string::npos, o.err);
    }
}

BOOST_AUTO_TEST_CASE(an_id_is_taken_as_it_is_whatever_it_looks_like) {
    for (auto const* id :
         {"[u1]", "[u1,u2]", "[]", "[[u1]]", "u1,u2", "{}", "%%", "\"u1\"", "a b", " ", "'", "u=1", "#"}) {
        auto const replay = parse({"replay", "--user", id, "--user", "u3", "--trait", id, "--company", id, "--yes"});
        BOOST_REQUIRE_MESSAGE(replay.code == 15, std::string{id} + ": " + replay.err);
        BOOST_TEST((replay.client->user_ids == std::vector<std::string>{id, "u3"}), id);
        BOOST_TEST((replay.client->traits == std::vector<std::string>{id}), id);
        BOOST_TEST(replay.client->company_id == id);
        BOOST_TEST(replay.client->yes);
        auto const joined = parse({"replay", ("--user=" + std::string{id}).c_str()});
        BOOST_REQUIRE_MESSAGE(joined.code == 15, std::string{id} + ": " + joined.err);
        BOOST_TEST((joined.client->user_ids == std::vector<std::string>{id}), id);
        auto const explain = parse({"explain", id, id});
        BOOST_REQUIRE_MESSAGE(explain.code == 15, std::string{id} + ": " + explain.err);
        BOOST_TEST(explain.client->user == id);
        BOOST_TEST(explain.client->trait == id);
        BOOST_TEST(parse({"forget", id}).client->user == id);
        auto const profiles = parse({"profiles", "-q", id, "--company", id, "--state", id});
        BOOST_REQUIRE_MESSAGE(profiles.code == 15, std::string{id} + ": " + profiles.err);
        BOOST_TEST(profiles.client->query == id);
        BOOST_TEST(profiles.client->company == id);
        BOOST_TEST(profiles.client->state == id);
        BOOST_TEST((parse({"replay", "show", id}).client->ids == std::vector<std::string>{id}), id);
        BOOST_TEST(parse({"dead", "retry", id}).code == exit_usage);
    }
    for (auto const* id : {"-5", "--all", "++", "status"}) {
        auto const after_mark = parse({"explain", "--", id, id});
        BOOST_REQUIRE_MESSAGE(after_mark.code == 15, std::string{id} + ": " + after_mark.err);
        BOOST_TEST(after_mark.client->user == id);
        BOOST_TEST(after_mark.client->trait == id);
        BOOST_TEST((parse({"replay", "--user", id}).client->user_ids == std::vector<std::string>{id}), id);
    }
    auto const times = parse({"replay", "--acknowledged-between", "[a,b]", "c", "--yes"});
    BOOST_REQUIRE_MESSAGE(times.code == 15, times.err);
    BOOST_TEST((times.client->acknowledged_between == std::vector<std::string>{"[a,b]", "c"}));
    BOOST_TEST(parse({"replay", "--acknowledged-between", "[a,b]"}).code == exit_usage);
    // A word that no option takes is no further user to send again.
    BOOST_TEST(parse({"replay", "--user", "u1", "u2"}).code == exit_usage);
    constexpr auto* one = "01902d3c-5a2b-7c3d-8e4f-0123456789ab";
    auto const dead = parse({"dead", "retry", one, one});
    BOOST_REQUIRE_MESSAGE(dead.code == 15, dead.err);
    BOOST_TEST((dead.client->ids == std::vector<std::string>{one, one}));
}

BOOST_AUTO_TEST_CASE(what_would_send_again_wants_to_be_told_whom) {
    for (auto const& arguments : {std::vector<char const*>{"replay"}, {"replay", "--dry-run"}, {"dead", "retry"}}) {
        auto const o = parse(arguments);
        BOOST_TEST(o.code == exit_usage);
        BOOST_TEST(o.err.find("say wh") != std::string::npos, o.err);
    }
}

BOOST_AUTO_TEST_SUITE_END()
