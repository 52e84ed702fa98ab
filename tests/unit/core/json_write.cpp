#include "samples.hpp"
#include "traitsync/core/json.hpp"

#include <boost/test/unit_test.hpp>

using namespace traitsync;

namespace {

std::string quoted(std::string_view s) {
    std::string out;
    json::append_quoted(out, s);
    return out;
}

std::string rewritten(std::string_view text) {
    json::document d;
    BOOST_TEST_REQUIRE((d.parse(text) == json::parse_fault::none));
    std::string out;
    json::append(out, d.root());
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_writing)

BOOST_AUTO_TEST_CASE(only_what_must_be_escaped_is_escaped) {
    BOOST_TEST(quoted("") == "\"\"");
    BOOST_TEST(quoted("plain / text 'x' \x7f") == "\"plain / text 'x' \x7f\"");
    BOOST_TEST(quoted("a\"b\\c") == R"("a\"b\\c")");
    BOOST_TEST(quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    BOOST_TEST(quoted(std::string_view{"\0\x01\x1f", 3}) == R"("\u0000\u0001\u001f")");
    BOOST_TEST(quoted("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80 \xe2\x80\xa8") ==
               "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80 \xe2\x80\xa8\"");
}

BOOST_AUTO_TEST_CASE(escapes_are_found_at_every_place_of_a_long_text) {
    for (std::size_t size = 1; size < 70; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::string text(size, 'x');
            text[at] = '\n';
            BOOST_TEST_REQUIRE(quoted(text) ==
                               "\"" + std::string(at, 'x') + "\\n" + std::string(size - at - 1, 'x') + "\"");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_document_is_written_compact_in_source_order_with_its_numbers_as_they_stood) {
    BOOST_TEST(
        rewritten(
            " { \"b\" : [ 1.0 , -0, 1E400 ] ,\n\"a\" : { } , \"c\" : [ ] , \"d\" : null, \"e\":true,\"f\":false } ") ==
        R"({"b":[1.0,-0,1E400],"a":{},"c":[],"d":null,"e":true,"f":false})");
    BOOST_TEST(rewritten(R"("\u0041\/\ud83d\ude00\u0000")") == "\"A/\xf0\x9f\x98\x80\\u0000\"");
}

BOOST_AUTO_TEST_CASE(what_was_written_reads_the_same_again) {
    for (auto const* name : {"01-user-full", "08-user-unicode", "09-user-large-metadata", "10-user-number-limits",
                             "19-bad-duplicate-keys", "20-bad-lone-surrogate", "36-search-companies-page"}) {
        auto const once = rewritten(test::sample(std::string{"moesif/"} + name + ".json"));
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(rewritten(once) == once); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
