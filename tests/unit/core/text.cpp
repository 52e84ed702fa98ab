#include "traitsync/core/text.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace traitsync {
namespace {

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(words_are_the_same_but_for_the_case_of_ascii_letters) {
    BOOST_TEST(same_word("Content-Length", "content-lENGTH"));
    BOOST_TEST(!same_word("Host", "Hosts"));
    BOOST_TEST(!same_word("@[", "`{"));  // 32 apart, as the letters are
    BOOST_TEST(ascii_lowered("AZaz09 \xc3\x84") == "azaz09 \xc3\x84");
}

BOOST_AUTO_TEST_CASE(blanks_and_tabs_at_both_ends_are_trimmed_and_others_stay) {
    BOOST_TEST(trimmed(" \ta b\t ") == "a b");
    BOOST_TEST(trimmed("a\n") == "a\n");
    BOOST_TEST(trimmed(" \t ").empty());
    BOOST_TEST(trimmed("").empty());
}

BOOST_AUTO_TEST_CASE(the_first_and_last_characters_of_each_length_are_utf8) {
    for (std::string_view const good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        BOOST_TEST(is_utf8(good), good);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_character_tells_how_many_bytes_one_replacement_stands_for) {
    struct row {
        std::string_view text;
        std::size_t length;
    };
    constexpr std::array<row, 12> rows{{{"\x80", 1},
                                        {"\xc0\x80", 1},
                                        {"\xc1\xbf", 1},
                                        {"\xc2", 1},
                                        {"\xe0\x9f\xbf", 1},
                                        {"\xe2\x82", 2},
                                        {"\xed\xa0\x80", 1},
                                        {"\xf0\x8f\xbf\xbf", 1},
                                        {"\xf0\x9f\x98", 3},
                                        {"\xf4\x90\x80\x80", 1},
                                        {"\xf5\x80\x80\x80", 1},
                                        {"\xff", 1}}};
    for (auto const& r : rows) {
        auto const c = utf8_at(r.text, 0);
        BOOST_TEST(!c.valid);
        BOOST_TEST(c.length == r.length);
        BOOST_TEST(!is_utf8(r.text));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace traitsync
