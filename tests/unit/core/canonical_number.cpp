#include "traitsync/core/canonical_number.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace traitsync;

namespace {

std::string canonical(std::string_view source) {
    std::string out;
    append_canonical_number(out, source);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(canonical_numbers)

BOOST_AUTO_TEST_CASE(equal_values_have_one_text) {
    struct row {
        char const* canonical;
        std::initializer_list<char const*> sources;
    };
    for (auto const& [text, sources] : {
             row{"1e0", {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000", "1E+0", "100e-2", "0.001e3", "1e-0"}},
             row{"-1e0", {"-1", "-1.0", "-10E-1", "-0.1e+1"}},
             row{"0", {"0", "-0", "0.0", "-0.0", "0e5", "-0e-5", "0.000e999999999999", "0E0"}},
             row{"12e1", {"120", "1.2e2", "120.0", "0.12e3", "1200e-1"}},
             row{"105e-1", {"10.5", "10.50", "1.05e1", "0.0105e3", "105e-1"}},
             row{"1e-4", {"0.0001", "1e-4", "0.00010", "100e-6"}},
             row{"12345678901234567890123456789e1",
                 {"123456789012345678901234567890", "123456789012345678901234567890.0",
                  "12345678901234567890123456789e1"}},
         }) {
        for (auto const* source : sources) BOOST_TEST_CONTEXT(source) {
                BOOST_TEST(canonical(source) == text);
            }
    }
}

BOOST_AUTO_TEST_CASE(neighbours_that_a_double_cannot_tell_apart_stay_apart) {
    BOOST_TEST(canonical("9007199254740993") == "9007199254740993e0");
    BOOST_TEST(canonical("9007199254740993") != canonical("9007199254740992"));
    BOOST_TEST(canonical("0.1") != canonical("0.1000000000000000055511151231257827"));
    BOOST_TEST(canonical("18446744073709551616") != canonical("18446744073709551615"));
    BOOST_TEST(canonical("1e400") == "1e400");
    BOOST_TEST(canonical("5e-324") == "5e-324");
    BOOST_TEST(canonical("1") != canonical("-1"));
}

BOOST_AUTO_TEST_CASE(a_huge_exponent_costs_nothing) {
    BOOST_TEST(canonical("1e999999999999") == "1e999999999999");
    BOOST_TEST(canonical("-1.50e-999999999999") == "-15e-1000000000000");
    auto const beyond = canonical("1e99999999999999999999999999999999");
    BOOST_TEST(beyond == "1e400000000000000000");
    BOOST_TEST(canonical("123.4E+88888888888888888888888888888888").size() < 30U);
    BOOST_TEST(canonical("1e-99999999999999999999999999999999") == "1e-400000000000000000");
    BOOST_TEST(canonical("1e0000000000000000000000000000000000000007") == "1e7");
}

BOOST_AUTO_TEST_CASE(thousands_of_digits_are_kept) {
    std::string const digits = std::string(4'999, '7') + "1";
    BOOST_TEST(canonical(digits) == digits + "e0");
    BOOST_TEST(canonical(digits + ".0") == digits + "e0");
    BOOST_TEST(canonical("0." + digits) == digits + "e-5000");
    BOOST_TEST(canonical("1" + std::string(5'000, '0')) == "1e5000");
}

BOOST_AUTO_TEST_CASE(moving_the_point_against_the_exponent_never_changes_the_text) {
    std::mt19937_64 random{7};
    for (int i = 0; i < 5'000; ++i) {
        std::string digits = std::to_string(random() >> random() % 64);
        auto const point = 1 + random() % digits.size();
        auto const shift = static_cast<long>(random() % 600) - 300;
        std::string const plain = digits + "e" + std::to_string(shift);
        std::string whole = digits.substr(0, point);
        if (whole.size() > 1 && whole[0] == '0') continue;
        std::string const moved = whole + "." + digits.substr(point) + "00e" +
                                  std::to_string(shift + static_cast<long>(digits.size() - point));
        BOOST_TEST_CONTEXT(plain << " " << moved) { BOOST_TEST_REQUIRE(canonical(plain) == canonical(moved)); }
        BOOST_TEST_REQUIRE(canonical(canonical(plain)) == canonical(plain));
    }
}

BOOST_AUTO_TEST_CASE(it_appends_behind_what_is_there) {
    std::string out = "x:";
    append_canonical_number(out, "2.50");
    BOOST_TEST(out == "x:25e-1");
}

BOOST_AUTO_TEST_CASE(the_shortest_text_is_that_of_people_and_of_other_programs) {
    struct row {
        char const* source;
        char const* shortest;
    };
    for (auto const& [source, shortest] :
         {row{"3.50", "3.5"}, row{"35e-1", "3.5"}, row{"-0.5e0", "-0.5"}, row{"100.0", "100"}, row{"-0.0", "0"},
          row{"1e20", "100000000000000000000"}, row{"1e21", "1e+21"},
          row{"123456789012345678901.5e1", "1.234567890123456789015e+21"},
          row{"12345678901234567890.5", "12345678901234567890.5"}, row{"0.000001", "0.000001"},
          row{"0.0000001", "1e-7"}, row{"0.00000012", "1.2e-7"}, row{"-1.50e300", "-1.5e+300"},
          row{"5E-324", "5e-324"}}) {
        std::string out = "<";
        append_shortest_number(out, source);
        BOOST_TEST(out == std::string{"<"} + shortest, source);
    }
    for (auto const* huge :
         {"-12.50e161685474567890123456367890123453", "1.5e-400000000000000000", "7.25e300000000000000000"}) {
        std::string shortest;
        append_shortest_number(shortest, huge);
        BOOST_TEST(canonical(shortest) == canonical(huge));
    }
    std::mt19937_64 random{11};
    for (int i = 0; i < 5'000; ++i) {
        auto const shift = static_cast<long>(random() % 60) - 30;
        auto const source = std::to_string(random() >> random() % 64) + "e" + std::to_string(shift);
        std::string shortest;
        append_shortest_number(shortest, source);
        BOOST_TEST_REQUIRE(canonical(shortest) == canonical(source));
    }
}

BOOST_AUTO_TEST_CASE(integral_values_are_written_as_plain_digits) {
    struct row {
        char const* source;
        char const* digits;  // null: not integral
    };
    for (auto const& [source, digits] :
         {row{"17", "17"}, row{"17.0", "17"}, row{"1e3", "1000"}, row{"-1.5e1", "-15"}, row{"-0", "0"}, row{"0e9", "0"},
          row{"9007199254740993", "9007199254740993"}, row{"1.5", nullptr}, row{"1e-1", nullptr}, row{"1e101", nullptr},
          row{"1e999999999999", nullptr}, row{"123456789012345678901234567890", "123456789012345678901234567890"}}) {
        std::string out = "<";
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(append_plain_integer(out, source) == (digits != nullptr));
            BOOST_TEST(out == std::string{"<"} + (digits != nullptr ? digits : ""));
        }
    }
    std::string const long_literal = "1" + std::string(300, '0');
    std::string out;
    BOOST_TEST(append_plain_integer(out, long_literal));
    BOOST_TEST(out == long_literal);
}

BOOST_AUTO_TEST_CASE(a_number_that_overflows_a_double_is_recognised) {
    for (auto const* source : {"1e309", "-1e309", "1e400", "1.8e308", "1.7976931348623159e308",
                               "1E+99999999999999999999", "0.0000001e316", "123456e305"}) {
        BOOST_TEST_CONTEXT(source) { BOOST_TEST(is_beyond_double(source)); }
    }
    BOOST_TEST(is_beyond_double("1" + std::string(309, '0')));
    BOOST_TEST(is_beyond_double("-9" + std::string(5'000, '9') + ".5"));
}

BOOST_AUTO_TEST_CASE(small_numbers_zeros_and_the_largest_double_are_within) {
    for (auto const* source : {"0", "1", "-1.5", "1e308", "1.7976931348623157e308", "-1.7976931348623157E+308",
                               "5e-324", "1e-400", "1e-99999999999999999999", "0e999", "0e99999999999999999999999",
                               "-0.0e400", "0.000000000000000001e320", "100000e-99999"}) {
        BOOST_TEST_CONTEXT(source) { BOOST_TEST(!is_beyond_double(source)); }
    }
    BOOST_TEST(!is_beyond_double("1" + std::string(308, '0')));
    BOOST_TEST(!is_beyond_double("0." + std::string(5'000, '0') + "1"));
    BOOST_TEST(!is_beyond_double("1" + std::string(400, '0') + "e-200"));
}

BOOST_AUTO_TEST_CASE(integers_above_what_a_double_counts_are_recognised) {
    for (auto const* source : {"9007199254740992", "-9007199254740992", "9007199254740993", "18446744073709551615",
                               "123456789012345678901234567890"}) {
        BOOST_TEST_CONTEXT(source) { BOOST_TEST(is_integer_beyond_2_53(source)); }
    }
    for (auto const* source :
         {"0", "-0", "9007199254740991", "-9007199254740991", "1e300", "9007199254740993.0", "9007199254740993e0"}) {
        BOOST_TEST_CONTEXT(source) { BOOST_TEST(!is_integer_beyond_2_53(source)); }
    }
}

BOOST_AUTO_TEST_CASE(minus_zero_is_recognised_in_every_spelling) {
    for (auto const* source : {"-0", "-0.0", "-0e5", "-0.000E-7"}) BOOST_TEST(is_minus_zero(source));
    for (auto const* source : {"0", "0.0", "-1", "-0.1", "-1e-400"}) BOOST_TEST(!is_minus_zero(source));
}

BOOST_AUTO_TEST_SUITE_END()
