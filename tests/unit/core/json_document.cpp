#include "samples.hpp"
#include "traitsync/core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace traitsync;
using json::kind;
using json::parse_fault;

namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string_view text_at(json::value const& v, std::string_view key) {
    auto const* found = v.find(key);
    BOOST_TEST_REQUIRE(found != nullptr);
    return found->text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_documents)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read) {
    json::document d;
    BOOST_TEST_REQUIRE(
        (d.parse(R"({"n":null,"t":true,"f":false,"i":-17,"s":"text","a":[1,"x",[],{}],"o":{"k":"v"}})") ==
         parse_fault::none));
    auto const& root = d.root();
    BOOST_TEST(root.is_object());
    BOOST_TEST(root.members().size() == 7U);
    BOOST_TEST(root.find("n")->is_null());
    BOOST_TEST(root.find("t")->boolean);
    BOOST_TEST(!root.find("f")->boolean);
    BOOST_TEST((root.find("f")->type == kind::boolean));
    BOOST_TEST(root.find("i")->is_number());
    BOOST_TEST(root.find("i")->text == "-17");
    BOOST_TEST(root.find("s")->is_string());
    BOOST_TEST(root.find("s")->text == "text");
    auto const elements = root.find("a")->elements();
    BOOST_TEST_REQUIRE(elements.size() == 4U);
    BOOST_TEST(elements[0].text == "1");
    BOOST_TEST(elements[1].text == "x");
    BOOST_TEST(elements[2].is_array());
    BOOST_TEST(elements[3].is_object());
    BOOST_TEST(root.find("o")->find("k")->text == "v");
    BOOST_TEST(root.find("missing") == nullptr);
    BOOST_TEST(elements[0].find("k") == nullptr);
    BOOST_TEST(elements[0].members().empty());
    BOOST_TEST(root.elements().empty());
}

BOOST_AUTO_TEST_CASE(members_stand_in_source_order) {
    json::document d;
    BOOST_TEST_REQUIRE((d.parse(R"({"z":1,"a":2,"m":3})") == parse_fault::none));
    std::string order;
    for (auto const& m : d.root().members()) order += m.key;
    BOOST_TEST(order == "zam");
}

