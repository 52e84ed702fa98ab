// Lone surrogates and invalid UTF-8 do not cost the document.

#include "traitsync/core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace traitsync;
using json::parse_fault;

#define FFFD "\xef\xbf\xbd"

BOOST_AUTO_TEST_SUITE(json_repairs)

BOOST_AUTO_TEST_CASE(each_lone_surrogate_escape_becomes_one_replacement_character) {
    struct row {
        char const* source;
        char const* decoded;
        std::size_t replaced;
    };
    json::document d;
    for (auto const& [source, decoded, replaced] : {
             row{R"("\ud83d")", FFFD, 1},
             row{R"("\uDE00")", FFFD, 1},
             row{R"("\udc00\ud800")", FFFD FFFD, 2},
             row{R"("\ud800\ud800\udc00")", FFFD "\xf0\x90\x80\x80", 1},
             row{R"("\ud83d\ude00\ude00")", "\xf0\x9f\x98\x80" FFFD, 1},
             row{R"("a\ud83dz")", "a" FFFD "z", 1},
             row{R"("\ud83d\n")", FFFD "\n", 1},
             row{R"("\ud83d\u0041")", FFFD "A", 1},
             row{R"("\\ud83d \ud83d")", "\\ud83d " FFFD, 1},
             row{R"("\\\ud83d")", "\\" FFFD, 1},
             row{R"("\"\ud83d\"")", "\"" FFFD "\"", 1},
         }) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
            BOOST_TEST(d.root().text == decoded);
            BOOST_TEST(d.replaced_characters() == replaced);
            std::string const as_key = "{" + std::string{source} + ":1}";
            BOOST_TEST_REQUIRE((d.parse(as_key) == parse_fault::none));
            BOOST_TEST(d.root().members()[0].key == decoded);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_maximal_subpart_of_invalid_utf8_becomes_one_replacement_character) {
    struct row {
        std::string_view bytes;
        std::string_view decoded;
        std::size_t replaced;
    };
    json::document d;
    for (auto const& [bytes, decoded, replaced] : {
             row{"\x80", FFFD, 1},
             row{"\xff", FFFD, 1},
             row{"\xc3", FFFD, 1},
             row{"\xc3(", FFFD "(", 1},
             row{"\xc0\x80", FFFD FFFD, 2},                    // overlong
             row{"\xe0\x80\x80", FFFD FFFD FFFD, 3},           // overlong
             row{"\xf0\x80\x80\x80", FFFD FFFD FFFD FFFD, 4},  // overlong
             row{"\xed\xa0\x80", FFFD FFFD FFFD, 3},           // a surrogate
             row{"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, 4},  // beyond U+10FFFF
             row{"\xf5\x80", FFFD FFFD, 2},
             row{"\xe2\x82", FFFD, 1},  // cut off
             row{"\xf0\x9f\x98", FFFD, 1},
             row{"\xf0\x9f\x98z", FFFD "z", 1},
             row{"\xe2\x82\xe2\x82\xac", FFFD "\xe2\x82\xac", 1},
             row{"a\xf1\x80\x80\xe1\x80\xc2"
                 "b\x80"
                 "c\x80\xbf"
                 "d",
                 "a" FFFD FFFD FFFD "b" FFFD "c" FFFD FFFD "d", 6},
             row{"\xc2\xa2\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
                 "\xc2\xa2\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 0},
         }) {
        std::string const source = "\"" + std::string{bytes} + "\"";
        BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
        BOOST_TEST(d.root().text == decoded);
        BOOST_TEST(d.replaced_characters() == replaced);
        std::string const behind_an_escape = "[\"\\n" + std::string{bytes} + "\"]";
        BOOST_TEST_REQUIRE((d.parse(behind_an_escape) == parse_fault::none));
        BOOST_TEST(d.root().elements()[0].text == "\n" + std::string{decoded});
        BOOST_TEST(d.replaced_characters() == replaced);
    }
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_repaired_document_stays_as_it_was) {
    json::document d;
    std::string const source =
        "{\"a\":\"\\ud800\",\"n\":[1.0,1e999999999999,-0],\"u\":\"gr\xc3\xbc\\u00df\",\"b\":\"\xff\",\"a\":1}";
    BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
    BOOST_TEST(d.replaced_characters() == 2U);
    BOOST_TEST(d.duplicate_keys() == 1U);
    std::string out;
    json::append(out, d.root());
    BOOST_TEST(out == "{\"a\":1,\"n\":[1.0,1e999999999999,-0],\"u\":\"gr\xc3\xbc\xc3\x9f\",\"b\":\"" FFFD "\"}");
    BOOST_TEST_REQUIRE((d.parse("[1]") == parse_fault::none));
    BOOST_TEST(d.replaced_characters() == 0U);
}

BOOST_AUTO_TEST_CASE(repair_does_not_excuse_broken_syntax) {
    json::document d;
    for (auto const* source : {"[\"\\ud800\"", "{\"\xff\"}", "\"\\ud800\n\"", "\"\xff", "\"\xff\\", "\"\\ud800\\x\"",
                               "\"\\ud8\"", "\xff", "[\xff]", "\"\\ud800\" \xff"}) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST((d.parse(source) == parse_fault::syntax));
            BOOST_TEST(d.replaced_characters() == 0U);
            BOOST_TEST(d.root().is_null());
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_bytes_stand_in_a_string_the_result_is_valid_and_stable) {
    std::mt19937 random{3};
    json::document d;
    json::document again;
    for (int i = 0; i < 50'000; ++i) {
        std::string source = "[\"";
        for (auto n = random() % 24; n > 0; --n) {
            auto const byte = static_cast<unsigned char>(random() % 3 == 0 ? random() % 256 : 0x80 + random() % 128);
            if (byte >= 0x20 && byte != '"' && byte != '\\') source.push_back(static_cast<char>(byte));
            if (random() % 12 == 0) source += random() % 2 == 0 ? "\\ud83d" : "\\ude00";
        }
        source += "\",1e99999999999]";
        BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
        std::string written;
        json::append(written, d.root());
        BOOST_TEST_REQUIRE((again.parse(written) == parse_fault::none));
        BOOST_TEST_REQUIRE(again.replaced_characters() == 0U);
        BOOST_TEST_REQUIRE(again.root().elements()[0].text == d.root().elements()[0].text);
        BOOST_TEST_REQUIRE(d.root().elements()[1].text == "1e99999999999");
    }
}

BOOST_AUTO_TEST_SUITE_END()
