#include "traitsync/core/text_start.hpp"

#include <boost/test/unit_test.hpp>

using traitsync::text_start;

BOOST_AUTO_TEST_SUITE(start_of_text)

BOOST_AUTO_TEST_CASE(no_character_is_cut_in_halves) {
    std::string_view const text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";  // of 1, 2, 3, 4 and 1 bytes
    std::size_t const whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (std::size_t most = 0; most < std::size(whole); ++most) {
        BOOST_TEST(text_start(text, most).size() == whole[most], most);
        BOOST_TEST(text.starts_with(text_start(text, most)));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_text_comes_to_an_end_too) {
    BOOST_TEST(text_start("\x80\x80\x80\x80", 3).empty());
    BOOST_TEST(text_start("", 3).empty());
}

BOOST_AUTO_TEST_SUITE_END()
