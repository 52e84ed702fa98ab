#include <fmt/core.h>

#include "answers.hpp"
#include "traitsync/core/json.hpp"

#include <boost/test/unit_test.hpp>

using namespace traitsync;
using namespace traitsync::test;
using moesif::single_document;
using moesif::split_page;

BOOST_AUTO_TEST_SUITE(search_pages)

BOOST_AUTO_TEST_CASE(a_page_gives_each_hit_with_its_exact_bytes) {
    auto const body = sample("30-search-users-first-page");
    auto const page = split_page(body);
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST(!page->timed_out);
    BOOST_TEST(page->total.value() == 5);
    BOOST_TEST_REQUIRE(page->hits.size() == 3U);
    for (auto const& h : page->hits) {
        BOOST_TEST(h.has_source);
        BOOST_TEST(h.raw.front() == '{');
        BOOST_TEST(h.raw.back() == '}');
        BOOST_TEST(h.sort.front() == '[');
        BOOST_TEST(h.sort.back() == ']');
        json::document d;
        BOOST_TEST_REQUIRE((d.parse(h.raw) == json::parse_fault::none));
        BOOST_TEST(d.root().find("_id")->text == h.id);
        BOOST_TEST_REQUIRE((d.parse(h.source) == json::parse_fault::none));
        BOOST_TEST(d.root().is_object());
    }
}

BOOST_AUTO_TEST_CASE(every_sample_page_has_its_hits) {
    struct row {
        char const* name;
        std::size_t hits;
        std::optional<std::int64_t> total;
        bool timed_out;
    };
    for (auto const& [name, hits, total, timed_out] :
         {row{"30-search-users-first-page", 3, 5, false}, row{"31-search-users-last-page", 2, 5, false},
          row{"32-search-users-empty", 0, 0, false}, row{"33-search-users-total-object", 1, 10'000, false},
          row{"34-search-users-timed-out", 1, 1, true}, row{"35-search-users-bare", 1, 1, false},
          row{"36-search-companies-page", 1, 1, false}}) {
        auto const body = sample(name);
        auto const page = split_page(body);
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST_REQUIRE(page.has_value());
            BOOST_TEST(page->hits.size() == hits);
            BOOST_TEST((page->total == total));
            BOOST_TEST(page->timed_out == timed_out);
        }
    }
}

BOOST_AUTO_TEST_CASE(sort_values_are_kept_verbatim) {
    auto const body =
        with_hits(R"([{"_id":"a","_source":{},"sort":[ 9223372036854775807, "usr\u0020_1",null ,1.50e3]},)"
                  R"({"_id":"b","_source":{}},{"_id":"c","_source":{},"sort":"a"}])");
    auto const hits = hits_of(body);
    BOOST_TEST(hits[0].sort == R"([ 9223372036854775807, "usr\u0020_1",null ,1.50e3])");
    BOOST_TEST(hits[1].sort.empty());
    BOOST_TEST(hits[2].sort.empty());
}

BOOST_AUTO_TEST_CASE(the_envelope_may_come_in_any_order_with_unknown_extras) {
    auto const body =
        R"( {"_shards":{"total":5,"failed":[]},"hits":{"max_score":null,"hits":[ {"_score":1.0,"sort":[1],)"
        R"("_source":{"a":1},"_index":"x","_id":"u1"} ],"total":7,"more":"\"}"},"status":200,"timed_out":true,"took":3}
)";
    auto const page = split_page(body);
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST(page->timed_out);
    BOOST_TEST(page->total.value() == 7);
    BOOST_TEST_REQUIRE(page->hits.size() == 1U);
    BOOST_TEST(page->hits[0].id == "u1");
    BOOST_TEST(page->hits[0].source == R"({"a":1})");
    BOOST_TEST(page->hits[0].sort == "[1]");
}

BOOST_AUTO_TEST_CASE(an_error_beside_no_hits_is_not_the_end_of_the_data) {
    for (auto const* stated : {R"("x")", R"({"type":"search_phase_execution_exception"})", "true"}) {
        auto const page = split_page(fmt::format(R"({{"error":{},"hits":{{"hits":[]}}}})", stated));
        BOOST_REQUIRE(page.has_error());
        BOOST_TEST((page.error().kind == fault::unavailable));
    }
    BOOST_TEST(split_page(R"({"error":null,"hits":{"hits":[]}})").has_value());
    BOOST_TEST(split_page(R"({"error":"x","hits":{"hits":[{"_id":"a"}]}})").value().hits.size() == 1U);
}

