// What a command does at a terminal, and when the terminal goes away.

#include "operator.hpp"
#include "support/scripted_server.hpp"
#include "support/terminal.hpp"

namespace {
using namespace traitsync;
using test::has;

struct at_a_terminal : test::operated {
    std::unique_ptr<test::terminal> terminal = std::make_unique<test::terminal>();

    // With the terminal as its standard input.
    test::process_options asked(std::vector<std::string> words) const {
        words.insert(words.begin(), {"-c", "exec \"$@\" <" + terminal->path(), "sh", options({}).program.string()});
        auto o = options(std::move(words));
        o.program = "/bin/sh";
        o.errors = terminal->path();
        return o;
    }
};

constexpr auto preview = R"({"profiles":3,"messages":1234,"bytes":9,"estimated_seconds":0,"sample":[],)"
                         R"("preview_token":"seen"})";
}  // namespace

BOOST_FIXTURE_TEST_SUITE(terminals, at_a_terminal)

BOOST_AUTO_TEST_CASE(a_run_goes_on_to_its_end_when_its_terminal_goes_away) {
    put_users(3, "x");
    moesif.listen(false);
    auto drawn = options({"run", "--once"});
    drawn.errors = terminal->path();
    test::process running{std::move(drawn)};
    BOOST_REQUIRE(terminal->wait_for("0 profiles read"));
    terminal->hang_up();
    moesif.listen(true);
    auto const ended = running.wait();
    BOOST_REQUIRE(ended.has_value());
    BOOST_TEST(ended->signal == 0);
    BOOST_TEST(ended->code == 0);
    BOOST_TEST(segment.counts().distinct_messages == 3U);
    auto const next = once();
    BOOST_TEST(next.state.code == 0);
    BOOST_TEST(!has(next.errors, "recovered"), next.errors);
}

BOOST_AUTO_TEST_CASE(a_replay_asks_beside_its_output) {
    for (bool const yes : {false, true}) {
        terminal = std::make_unique<test::terminal>();
        test::scripted_server api_double;
        api_double.answer({.body = preview});
        api_double.answer(
            {.status = 202, .body = R"({"id":"7","state":"running","messages":1234,"done":0,"estimated_seconds":0})"});
        test::process asking{asked({"replay", "--all", "--url", api_double.url()})};
        BOOST_REQUIRE_MESSAGE(terminal->wait_for("Send 1,234 messages again? [y/N] "), terminal->seen());
        BOOST_REQUIRE(terminal->type(yes ? "y\n" : "n\n"));
        auto const ended = asking.wait();
        BOOST_REQUIRE(ended.has_value());
        BOOST_TEST(ended->code == 0);
        BOOST_TEST(has(asking.output(), "3 profiles, 1,234 messages"), asking.output());
        BOOST_TEST(!has(asking.output(), "again?"), asking.output());
        BOOST_TEST(has(asking.output(), "Replay 7") == yes, asking.output());
        BOOST_TEST(api_double.requests().size() == (yes ? 2U : 1U));
    }
}

BOOST_AUTO_TEST_CASE(a_replay_for_a_program_asks_nobody_and_wants_to_be_told) {
    test::scripted_server api_double;
    api_double.always({.body = preview});
    test::process asking{asked({"replay", "--all", "--json", "--url", api_double.url()})};
    BOOST_REQUIRE_MESSAGE(terminal->wait_for("give --yes with --json"), terminal->seen());
    auto const ended = asking.wait();
    BOOST_REQUIRE(ended.has_value());
    BOOST_TEST(ended->code == 2);
    BOOST_TEST(asking.output() == "");
    BOOST_TEST(api_double.requests().size() == 1U, "the preview");
}

BOOST_AUTO_TEST_SUITE_END()
