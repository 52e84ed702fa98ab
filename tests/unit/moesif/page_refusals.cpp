// Answers that are not the documented form, and what is said about them.

#include "answers.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace traitsync;
using namespace traitsync::test;
using moesif::split_page;

BOOST_AUTO_TEST_SUITE(refused_pages)

BOOST_AUTO_TEST_CASE(every_truncation_of_a_page_is_refused) {
    auto body = sample("33-search-users-total-object");
    body.resize(body.find_last_of('}') + 1);
    BOOST_TEST_REQUIRE(split_page(body).has_value());
    for (std::size_t size = 0; size < body.size(); ++size) {
        auto const page = split_page(std::string_view{body}.substr(0, size));
        BOOST_TEST_REQUIRE(page.has_error());
        BOOST_TEST_REQUIRE((page.error().kind == fault::unavailable));
    }
}

BOOST_AUTO_TEST_CASE(garbage_between_the_values_of_the_envelope_is_noticed) {
    for (auto const* body : {R"({"took":1 "hits":{"hits":[]}})",
                             R"({"took" 1,"hits":{"hits":[]}})",
                             R"({"hits":{"hits":[]},})",
                             R"({,"hits":{"hits":[]}})",
                             R"({"hits":{"hits":[]}} x)",
                             R"({"hits":{"hits":[]}}{})",
                             R"({"hits":{"hits":[]}}])",
                             R"({"hits":{"hits":[] "total":1}})",
                             R"({"hits":{"hits":[{}{}]}})",
                             R"({"hits":{"hits":[{},]}})",
                             R"({"hits":{"hits":[,{}]}})",
                             R"({"hits":{"hits":[{"_id" "a"}]}})",
                             R"({"hits":{"hits":[{"_id":"a" "_source":{}}]}})",
                             R"({"hits":{"hits":[{_id:"a"}]}})",
                             R"({"hits":{"hits":[nil]}})",
                             R"({"hits":{"hits":[01]}})",
                             R"({"took":tru,"hits":{"hits":[]}})",
                             R"({"took":1a,"hits":{"hits":[]}})",
                             R"({"took":+1,"hits":{"hits":[]}})",
                             R"({"hits":{"hits":[}]}})",
                             R"({"hits":{"hits":[]])",
                             R"({"\x":1,"hits":{"hits":[]}})"}) {
        BOOST_TEST_CONTEXT(body) { BOOST_TEST(contains(complaint(body), "no JSON")); }
    }
    BOOST_TEST(contains(complaint(std::string{"{\"hits\":{\"hits\":[]}}\0", 21}), "no JSON"));
}

BOOST_AUTO_TEST_CASE(the_error_says_what_was_expected_and_what_came) {
    struct row {
        char const* body;
        char const* words;
    };
    for (auto const& [body, words] : {
             row{"", "got an empty body"},
             row{" \r\n", "got an empty body"},
             row{"<html>\n<body>Bad gateway</body>", "got \"<html> <body>Bad gateway</body>\""},
             row{"upstream \x1b[31mdown\xff", "got \"upstream  [31mdown \""},
             row{"[]", "got an array"},
             row{"\"text\"", "got a string"},
             row{"null", "got null"},
             row{"17", "got a number"},
             row{"true", "got a truth value"},
             row{"{}", "got an object without hits"},
             row{R"({"hits":[]})", "got an array as hits"},
             row{R"({"hits":{}})", "got no hits.hits"},
             row{R"({"hits":{"hits":{}}})", "got an object as hits.hits"},
             row{R"({"hits":{"hits":"none"}})", "got a string as hits.hits"},
             row{R"({"hits":)", "no JSON from byte 8 of 8 on"},
         }) {
        auto const what = complaint(body);
        BOOST_TEST_CONTEXT(body) {
            BOOST_TEST(contains(what, words), what);
            BOOST_TEST(contains(what, "expected an object with the array hits.hits"));
            BOOST_TEST(what.find('\n') == std::string::npos);
        }
    }
    BOOST_TEST(complaint("x" + std::string(10'000, 'y')).size() < 200U);
}

BOOST_AUTO_TEST_CASE(an_error_never_shows_the_values_of_a_document) {
    for (auto const* body : {R"({"hits":{"hits":[{"_id":"ada@example.com","_source":{"email":"ada@example.com"})",
                             R"(["ada@example.com")", R"([{"email":"ada@example.com"}])", R"("ada@example.com)",
                             R"({"email":"ada@example.com"})", R"({"ada@example.com":1,})"}) {
        BOOST_TEST_CONTEXT(body) { BOOST_TEST(!contains(complaint(body), "ada")); }
    }
}

BOOST_AUTO_TEST_CASE(damaged_pages_never_hand_out_bytes_beyond_the_body) {
    auto const good = sample("33-search-users-total-object");
    std::mt19937 random{5};
    for (int i = 0; i < 20'000; ++i) {
        std::string body = good;
        for (auto n = 1 + random() % 4; n > 0; --n) {
            body[random() % body.size()] = "{}[]\",:\\ 1nx\xff"[random() % 13];
        }
        auto const page = split_page(body);
        if (!page) continue;
        for (auto const& h : page->hits) {
            for (std::string_view const part : {h.raw, h.source}) {
                BOOST_TEST_REQUIRE((part.data() >= body.data()));
                BOOST_TEST_REQUIRE((part.data() + part.size() <= body.data() + body.size()));
                BOOST_TEST_REQUIRE(!part.empty());
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