BOOST_AUTO_TEST_CASE(escaped_keys_and_a_byte_order_mark_are_understood) {
    std::string const body =
        "\xef\xbb\xbf"
        R"({"h\u0069ts":{"\u0068its":[{"\u005fid":"u1","_sour\u0063e":{"k":1},"so\u0072t":[2]}]}})";
    auto const hits = hits_of(body);
    BOOST_TEST_REQUIRE(hits.size() == 1U);
    BOOST_TEST(hits[0].id == "u1");
    BOOST_TEST(hits[0].source == R"({"k":1})");
    BOOST_TEST(hits[0].sort == "[2]");
}

BOOST_AUTO_TEST_CASE(of_duplicate_keys_the_last_wins_at_every_level) {
    std::string const body =
        R"({"hits":{"total":1,"hits":[{"_id":"old"}]},"timed_out":true,"timed_out":false,)"
        R"("hits":{"hits":[{"_id":"x"},{"_id":"y"}],"hits":[{"_id":"a","_id":"b","_source":{"n":1},)"
        R"("_source":{"n":2},"sort":[1],"sort":[2]}],"total":3,"total":4}})";
    auto const page = split_page(body);
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST(!page->timed_out);
    BOOST_TEST(page->total.value() == 4);
    BOOST_TEST_REQUIRE(page->hits.size() == 1U);
    BOOST_TEST(page->hits[0].id == "b");
    BOOST_TEST(page->hits[0].source == R"({"n":2})");
    BOOST_TEST(page->hits[0].sort == "[2]");
    BOOST_TEST(contains(complaint(R"({"hits":{"hits":[]},"hits":null})"), "null as hits"));
    BOOST_TEST(contains(complaint(R"({"hits":{"hits":[],"hits":7}})"), "a number as hits.hits"));
    BOOST_TEST(contains(complaint(R"({"hits":{"hits":[]},"hits":{}})"), "no hits.hits"));
}

BOOST_AUTO_TEST_CASE(the_total_is_a_number_an_object_or_unknown) {
    struct row {
        char const* total;
        std::optional<std::int64_t> count;
    };
    for (auto const& [total, count] :
         {row{"420", 420}, row{"0", 0}, row{R"({"value":10000,"relation":"gte"})", 10'000},
          row{R"({"relation":"eq","value":3})", 3}, row{"{}", {}}, row{"null", {}}, row{"\"420\"", {}}, row{"-1", {}},
          row{"4.5", {}}, row{"99999999999999999999", {}}, row{"[420]", {}}, row{R"({"value":"3"})", {}}}) {
        std::string const body = R"({"hits":{"total":)" + std::string{total} + R"(,"hits":[]}})";
        auto const page = split_page(body);
        BOOST_TEST_CONTEXT(total) {
            BOOST_TEST_REQUIRE(page.has_value());
            BOOST_TEST((page->total == count));
        }
    }
    BOOST_TEST(!split_page(R"({"hits":{"hits":[]}})")->total.has_value());
}

BOOST_AUTO_TEST_CASE(an_id_is_decoded_and_a_number_becomes_decimal_text) {
    struct row {
        char const* source;
        char const* id;
    };
    for (auto const& [source, id] : {row{R"("usr_1")", "usr_1"},
                                     row{R"("a\"b\\\u00e9\ud83d\ude00")", "a\"b\\\xc3\xa9\xf0\x9f\x98\x80"},
                                     row{"\"gr\xc3\xbc\xc3\x9f\"", "gr\xc3\xbc\xc3\x9f"},
                                     row{R"("\ud800x")", "\xef\xbf\xbdx"},
                                     row{"\"\xff\"", "\xef\xbf\xbd"},
                                     row{"\"\"", ""},
                                     row{"17", "17"},
                                     row{"-17", "-17"},
                                     row{"9007199254740993", "9007199254740993"},
                                     row{"1e3", "1000"},
                                     row{"17.0", "17"},
                                     row{"1.5", "1.5"},
                                     row{"15e-1", ""},
                                     row{"1e999999999", ""},
                                     row{"null", ""},
                                     row{"true", ""},
                                     row{"[\"a\"]", ""},
                                     row{"{}", ""},
                                     row{"\"a\nb\"", ""},
                                     row{"\"\\x\"", ""}}) {
        auto const body = with_hits(R"([{"_id":)" + std::string{source} + R"(,"_source":{}}])");
        auto const hits = hits_of(body);
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST_REQUIRE(hits.size() == 1U);
            BOOST_TEST(hits[0].id == id);
        }
    }
}

