#include "retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "traitsync/core/text.hpp"

namespace traitsync::net {
namespace {

constexpr std::chrono::seconds longest{10'000'000};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads a date from left to right; once something is missing, `good` is false and stays so.
struct reader {
    std::string_view rest;
    bool good = true;

    bool skip(std::string_view expected) {
        good = good && rest.starts_with(expected);
        if (good) rest.remove_prefix(expected.size());
        return good;
    }
    int number(std::size_t digits) {
        int value = 0;
        good = good && rest.size() >= digits && std::ranges::all_of(rest.substr(0, digits), is_digit);
        for (std::size_t i = 0; good && i < digits; ++i) value = value * 10 + (rest[i] - '0');
        if (good) rest.remove_prefix(digits);
        return value;
    }
    unsigned month() {
        constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        auto const found = std::ranges::find(names, rest.substr(0, 3));
        good = good && found != names.end();
        if (good) rest.remove_prefix(3);
        return static_cast<unsigned>(found - names.begin()) + 1;
    }
    std::chrono::seconds time_of_day() {
        auto const hour = number(2);
        skip(":");
        auto const minute = number(2);
        skip(":");
        auto const second = number(2);
        good = good && hour < 24 && minute < 60 && second <= 60;
        return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
    }
};

// A year of two digits that would lie more than 50 years ahead is of the century before (RFC 9110, section 5.6.7).
int full_year(int two_digits, wall_time now) {
    auto const today = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(now)};
    auto const this_year = static_cast<int>(today.year());
    auto const year = this_year - this_year % 100 + two_digits;
    return year > this_year + 50 ? year - 100 : year;
}

}  // namespace

std::optional<wall_time> parse_http_date(std::string_view text, wall_time now) {
    auto const comma = text.find(',');
    reader r{comma == std::string_view::npos ? text.substr(std::min<std::size_t>(text.size(), 3))
                                             : text.substr(comma + 1)};
    int year = 0, day = 0;
    unsigned month = 0;
    std::chrono::seconds time{};
    r.skip(" ");
    if (comma == std::string_view::npos) {
        month = r.month();
        r.skip(" ");
        if (r.rest.starts_with(' ')) {
            r.skip(" ");
            day = r.number(1);
        } else {
            day = r.number(2);
        }
        r.skip(" ");
        time = r.time_of_day();
        r.skip(" ");
        year = r.number(4);
    } else {
        day = r.number(2);
        auto const dashes = r.rest.starts_with('-');
        r.skip(dashes ? "-" : " ");
        month = r.month();
        r.skip(dashes ? "-" : " ");
        year = dashes ? full_year(r.number(2), now) : r.number(4);
        r.skip(" ");
        time = r.time_of_day();
        r.skip(" GMT");
    }
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!r.good || !r.rest.empty() || !date.ok()) return std::nullopt;
    return wall_time{std::chrono::sys_days{date} + time};
}

std::optional<std::chrono::seconds> retry_after_of(std::string_view text, wall_time now) {
    text = trimmed(text);
    if (text.empty()) return std::nullopt;
    if (!is_digit(text.front())) {
        auto const moment = parse_http_date(text, now);
        if (!moment) return std::nullopt;
        return std::clamp(std::chrono::ceil<std::chrono::seconds>(*moment - now), std::chrono::seconds{0}, longest);
    }
    std::int64_t seconds = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, failed] = std::from_chars(text.data(), last, seconds);
    std::string_view const rest{end, static_cast<std::size_t>(last - end)};
    bool const fraction = rest.size() > 1 && rest.front() == '.' && std::ranges::all_of(rest.substr(1), is_digit);
    if (!rest.empty() && !fraction) return std::nullopt;
    if (failed == std::errc::result_out_of_range) return longest;
    bool const more = fraction && rest.find_first_not_of("0", 1) != std::string_view::npos;
    return std::min(std::chrono::seconds{std::min<std::int64_t>(seconds, longest.count()) + (more ? 1 : 0)}, longest);
}

}  // namespace traitsync::net
