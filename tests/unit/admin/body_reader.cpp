#include "../../../src/admin/body_reader.hpp"

#include <boost/test/unit_test.hpp>

namespace {
using namespace traitsync::admin;

body_reader read(std::string const& text) {
    auto r = body_reader::parse(text, {"name", "when", "list", "span", "flag"}, true);
    BOOST_REQUIRE(r.has_value());
    return std::move(*r);
}
std::string pointer(body_reader const& r) {
    auto const p = r.problems();
    return p.errors.size() == 1 ? p.errors.front().pointer : "";
}
}  // namespace

BOOST_AUTO_TEST_SUITE(body_of_a_request)

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_malformed) {
    for (auto const* text : {"{", "[]", "1", "{\"name\":1,\"name\":2}", "{} x"}) {
        auto const r = body_reader::parse(text, {"name"}, true);
        BOOST_TEST(r.has_error(), text);
        if (r.has_error()) BOOST_TEST(r.error().status == 400);
    }
    BOOST_TEST(body_reader::parse("", {}, true).has_value());
    BOOST_TEST(body_reader::parse(" ", {}, false).has_error());
}

BOOST_AUTO_TEST_CASE(an_unknown_field_is_named_with_the_nearest_one) {
    auto const r = read(R"({"nmae":"x"})");
    BOOST_TEST(!r.ok());
    BOOST_TEST(pointer(r) == "/nmae");
    BOOST_TEST(r.problems().detail.find("did you mean name?") != std::string::npos);
    BOOST_TEST(pointer(read(R"({"a/b~c":1})")) == "/a~1b~0c");
}

BOOST_AUTO_TEST_CASE(values_of_the_wrong_kind_are_pointed_at) {
    auto r = read(R"({"name":1})");
    BOOST_TEST(!r.text("name").has_value());
    BOOST_TEST(pointer(r) == "/name");
    auto l = read(R"({"list":["a",2]})");
    l.texts("list", 10);
    BOOST_TEST(pointer(l) == "/list/1");
    auto s = read(R"({"span":["2026-01-01T00:00:00Z","yesterday"]})");
    BOOST_TEST(!s.span("span").has_value());
    BOOST_TEST(pointer(s) == "/span/1");
    auto w = read(R"({"when":"soon"})");
    BOOST_TEST(!w.time("when").has_value());
    BOOST_TEST(pointer(w) == "/when");
}

BOOST_AUTO_TEST_CASE(a_null_is_not_taken_for_a_field_that_was_left_out) {
    auto r = read(R"({"name":null})");
    BOOST_TEST(!r.text("name").has_value());
    BOOST_TEST(pointer(r) == "/name");
    auto f = read(R"({"flag":null})");
    BOOST_TEST(!f.boolean("flag").has_value());
    BOOST_TEST(pointer(f) == "/flag");
}

BOOST_AUTO_TEST_CASE(only_a_body_of_no_bytes_is_none) {
    BOOST_TEST(body_reader::parse("", {"name"}, true).has_value());
    BOOST_TEST(!body_reader::parse("", {"name"}, false).has_value());
    BOOST_TEST(!body_reader::parse(" ", {"name"}, true).has_value());
    BOOST_TEST(!body_reader::parse("\n", {"name"}, true).has_value());
}

BOOST_AUTO_TEST_CASE(a_long_text_of_a_client_is_repeated_in_whole_characters) {
    std::string name = "n";
    while (name.size() < 200) name += "é";
    auto const r = body_reader::parse("{\"" + name + "\":1}", {"name"}, false);
    BOOST_REQUIRE(r.has_value());
    auto const detail = r->problems().errors.at(0).detail;
    BOOST_TEST(detail.starts_with("there is no field \"n"));
    // Of 201 bytes 99 are whole characters, and a 100th would cut one in halves.
    BOOST_TEST(detail.find(name.substr(0, 99) + "\"") != std::string::npos, detail);
}

BOOST_AUTO_TEST_SUITE_END()