BOOST_AUTO_TEST_CASE(a_scalar_alone_is_a_document) {
    json::document d;
    for (auto const* text : {"null", " true ", "17", "-0.5e-3", "\"x\"", "[]", "\n{}\t"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST((d.parse(text) == parse_fault::none)); }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_one_json_value_is_a_syntax_fault) {
    json::document d;
    for (auto const* text : {"",
                             " ",
                             "{",
                             "}",
                             "[1,]",
                             "[,1]",
                             "[1 2]",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{a:1}",
                             "{'a':1}",
                             "[1]]",
                             "1 2",
                             "{} x",
                             "tru",
                             "nul",
                             "falsee",
                             "01",
                             "1.",
                             ".5",
                             "+1",
                             "1e",
                             "0x10",
                             "NaN",
                             "Infinity",
                             "-",
                             "\"",
                             "\"a",
                             "\"\\x\"",
                             "\"\\u12\"",
                             "\"\\u12g4\"",
                             "\"a\nb\"",
                             "\"a\tb\"",
                             "\"\x01\"",
                             "// c\n1",
                             "/*c*/1",
                             "[1}",
                             "\xc3\xbc",
                             "\"a\" \"b\"",
                             "{\"a\":1 \"b\":2}",
                             "[\"\\ud800\" 1]",
                             "\xef\xbb",
                             "\x00"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST((d.parse(text) == parse_fault::syntax));
            BOOST_TEST(d.root().is_null());
        }
    }
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_document_is_a_syntax_fault) {
    json::document d;
    auto text = test::sample("moesif/01-user-full.json");
    text.resize(text.find_last_of('}') + 1);
    for (std::size_t size = 0; size < text.size(); ++size) {
        BOOST_TEST_REQUIRE((d.parse(std::string_view{text}.substr(0, size)) == parse_fault::syntax));
    }
    BOOST_TEST((d.parse(text) == parse_fault::none));
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_source_text) {
    json::document d;
    std::string const long_number(5'000, '7');
    for (std::string const& source :
         {std::string{"0"}, std::string{"-0"}, std::string{"1.0"}, std::string{"1e400"}, std::string{"-1E+400"},
          std::string{"5e-324"}, std::string{"9223372036854775807"}, std::string{"18446744073709551616"},
          std::string{"-9223372036854775809"}, std::string{"0.10000000000000000000000000000001"}, long_number,
          "-" + long_number + "." + long_number + "e-77", std::string{"1e999999999999"},
          std::string{"-2.5E-99999999999"}, std::string{"1e2147483647"}, std::string{"1e2147483648"},
          std::string{"1.5e-2147483649"}, std::string{"1e0000000000000000000001"}}) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
            BOOST_TEST(d.root().is_number());
            BOOST_TEST(d.root().text == source);
            std::string const inside = "{\"a\":[" + source + ",1," + source + "],\"b\":" + source + "}";
            BOOST_TEST_REQUIRE((d.parse(inside) == parse_fault::none));
            BOOST_TEST(d.root().find("a")->elements()[2].text == source);
            BOOST_TEST(d.root().find("a")->elements()[1].text == "1");
            BOOST_TEST(d.root().find("b")->text == source);
            BOOST_TEST(d.replaced_characters() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_huge_exponent_does_not_excuse_a_broken_number) {
    json::document d;
    for (auto const* text :
         {"1e99999999999.5", "01e99999999999", "[1e99999999999,]", "1.e99999999999", "--1e99999999999"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST((d.parse(text) == parse_fault::syntax)); }
    }
}

BOOST_AUTO_TEST_CASE(strings_are_decoded) {
    struct row {
        std::string_view source;
        std::string_view decoded;
    };
    json::document d;
    for (auto const& [source, decoded] : {
             row{R"("")", ""},
             row{R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
             row{R"("\u0041\u00e9\u20ac")", "A\xc3\xa9\xe2\x82\xac"},
             row{R"("\uD83D\ude00")", "\xf0\x9f\x98\x80"},
             row{R"("a\u0000b")", std::string_view{"a\0b", 3}},
             row{R"("ends in an escape\n")", "ends in an escape\n"},
             row{R"("\nbegins with one")", "\nbegins with one"},
             row{"\"\xf0\x9f\x98\x80 raw \x7f\"", "\xf0\x9f\x98\x80 raw \x7f"},
             row{R"("\udbff\udfff\uffff")", "\xf4\x8f\xbf\xbf\xef\xbf\xbf"},
         }) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
            BOOST_TEST(d.root().text == decoded);
            std::string const as_key = "{" + std::string{source} + ":" + std::string{source} + "}";
            BOOST_TEST_REQUIRE((d.parse(as_key) == parse_fault::none));
            BOOST_TEST(d.root().members()[0].key == decoded);
            BOOST_TEST(d.root().members()[0].val.text == decoded);
        }
    }
}

BOOST_AUTO_TEST_CASE(long_strings_with_escapes_come_together_again) {
    json::document d;
    for (std::size_t const size : {1U, 100U, 4'090U, 4'095U, 4'096U, 4'097U, 8'192U, 100'000U}) {
        for (char const* const escape : {"\\n", "\\u20ac", "\\ud83d\\ude00", "\xe2\x82\xac\\t"}) {
            std::string source = "[\"";
            for (int i = 0; i < 3; ++i) source += std::string(size, static_cast<char>('a' + i)) + escape;
            source += "\",\"next\"]";
            BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
            auto const elements = d.root().elements();
            std::string again;
            json::append(again, d.root());
            json::document other;
            BOOST_TEST_REQUIRE((other.parse(again) == parse_fault::none));
            BOOST_TEST(other.root().elements()[0].text == elements[0].text);
            BOOST_TEST(elements[0].text.substr(0, size) == std::string(size, 'a'));
            BOOST_TEST(elements[0].text.find(std::string(size, 'c')) != std::string_view::npos);
            BOOST_TEST(elements[1].text == "next");
        }
    }
}

BOOST_AUTO_TEST_CASE(strings_without_escapes_are_not_copied) {
    json::document d;
    std::string const source = R"({"key":"value","other":17})";
    BOOST_TEST_REQUIRE((d.parse(source) == parse_fault::none));
    auto const inside = [&](std::string_view s) {
        return s.data() >= source.data() && s.data() < source.data() + source.size();
    };
    for (auto const& m : d.root().members()) {
        BOOST_TEST(inside(m.key));
        BOOST_TEST(inside(m.val.text));
    }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_in_front_is_skipped_and_only_there) {
    json::document d;
    BOOST_TEST((d.parse("\xef\xbb\xbf{\"a\":1}") == parse_fault::none));
    BOOST_TEST(d.root().find("a") != nullptr);
    BOOST_TEST((d.parse("\xef\xbb\xbf") == parse_fault::syntax));
    BOOST_TEST((d.parse("[\xef\xbb\xbf]") == parse_fault::syntax));
    BOOST_TEST((d.parse("\xef\xbb\xbf\xef\xbb\xbf[]") == parse_fault::syntax));
}

BOOST_AUTO_TEST_CASE(nesting_is_allowed_to_64_levels_and_refused_beyond) {
    json::document d;
    BOOST_TEST((d.parse(nested(64)) == parse_fault::none));
    BOOST_TEST((d.parse(nested(65)) == parse_fault::too_deep));
    BOOST_TEST(d.root().is_null());
    BOOST_TEST((d.parse(nested(1'000'000)) == parse_fault::too_deep));
    BOOST_TEST((d.parse("{\"a\":" + nested(63) + ",\"b\":" + nested(63) + "}") == parse_fault::none));
    BOOST_TEST((d.parse("{\"a\":" + nested(64) + "}") == parse_fault::too_deep));
    BOOST_TEST((d.parse("[\"\\ud800\"," + nested(64) + "]") == parse_fault::too_deep));
    BOOST_TEST((d.parse("[1,2]") == parse_fault::none));
}

BOOST_AUTO_TEST_CASE(a_document_may_be_asked_to_allow_more_or_fewer_levels) {
    json::document answer{68};
    BOOST_TEST((answer.parse(nested(68)) == parse_fault::none));
    BOOST_TEST((answer.parse(nested(69)) == parse_fault::too_deep));
    BOOST_TEST((answer.parse(nested(68)) == parse_fault::none));
    json::document flat{1};
    BOOST_TEST((flat.parse(nested(1)) == parse_fault::none));
    BOOST_TEST((flat.parse(nested(2)) == parse_fault::too_deep));
}

BOOST_AUTO_TEST_CASE(of_duplicate_keys_the_last_value_wins_at_the_first_place) {
    json::document d;
    BOOST_TEST_REQUIRE((d.parse(R"({"a":1,"b":2,"a":3,"\u0061":4,"c":{"x":1,"x":2}})") == parse_fault::none));
    BOOST_TEST(d.duplicate_keys() == 3U);
    std::string out;
    json::append(out, d.root());
    BOOST_TEST(out == R"({"a":4,"b":2,"c":{"x":2}})");
    BOOST_TEST_REQUIRE((d.parse(R"({"a":1})") == parse_fault::none));
    BOOST_TEST(d.duplicate_keys() == 0U);
}

BOOST_AUTO_TEST_CASE(duplicates_are_found_in_objects_of_every_size) {
    json::document d;
    for (std::size_t const size : {2U, 3U, 15U, 16U, 17U, 63U, 64U, 65U, 66U, 300U, 5'000U}) {
        std::string text = "{";
        for (std::size_t i = 0; i < size; ++i)
            text += "\"key" + std::to_string(i % (size - 1)) + "\":" + std::to_string(i) + ",";
        text.back() = '}';
        BOOST_TEST_CONTEXT(size) {
            BOOST_TEST_REQUIRE((d.parse(text) == parse_fault::none));
            BOOST_TEST(d.duplicate_keys() == 1U);
            BOOST_TEST(d.root().members().size() == size - 1);
            BOOST_TEST(d.root().members()[0].key == "key0");
            BOOST_TEST(d.root().members()[0].val.text == std::to_string(size - 1));
            if (size > 2) BOOST_TEST(d.root().members()[1].val.text == "1");
        }
    }
}

BOOST_AUTO_TEST_CASE(many_members_cost_no_more_than_their_number) {
    // Comparing each with each would be 10^10 comparisons here.
    std::string distinct = "{";
    std::string equal = "{";
    for (int i = 0; i < 100'000; ++i) {
        distinct += "\"k" + std::to_string(i * 7919 % 100'003) + "\":1,";
        equal += "\"k\":" + std::to_string(i) + ",";
    }
    distinct.back() = equal.back() = '}';
    json::document d;
    auto const begin = std::chrono::steady_clock::now();
    BOOST_TEST_REQUIRE((d.parse(distinct) == parse_fault::none));
    BOOST_TEST(d.duplicate_keys() == 0U);
    BOOST_TEST(d.root().members().size() == 100'000U);
    BOOST_TEST_REQUIRE((d.parse(equal) == parse_fault::none));
    BOOST_TEST(d.duplicate_keys() == 99'999U);
    BOOST_TEST(text_at(d.root(), "k") == "99999");
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{20}));
}

BOOST_AUTO_TEST_CASE(a_document_is_reused_for_texts_of_every_size) {
    json::document d;
    std::string const large = "[" + std::string(3'000'000, ' ') + "[\"\\n" + std::string(2'000'000, 'x') + "\"" + [] {
        std::string many;
        for (int i = 0; i < 200'000; ++i) many += ",{\"a\":1}";
        return many;
    }() + "]]";
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST_REQUIRE((d.parse(large) == parse_fault::none));
        BOOST_TEST(d.root().elements()[0].elements().size() == 200'001U);
        BOOST_TEST_REQUIRE((d.parse("{\"a\":[") == parse_fault::syntax));
        BOOST_TEST_REQUIRE((d.parse("{\"a\":\"\\t\"}") == parse_fault::none));
        BOOST_TEST(text_at(d.root(), "a") == "\t");
    }
}

BOOST_AUTO_TEST_CASE(the_samples_are_read_as_their_page_describes_them) {
    json::document d;
    auto const numbers = test::sample("moesif/10-user-number-limits.json");
    BOOST_TEST_REQUIRE((d.parse(numbers) == parse_fault::none));
    std::string out;
    json::append(out, d.root());
    BOOST_TEST(out.find("1e400") != std::string::npos);

    BOOST_TEST_REQUIRE((d.parse(test::sample("moesif/19-bad-duplicate-keys.json")) == parse_fault::none));
    BOOST_TEST(d.duplicate_keys() == 2U);

    BOOST_TEST_REQUIRE((d.parse(test::sample("moesif/08-user-unicode.json")) == parse_fault::none));
    BOOST_TEST(d.replaced_characters() == 0U);

    auto const surrogates = test::sample("moesif/20-bad-lone-surrogate.json");
    BOOST_TEST_REQUIRE((d.parse(surrogates) == parse_fault::none));
    BOOST_TEST(d.replaced_characters() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
