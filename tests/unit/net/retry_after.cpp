#include "../../../src/net/retry_after.hpp"

#include <boost/test/unit_test.hpp>

using namespace traitsync;
using namespace std::chrono_literals;

namespace {

wall_time at(std::string_view text) { return parse_time(text).value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(all_three_forms_of_an_http_date_are_read) {
    auto const now = at("2026-05-01T00:00:00Z");
    for (auto const* text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        auto const read = net::parse_http_date(text, now);
        BOOST_REQUIRE_MESSAGE(read.has_value(), text);
        BOOST_TEST(to_rfc3339(*read) == "1994-11-06T08:49:37.000Z", text);
    }
    BOOST_TEST(to_rfc3339(*net::parse_http_date("Fri May 15 23:59:60 2026", now)) == "2026-05-16T00:00:00.000Z");
    BOOST_TEST(to_rfc3339(*net::parse_http_date("Friday, 01-May-76 00:00:00 GMT", now)) == "2076-05-01T00:00:00.000Z");
    BOOST_TEST(to_rfc3339(*net::parse_http_date("Saturday, 01-May-77 00:00:00 GMT", now)) ==
               "1977-05-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_date_is_nothing) {
    auto const now = at("2026-05-01T00:00:00Z");
    for (auto const* text :
         {"", "Sun", "Sun,", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 06 Nov 1994 08:49:37 GMT!", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
          "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nom 1994 08:49:37 GMT",
          "Sun, 00 Nov 1994 08:49:37 GMT", "2026-05-01T00:00:00Z", "Sun, -6 Nov 1994 08:49:37 GMT",
          "Sun Nov 6 08:49:37 1994"}) {
        BOOST_TEST(!net::parse_http_date(text, now).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(seconds_and_dates_say_how_long_to_wait) {
    auto const now = at("2026-05-01T00:00:00.400Z");
    struct row {
        std::string text;
        std::optional<std::chrono::seconds> wait;
    };
    row const rows[]{
        {"7", 7s},
        {" 7\t", 7s},
        {"0", 0s},
        {"007", 7s},
        {"1.5", 2s},
        {"2.0", 2s},
        {"86400", 86400s},
        {"10000001", 10'000'000s},
        {"99999999999999999999999", 10'000'000s},
        {"Fri, 01 May 2026 00:00:30 GMT", 30s},
        {"Fri, 01 May 2026 00:00:00 GMT", 0s},
        {"Thu, 30 Apr 2026 00:00:00 GMT", 0s},
        {"Fri, 01 May 2099 00:00:00 GMT", 10'000'000s},
        {"", std::nullopt},
        {"-1", std::nullopt},
        {"+5", std::nullopt},
        {"7s", std::nullopt},
        {"7.", std::nullopt},
        {"1e3", std::nullopt},
        {"0x10", std::nullopt},
        {"soon", std::nullopt},
        {"Fri, 01 May", std::nullopt},
    };
    for (auto const& r : rows) BOOST_CHECK_MESSAGE(net::retry_after_of(r.text, now) == r.wait, r.text);
}

BOOST_AUTO_TEST_SUITE_END()
