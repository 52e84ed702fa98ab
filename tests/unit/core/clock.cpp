#include "traitsync/core/clock.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace traitsync;

BOOST_AUTO_TEST_SUITE(clock_texts)

BOOST_AUTO_TEST_CASE(every_documented_form_of_a_time_is_read) {
    struct row {
        char const* text;
        char const* time;
    };
    for (auto const& [text, time] : {
             row{"2026-05-02T10:00:00Z", "2026-05-02T10:00:00.000Z"},
             row{"2023-07-27T21:52:58.0990000Z", "2023-07-27T21:52:58.099Z"},
             row{"2023-07-27T21:55:19.464", "2023-07-27T21:55:19.464Z"},
             row{"2024-01-02 18:55:23", "2024-01-02T18:55:23.000Z"},
             row{"2024-01-02T18:55:23.1Z", "2024-01-02T18:55:23.100Z"},
             row{"2024-01-02T18:55:23.12Z", "2024-01-02T18:55:23.120Z"},
             row{"2024-01-02T18:55:23.999999999Z", "2024-01-02T18:55:23.999Z"},
             row{"2024-01-02T18:55:23+02:00", "2024-01-02T16:55:23.000Z"},
             row{"2024-01-02T18:55:23-0530", "2024-01-03T00:25:23.000Z"},
             row{"2024-01-02T18:55:23+14", "2024-01-02T04:55:23.000Z"},
             row{"2024-01-02T18:55:23-00:00", "2024-01-02T18:55:23.000Z"},
             row{"2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00.000Z"},
             row{"2026-05-02t10:00:00.5z", "2026-05-02T10:00:00.500Z"},
             row{"2026-05-02", "2026-05-02T00:00:00.000Z"},
             row{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z"},
             row{"2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.999Z"},
             row{"2017-01-01T00:59:60+01:00", "2016-12-31T23:59:59.999Z"},
             row{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
             row{"2000-02-29", "2000-02-29T00:00:00.000Z"},
             row{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
             row{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"},
             row{"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
             row{"0", "1970-01-01T00:00:00.000Z"},
             row{"1777593600", "2026-05-01T00:00:00.000Z"},
             row{"1777593600000", "2026-05-01T00:00:00.000Z"},
             row{"1519768519464", "2018-02-27T21:55:19.464Z"},
             row{"99999999999", "5138-11-16T09:46:39.000Z"},
             row{"100000000000", "1973-03-03T09:46:40.000Z"},
             row{"253402300799999", "9999-12-31T23:59:59.999Z"},
             row{"0001777593600", "2026-05-01T00:00:00.000Z"},
         }) {
        auto const read = parse_time(text);
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST_REQUIRE(read.has_value());
            BOOST_TEST(to_rfc3339(*read) == time);
        }
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_time) {
    for (auto const* text : {"",
                             " ",
                             "never",
                             "-1",
                             "1.5",
                             "1e9",
                             "253402300800000",
                             "9223372036854775807",
                             "99999999999999999999999999",
                             "2026-05",
                             "2026-5-2",
                             "26-05-02",
                             "2026/05/02",
                             "2026-05-02T",
                             "2026-05-02Z",
                             "2026-05-02T10",
                             "2026-05-02T10:00",
                             "2026-05-02T10:00Z",
                             "2026-05-02T10:00:00.Z",
                             "2026-05-02T10:00:00.1234567890Z",
                             "2026-05-02T10:00:00,5Z",
                             "2026-05-02T10:00:00 Z",
                             " 2026-05-02",
                             "2026-05-02 ",
                             "2026-05-02T10:00:00+2",
                             "2026-05-02T10:00:00+02:",
                             "2026-05-02T10:00:00+02:0",
                             "2026-05-02T10:00:00+24:00",
                             "2026-05-02T10:00:00+02:60",
                             "2026-05-02T10:00:00ZZ",
                             "2026-05-02T10:00:00+02:00Z",
                             "2026-05-02  10:00:00",
                             "+2026-05-02",
                             "2026-05-02T-1:00:00Z",
                             "2026-05-02T10:00:00 UTC",
                             "0000-01-01T00:00:00+00:01",
                             "9999-12-31T23:59:59-00:01",
                             "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6-05-02"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_time(text).has_value()); }
    }
}

BOOST_AUTO_TEST_CASE(dates_that_no_calendar_has_are_refused) {
    for (auto const* text :
         {"2026-13-45", "2026-00-10", "2026-01-00", "2026-01-32", "2026-02-29", "2026-02-30", "2024-02-30",
          "1900-02-29", "2026-04-31", "2026-05-02T24:00:00Z", "2026-05-02T10:60:00Z", "2026-05-02T10:00:61Z"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_time(text).has_value()); }
    }
}

BOOST_AUTO_TEST_CASE(a_text_with_a_zero_byte_is_no_time) {
    BOOST_TEST(!parse_time(std::string_view{"2026-05-02\0", 11}).has_value());
    BOOST_TEST(!parse_time(std::string_view{"12\0", 3}).has_value());
}

BOOST_AUTO_TEST_CASE(a_written_time_is_read_back_to_the_millisecond) {
    std::int64_t ms = -62'167'219'200'000;
    for (int i = 0; i < 20'000; ++i, ms += 15'778'477'123) {
        auto const read = parse_time(to_rfc3339(from_millis(ms)));
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST_REQUIRE(to_millis(*read) == ms);
    }
}

BOOST_AUTO_TEST_CASE(years_that_four_digits_cannot_say_are_clamped) {
    BOOST_TEST(to_rfc3339(from_millis(253'402'300'800'000)) == "9999-12-31T23:59:59.999Z");
    BOOST_TEST(to_rfc3339(from_millis(std::numeric_limits<std::int64_t>::max())) == "9999-12-31T23:59:59.999Z");
    BOOST_TEST(to_rfc3339(from_millis(-62'167'219'200'001)) == "0000-01-01T00:00:00.000Z");
    BOOST_TEST(to_rfc3339(from_millis(std::numeric_limits<std::int64_t>::min())) == "0000-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(the_machine_clock_tells_the_time_and_never_goes_back_in_steady_time) {
    auto const& c = system_clock();
    auto const steady = c.steady();
    BOOST_TEST((c.steady() >= steady));
    BOOST_TEST(to_millis(c.wall()) > 1'600'000'000'000);
    BOOST_TEST(&system_clock() == &c);
}

BOOST_AUTO_TEST_SUITE_END()
