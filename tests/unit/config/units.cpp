#include "traitsync/config/units.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <utility>

using namespace traitsync::config;

namespace {

std::string duration(std::string_view text) {
    auto const d = parse_duration(text);
    return d ? std::to_string(d->count()) : "-";
}

std::string size(std::string_view text) {
    auto const s = parse_size(text);
    return s ? std::to_string(*s) : "-";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE(a_duration_is_numbers_with_units_largest_first) {
    for (auto const& [text, ms] : {
             std::pair{"0", "0"},
             {"0s", "0"},
             {"500ms", "500"},
             {"60s", "60000"},
             {"30m", "1800000"},
             {"24h", "86400000"},
             {"1d", "86400000"},
             {"1h30m", "5400000"},
             {"1d2h3m4s5ms", "93784005"},
             {"1m1ms", "60001"},
             {"007s", "7000"},
             {"36525d", "3155760000000"},
             {"", "-"},
             {"60", "-"},
             {"s", "-"},
             {"-1s", "-"},
             {"+1s", "-"},
             {"1 s", "-"},
             {" 1s", "-"},
             {"1s ", "-"},
             {"1.5h", "-"},
             {"1H", "-"},
             {"1w", "-"},
             {"30m1h", "-"},
             {"1s1s", "-"},
             {"1h30", "-"},
             {"36526d", "-"},
             {"99999999999999999999s", "-"},
             {"9223372036854775807d", "-"},
             {"36525d24h", "-"},
         }) {
        BOOST_TEST(duration(text) == ms, text);
    }
}

BOOST_AUTO_TEST_CASE(a_size_is_bytes_or_a_number_with_a_unit) {
    for (auto const& [text, bytes] : {
             std::pair{"0", "0"},
             {"1000", "1000"},
             {"1B", "1"},
             {"1KiB", "1024"},
             {"256MiB", "268435456"},
             {"1GiB", "1073741824"},
             {"2TiB", "2199023255552"},
             {"1kB", "1000"},
             {"1MB", "1000000"},
             {"1GB", "1000000000"},
             {"", "-"},
             {"GiB", "-"},
             {"1 GiB", "-"},
             {"1gib", "-"},
             {"-1", "-"},
             {"1.5GiB", "-"},
             {"1GiBx", "-"},
             {"9223372036854775807", "9223372036854775807"},
             {"9223372036854775808", "-"},
             {"9223372036854775807KiB", "-"},
         }) {
        BOOST_TEST(size(text) == bytes, text);
    }
}

BOOST_AUTO_TEST_CASE(durations_and_sizes_are_written_short_and_read_back_the_same) {
    for (auto const* text : {"0", "1ms", "500ms", "1s", "60s", "90s", "2m", "30m", "60m", "24h", "2d", "1500ms"}) {
        BOOST_TEST(format_duration(*parse_duration(text)) == text);
    }
    for (auto const* text : {"0", "1", "1000", "1KiB", "256MiB", "1GiB", "1536MiB", "3TiB"}) {
        BOOST_TEST(format_size(*parse_size(text)) == text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
