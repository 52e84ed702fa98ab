#include "../../../src/cli/told.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

#include "../../../src/cli/table.hpp"

namespace {
using namespace traitsync::cli;
}

BOOST_AUTO_TEST_SUITE(what_was_told)

BOOST_AUTO_TEST_CASE(numbers_are_shown_with_the_digits_that_came) {
    for (auto const& [number, text] : {std::pair{"0", "0"},
                                       {"-1234", "-1,234"},
                                       {"999999999999999999", "999,999,999,999,999,999"},
                                       {"1000000000000000000", "1000000000000000000"},
                                       {"-123456789012345678901234567890", "-123456789012345678901234567890"},
                                       {"30.5", "30.5"},
                                       {"0.10", "0.10"},
                                       {"-0", "-0"},
                                       {"1e400", "1e400"},
                                       {"1E-99999999999", "1E-99999999999"}}) {
        told const alone{std::string{R"({"n":)"} + number + "}"};
        BOOST_TEST(shown(alone.json(), "n") == text);
        BOOST_TEST(brief(at(alone.json(), "n")) == text);
        BOOST_TEST(shown(alone.json()) == std::string{R"({"n":)"} + number + "}");
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_of_another_kind_is_refused) {
    told const answer{
        R"({"word":"w","yes":true,"n":7,"none":null,"half":0.5,"huge":12345678901234567890,"list":[1,2]})"};
    auto const& j = answer.json();
    BOOST_TEST(word(j, "word") == "w");
    BOOST_TEST(truth(j, "yes"));
    BOOST_TEST(number(j, "n") == 7);
    BOOST_TEST(number(j, "none") == 0);
    BOOST_TEST(list(j, "list").size() == 2U);
    for (auto const* name : {"half", "huge", "word", "yes", "list", "missing"}) {
        BOOST_CHECK_THROW(number(j, name), std::invalid_argument);
    }
    for (auto const* name : {"n", "none", "missing"}) {
        BOOST_CHECK_THROW(word(j, name), std::invalid_argument);
        BOOST_CHECK_THROW(truth(j, name), std::invalid_argument);
        BOOST_CHECK_THROW(list(j, name), std::invalid_argument);
    }
    BOOST_CHECK_THROW(at(told{"<html>"}.json(), "n"), std::invalid_argument);
    BOOST_CHECK_THROW(at(told{"[]"}.json(), "n"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
