// The demo: whatever ends it, nothing of it stays on the machine.

#include "operator.hpp"

namespace {
using namespace traitsync;

struct demonstrated : test::deployment {
    std::filesystem::path const place = folder / "tmp";
    demonstrated() { std::filesystem::create_directory(place); }

    // Ends a demo that serves its page.
    test::exit_state ended_by(std::vector<int> const& signals) {
        auto o = options({"demo", "--profiles", "50"});
        o.environment = {{"PATH", "/usr/bin:/bin"}, {"TMPDIR", place.string()}};
        test::process shown{std::move(o)};
        BOOST_REQUIRE_MESSAGE(shown.wait_for_output("First sync done"), shown.output() + shown.errors());
        BOOST_TEST(!std::filesystem::is_empty(place));
        for (auto const signal : signals) shown.signal(signal);
        auto const ended = shown.wait();
        BOOST_REQUIRE(ended.has_value());
        return *ended;
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(demonstration, demonstrated)

BOOST_AUTO_TEST_CASE(nothing_stays_whichever_signal_ends_it) {
    for (int const signal : {SIGINT, SIGTERM, SIGHUP}) {
        auto const ended = ended_by({signal});
        BOOST_TEST(ended.signal == 0);
        BOOST_TEST(ended.code == 0);
        BOOST_TEST(std::filesystem::is_empty(place), signal);
    }
}

BOOST_AUTO_TEST_CASE(nothing_stays_when_a_second_signal_ends_it_at_once) {
    // Of different kinds: two of one that both wait to be taken would be one. The second comes while it stops or when
    // it has nearly ended, as it happens.
    for (int i = 0; i < 5; ++i) {
        ended_by({SIGINT, SIGTERM});
        BOOST_TEST(std::filesystem::is_empty(place));
    }
}

BOOST_AUTO_TEST_SUITE_END()
