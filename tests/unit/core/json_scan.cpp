// Finding the end of a value by its structure.

#include "samples.hpp"
#include "traitsync/core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace traitsync;

namespace {

constexpr auto npos = std::string_view::npos;

// The value found, or "none".
std::string found(std::string_view text, std::size_t pos = 0) {
    auto const end = json::skip_value(text, pos);
    return end == npos ? "none" : std::string{text.substr(pos, end - pos)};
}

// The slow and obvious way. A backslash outside a string, which is no JSON, also keeps a quote from counting.
std::size_t plain_end(std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) {
            ++i;
            continue;
        }
        if (c == '"') in_string = !in_string;
        if (in_string) continue;
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_structure)

BOOST_AUTO_TEST_CASE(a_value_ends_where_its_structure_ends) {
    struct row {
        char const* text;
        char const* value;
    };
    for (auto const& [text, value] : {
             row{"1", "1"},
             row{"-1.5e3,", "-1.5e3"},
             row{" \t\r\n true ]", "true"},
             row{"null}", "null"},
             row{"false:", "false"},
             row{R"("a" : 1)", R"("a")"},
             row{R"("a\"b\\" ,)", R"("a\"b\\")"},
             row{R"("")", R"("")"},
             row{"[]x", "[]"},
             row{"{} {}", "{}"},
             row{R"({"a":[{"b":"}]"}]}])", R"({"a":[{"b":"}]"}]})"},
             row{R"(["\\",["\"]"]],)", R"(["\\",["\"]"]])"},
             row{R"([1 2 "x" :])", R"([1 2 "x" :])"},
             row{"", "none"},
             row{"   ", "none"},
             row{",1", "none"},
             row{"]", "none"},
             row{":", "none"},
             row{"[", "none"},
             row{"{\"a\":1", "none"},
             row{"[\"]", "none"},
             row{"\"", "none"},
             row{"\"a\\", "none"},
             row{"\"a\\\"", "none"},
         }) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(found(text) == value); }
    }
}

BOOST_AUTO_TEST_CASE(it_begins_where_it_is_told_and_says_where_the_value_begins) {
    std::string_view const text = R"({"a":  [1,2] , "b":3})";
    std::size_t pos = 5;
    BOOST_TEST(json::skip_value(text, pos) == 12U);
    BOOST_TEST(pos == 7U);
    pos = text.size();
    BOOST_TEST(json::skip_value(text, pos) == npos);
}

BOOST_AUTO_TEST_CASE(depth_costs_no_stack) {
    std::string const deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    std::size_t pos = 0;
    BOOST_TEST(json::skip_value(deep, pos) == deep.size());
    BOOST_TEST(json::skip_value(std::string_view{deep}.substr(1), pos) == deep.size() - 2);
    BOOST_TEST(found(std::string_view{deep}.substr(0, deep.size() - 1)) == "none");
}

BOOST_AUTO_TEST_CASE(escapes_and_quotes_count_across_every_block_border) {
    for (std::size_t lead = 0; lead < 140; ++lead) {
        for (std::size_t backslashes = 0; backslashes < 6; ++backslashes) {
            std::string text = "[" + std::string(lead, ' ') + "\"" + std::string(backslashes, '\\');
            if (backslashes % 2 == 1) text += "\"";
            text += "]\",{}]";
            auto const size = text.size();
            text += "]]]\"";
            std::size_t pos = 0;
            BOOST_TEST_REQUIRE(json::skip_value(text, pos) == size);
        }
    }
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_plain_way_on_random_texts) {
    std::mt19937 random{11};
    std::string_view const bytes = "[]{}\"\"\\\\ ,:a\xc3\x01";
    int closed = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text = random() % 2 == 0 ? "[" : "{";
        for (auto n = random() % 200; n > 0; --n) text.push_back(bytes[random() % bytes.size()]);
        std::size_t pos = 0;
        auto const expected = plain_end(text);
        BOOST_TEST_REQUIRE(json::skip_value(text, pos) == expected);
        closed += expected == npos ? 0 : 1;
    }
    BOOST_TEST(closed > 10'000);
}

BOOST_AUTO_TEST_CASE(every_sample_is_one_value) {
    for (auto const* name : {"01-user-full", "08-user-unicode", "09-user-large-metadata", "20-bad-lone-surrogate",
                             "33-search-users-total-object"}) {
        auto const text = test::sample(std::string{"moesif/"} + name + ".json");
        std::size_t pos = 0;
        auto const end = json::skip_value(text, pos);
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST_REQUIRE(end != npos);
            BOOST_TEST(text.find_first_not_of(" \n", end) == npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(only_whole_numbers_of_json_are_numbers) {
    for (auto const* token : {"0", "-0", "12", "1.5", "-0.0e+17", "1E5", "1e999999999999"})
        BOOST_TEST(json::is_number(token));
    BOOST_TEST(json::is_number(std::string(5'000, '3')));
    for (auto const* token :
         {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1 ", " 1", "0x1", "NaN", "Infinity", "1.5.2", "--1"}) {
        BOOST_TEST_CONTEXT(token) { BOOST_TEST(!json::is_number(token)); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
