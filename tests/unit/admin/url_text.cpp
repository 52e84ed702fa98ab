#include "../../../src/admin/url_text.hpp"

#include <boost/test/unit_test.hpp>

namespace {
using namespace traitsync::admin;
}

BOOST_AUTO_TEST_SUITE(url_text)

BOOST_AUTO_TEST_CASE(percent_escapes_are_decoded_once_and_broken_ones_refused) {
    BOOST_TEST(percent_decoded("a%2Fb%20c", false).value() == "a/b c");
    BOOST_TEST(percent_decoded("%252F", false).value() == "%2F");
    BOOST_TEST(percent_decoded("a+b", true).value() == "a b");
    BOOST_TEST(percent_decoded("a+b", false).value() == "a+b");
    for (auto const* broken : {"%", "%2", "%zz", "a%2"}) BOOST_TEST(!percent_decoded(broken, false), broken);
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_refused) {
    BOOST_TEST(percent_decoded("%C3%A9", false).value() == "é");
    BOOST_TEST(percent_decoded("%F0%9F%98%80", false).has_value());
    for (auto const* broken :
         {"%C3", "%FF", "%C0%80", "%E0%80%80", "%ED%A0%80", "%F4%90%80%80", "%F0%80%80%80", "%80"}) {
        BOOST_TEST(!percent_decoded(broken, false), broken);
    }
}

BOOST_AUTO_TEST_CASE(a_segment_survives_encoding_and_decoding) {
    std::string every;
    for (char c = 1; c < 127; ++c) every += c;
    every += "é漢😀";
    auto const encoded = percent_encoded(every);
    BOOST_TEST(encoded.find_first_of("/?#+ \"") == std::string::npos);
    BOOST_TEST(percent_decoded(encoded, false).value() == every);
}

BOOST_AUTO_TEST_CASE(a_path_is_split_before_it_is_decoded) {
    BOOST_TEST(path_segments("/").empty());
    BOOST_TEST(path_segments("/v1/profiles/a%2Fb").size() == 3U);
    BOOST_TEST(path_segments("/v1/").size() == 2U);
    BOOST_TEST(path_segments("/v1/").back().empty());
}

BOOST_AUTO_TEST_CASE(a_query_names_each_value_once) {
    auto const t = parse_target("/v1/profiles?q=a%26b&state=&limit=5");
    BOOST_REQUIRE(t.has_value());
    BOOST_TEST(t->path == "/v1/profiles");
    BOOST_TEST(t->query.at("q") == "a&b");
    BOOST_TEST(t->query.at("state").empty());
    BOOST_TEST(!parse_target("/x?a=1&a=2"));
    BOOST_TEST(!parse_target("http://x/"));
    BOOST_TEST(!parse_target("/x?a=%zz"));
}

BOOST_AUTO_TEST_CASE(a_cursor_gives_back_its_parts_and_nothing_else_is_one) {
    std::vector<std::string> const parts{"i", "odd \x01 key é", "42"};
    auto const text = cursor_of(parts);
    BOOST_TEST(text.find_first_not_of("0123456789abcdef.") == std::string::npos);
    BOOST_TEST(parse_cursor(text, 3).value() == parts, boost::test_tools::per_element());
    BOOST_TEST(!parse_cursor(text, 2));
    BOOST_TEST(!parse_cursor("zz", 1));
    BOOST_TEST(!parse_cursor("123", 1));
}

BOOST_AUTO_TEST_CASE(any_texts_can_be_a_place_empty_and_long_ones_and_those_with_control_characters) {
    for (auto const& parts : std::vector<std::vector<std::string>>{{"", "x"},
                                                                   {"i",
                                                                    "a\x1f"
                                                                    "b",
                                                                    "42"},
                                                                   {"i", "a.b", ""},
                                                                   {std::string(3000, 'k'), "1"},
                                                                   {"\xff\x80", ""}}) {
        BOOST_TEST(parse_cursor(cursor_of(parts), parts.size()).value() == parts, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
