// What a command does at a terminal, and when the terminal goes away.

#include "operator.hpp"
#include "support/terminal.hpp"

namespace {
using namespace traitsync;
using test::has;

struct at_a_terminal : test::operated {
    std::unique_ptr<test::terminal> terminal = std::make_unique<test::terminal>();
};
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

BOOST_AUTO_TEST_SUITE_END()
