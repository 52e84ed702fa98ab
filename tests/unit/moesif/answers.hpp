#pragma once
// Answers of Moesif for the tests of the page splitter: samples, made ones, and what comes out of them.

#include "traitsync/moesif/page.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

namespace traitsync::test {

inline std::string sample(std::string const& name) {
    std::ifstream in{TS_SOURCE_DIR "/tests/samples/moesif/" + name + ".json", std::ios::binary};
    BOOST_TEST_REQUIRE(in.good());
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The hits of a body that must be good.
inline std::vector<moesif::hit> hits_of(std::string const& body) {
    auto page = moesif::split_page(body);
    BOOST_TEST_REQUIRE(page.has_value());
    return std::move(page->hits);
}
std::vector<moesif::hit> hits_of(std::string&&) = delete;  // hits are views

inline std::string complaint(std::string const& body) {
    auto const page = moesif::split_page(body);
    BOOST_TEST_REQUIRE(page.has_error());
    BOOST_TEST((page.error().kind == fault::unavailable));
    return page.error().what;
}

inline bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline std::string with_hits(std::string const& list) {
    return R"({"took":1,"timed_out":false,"hits":{"total":9,"hits":)" + list + "}}";
}

}  // namespace traitsync::test
