#include "../../../src/net/body_decoding.hpp"

#include <boost/test/unit_test.hpp>

#include "support/script.hpp"

using namespace traitsync;
using test::encoded;
using test::encoding;

namespace {

constexpr std::size_t limit = 1 << 20;

std::string repetitive(std::size_t size) {
    std::string text;
    while (text.size() < size) text += "{\"user_id\":\"u" + std::to_string(text.size()) + "\"},";
    text.resize(size);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(body_decoding)

BOOST_AUTO_TEST_CASE(every_form_that_is_asked_for_is_decoded) {
    for (std::size_t const size : {1U, 100U, 65'536U, 65'537U, 500'000U}) {
        auto const text = repetitive(size);
        BOOST_CHECK(net::decoded("gzip", encoded(text, encoding::gzip), limit).value() == text);
        BOOST_CHECK(net::decoded("GZip", encoded(text, encoding::gzip), limit).value() == text);
        BOOST_CHECK(net::decoded("x-gzip", encoded(text, encoding::gzip), limit).value() == text);
        BOOST_CHECK(net::decoded("deflate", encoded(text, encoding::deflate), limit).value() == text);
        BOOST_CHECK(net::decoded("deflate", encoded(text, encoding::raw_deflate), limit).value() == text);
        BOOST_CHECK(net::decoded("", text, limit).value() == text);
        BOOST_CHECK(net::decoded("identity", text, limit).value() == text);
    }
}

BOOST_AUTO_TEST_CASE(several_members_are_one_body) {
    auto const packed = encoded("one, ", encoding::gzip) + encoded("two", encoding::gzip);
    BOOST_TEST(net::decoded("gzip", packed, limit).value() == "one, two");
}

BOOST_AUTO_TEST_CASE(an_empty_body_needs_no_decoding) {
    BOOST_TEST(net::decoded("gzip", "", limit).value().empty());
    BOOST_TEST(net::decoded("br", "", limit).value().empty());
    BOOST_TEST(net::decoded("gzip", encoded("", encoding::gzip), limit).value().empty());
}

BOOST_AUTO_TEST_CASE(a_small_answer_cannot_become_a_large_one) {
    auto const text = std::string(limit, ' ');
    for (auto const how : {encoding::gzip, encoding::deflate, encoding::raw_deflate}) {
        auto const* const name = how == encoding::gzip ? "gzip" : "deflate";
        BOOST_TEST(net::decoded(name, encoded(text, how), limit).has_value());
        auto const bomb = net::decoded(name, encoded(text + " ", how), limit);
        BOOST_REQUIRE(!bomb);
        BOOST_CHECK(bomb.error().kind == fault::too_large);
    }
    auto const members = encoded(text, encoding::gzip) + encoded("x", encoding::gzip);
    BOOST_CHECK(net::decoded("gzip", members, limit).error().kind == fault::too_large);
}

BOOST_AUTO_TEST_CASE(broken_and_cut_data_are_not_taken_for_a_body) {
    auto const text = repetitive(100'000);
    for (auto const how : {encoding::gzip, encoding::deflate, encoding::raw_deflate}) {
        auto const* const name = how == encoding::gzip ? "gzip" : "deflate";
        auto const packed = encoded(text, how);
        for (auto const size : {std::size_t{1}, std::size_t{5}, packed.size() / 2, packed.size() - 1}) {
            auto const cut = net::decoded(name, packed.substr(0, size), limit);
            BOOST_REQUIRE_MESSAGE(!cut, name << " " << size);
            BOOST_CHECK(cut.error().kind == fault::unavailable);
        }
        BOOST_TEST(!net::decoded(name, packed + "tail", limit));
        BOOST_TEST(!net::decoded(name, text, limit));
    }
    auto damaged = encoded(text, encoding::gzip);
    damaged[damaged.size() - 5] = static_cast<char>(damaged[damaged.size() - 5] ^ 1);  // in the check sum
    BOOST_TEST(!net::decoded("gzip", damaged, limit));
}

BOOST_AUTO_TEST_CASE(an_encoding_that_was_not_asked_for_is_refused) {
    for (auto const* name : {"br", "zstd", "compress", "gzip, gzip", "gzi", "gzipp"}) {
        BOOST_CHECK(net::decoded(name, "x", limit).error().kind == fault::unavailable);
    }
}

BOOST_AUTO_TEST_SUITE_END()