BOOST_AUTO_TEST_CASE(one_odd_document_does_not_hurt_its_neighbours) {
    std::string const deep = "{\"d\":" + std::string(5'000, '[') + std::string(5'000, ']') + "}";
    std::string const huge = "{\"text\":\"" + std::string(5'000'000, '}') + "\"}";
    for (std::string const& odd : {deep, huge, std::string{R"({"a":1,,"b"})"}, std::string{"{\"a\":\"\xff\"}"},
                                   std::string{R"({"a":[1}})"}, std::string{R"({"e":"\ud800\x"})"}, std::string{"17"},
                                   std::string{"null"}, std::string{"\"text\""}, std::string{"[]"}}) {
        auto const body = with_hits(R"([{"_id":"a","_source":{"n":1}},{"_id":"odd","_source":)" + odd +
                                    R"(,"sort":[2]},{"_id":"c","_source":{"n":3}}])");
        auto const hits = hits_of(body);
        BOOST_TEST_CONTEXT(odd.substr(0, 40)) {
            BOOST_TEST_REQUIRE(hits.size() == 3U);
            BOOST_TEST(hits[0].source == R"({"n":1})");
            BOOST_TEST(hits[1].id == "odd");
            BOOST_TEST(hits[1].has_source);
            BOOST_TEST((hits[1].source == odd));
            BOOST_TEST(hits[1].sort == "[2]");
            BOOST_TEST(hits[2].id == "c");
            BOOST_TEST(hits[2].source == R"({"n":3})");
        }
    }
}

BOOST_AUTO_TEST_CASE(elements_that_are_no_objects_are_handed_out_for_the_quarantine) {
    auto const body = with_hits(R"([null, 17 ,"text",[1,[2]],true,{"_id":"a"}])");
    auto const hits = hits_of(body);
    BOOST_TEST_REQUIRE(hits.size() == 6U);
    char const* const raw[] = {"null", "17", "\"text\"", "[1,[2]]", "true"};
    for (std::size_t i = 0; i < 5; ++i) {
        BOOST_TEST(hits[i].raw == raw[i]);
        BOOST_TEST(hits[i].source == raw[i]);
        BOOST_TEST(hits[i].id.empty());
        BOOST_TEST(!hits[i].has_source);
    }
    BOOST_TEST(hits[5].id == "a");
    BOOST_TEST(!hits[5].has_source);
    BOOST_TEST(hits[5].source == R"({"_id":"a"})");
}

BOOST_AUTO_TEST_CASE(a_flat_hit_is_its_own_source) {
    auto const body = with_hits(R"([ {"user_id":"u","email":"a@example.com"} ])");
    auto const hits = hits_of(body);
    BOOST_TEST(!hits[0].has_source);
    BOOST_TEST(hits[0].source == R"({"user_id":"u","email":"a@example.com"})");
    BOOST_TEST(hits[0].source == hits[0].raw);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(single_documents)

BOOST_AUTO_TEST_CASE(a_wrapped_document_gives_its_source_and_the_id_beside_it) {
    auto const body = sample("01-user-full");
    auto const h = single_document(body);
    BOOST_TEST_REQUIRE(h.has_value());
    BOOST_TEST(h->has_source);
    BOOST_TEST(!h->id.empty());
    BOOST_TEST(h->source.front() == '{');
    BOOST_TEST(h->source.size() < h->raw.size());
}

BOOST_AUTO_TEST_CASE(a_flat_document_is_its_own_source) {
    auto const body = sample("21-user-flat-get");
    auto const h = single_document(body);
    BOOST_TEST_REQUIRE(h.has_value());
    BOOST_TEST(!h->has_source);
    BOOST_TEST(h->source == h->raw);
    json::document d;
    BOOST_TEST_REQUIRE((d.parse(h->source) == json::parse_fault::none));
    BOOST_TEST(d.root().is_object());
}

BOOST_AUTO_TEST_CASE(a_source_that_is_neither_object_nor_null_stays_what_it_is) {
    for (auto const* source : {"[1]", "\"text\"", "17", "true"}) {
        auto const body = std::string{R"({"_id":"a","user_id":"u","_source":)"} + source + "}";
        auto const h = single_document(body);
        BOOST_TEST_REQUIRE(h.has_value());
        BOOST_TEST(h->has_source);
        BOOST_TEST(h->id == "a");
        BOOST_TEST(h->source == source);
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_is_null_makes_the_document_flat) {
    std::string const body = R"({"_id":"a","_source":null,"user_id":"u"})";
    auto const h = single_document(body);
    BOOST_TEST_REQUIRE(h.has_value());
    BOOST_TEST(!h->has_source);
    BOOST_TEST(h->id == "a");
    BOOST_TEST(h->source == body);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_no_document) {
    for (auto const* body : {"", "null", "[]", "[{}]", "\"a\"", "17", "{", "{} {}", "<html>", R"({"_id":"a",})"}) {
        auto const h = single_document(body);
        BOOST_TEST_CONTEXT(body) {
            BOOST_TEST_REQUIRE(h.has_error());
            BOOST_TEST((h.error().kind == fault::unavailable));
            BOOST_TEST(contains(h.error().what, "expected one document, an object"));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
