#include "traitsync/core/clock.hpp"

#include <algorithm>

namespace traitsync {
namespace {

constexpr std::int64_t seconds_limit = 100'000'000'000;  // from here on digits are milliseconds
constexpr std::size_t max_fraction_digits = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes from the front of a text; each function is false, and the text of no further use, when it does not fit.
class taker {
public:
    explicit taker(std::string_view text) : rest_{text} {}

    bool number(std::size_t digits, int& out) {
        if (rest_.size() < digits) return false;
        out = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!is_digit(rest_[i])) return false;
            out = out * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(digits);
        return true;
    }

    bool mark(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool at_end() const { return rest_.empty(); }

    // `.` and 1 to 9 digits, or nothing at all. Digits after the third are dropped.
    bool fraction(int& millis) {
        millis = 0;
        if (!mark('.')) return true;
        std::size_t digits = 0;
        for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
            constexpr int weights[] = {100, 10, 1};
            if (digits < 3) millis += weights[digits] * (rest_[digits] - '0');
        }
        rest_.remove_prefix(digits);
        return digits >= 1 && digits <= max_fraction_digits;
    }

    // Z or z, ±hh:mm, ±hhmm, ±hh or nothing, up to the end.
    bool zone(int& minutes) {
        minutes = 0;
        if (at_end()) return true;
        if (mark('Z') || mark('z')) return at_end();
        bool const west = mark('-');
        if (!west && !mark('+')) return false;
        int hour = 0;
        int minute = 0;
        if (!number(2, hour)) return false;
        if (!at_end()) {
            mark(':');
            if (!number(2, minute) || !at_end()) return false;
        }
        minutes = (hour * 60 + minute) * (west ? -1 : 1);
        return hour <= 23 && minute <= 59;
    }

private:
    std::string_view rest_;
};

std::optional<wall_time> within_years(std::int64_t ms) {
    if (ms < first_millis || ms > last_millis) return std::nullopt;
    return from_millis(ms);
}

std::optional<wall_time> epoch(std::string_view digits) {
    std::int64_t number = 0;
    for (char const c : digits) {
        number = number * 10 + (c - '0');
        if (number > last_millis) return std::nullopt;
    }
    return within_years(number < seconds_limit ? number * 1'000 : number);
}

}  // namespace

std::optional<wall_time> parse_time(std::string_view text) {
    using namespace std::chrono;
    if (text.empty()) return std::nullopt;
    if (std::all_of(text.begin(), text.end(), is_digit)) return epoch(text);

    taker from{text};
    int y = 0, mo = 0, d = 0;
    if (!from.number(4, y) || !from.mark('-') || !from.number(2, mo) || !from.mark('-') || !from.number(2, d)) {
        return std::nullopt;
    }
    year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok()) return std::nullopt;
    std::int64_t const midnight = to_millis(sys_days{date});
    if (from.at_end()) return from_millis(midnight);

    int h = 0, mi = 0, s = 0, ms = 0, offset = 0;
    // RFC 3339, 5.6: T and Z may be lower case, and a blank may stand for the T.
    if (!from.mark('T') && !from.mark('t') && !from.mark(' ')) return std::nullopt;
    if (!from.number(2, h) || !from.mark(':') || !from.number(2, mi) || !from.mark(':') || !from.number(2, s)) {
        return std::nullopt;
    }
    if (!from.fraction(ms) || !from.zone(offset)) return std::nullopt;
    if (h > 23 || mi > 59 || s > 60) return std::nullopt;
    if (s == 60) {  // a leap second has no name in our count: the last millisecond before it
        s = 59;
        ms = 999;
    }
    return within_years(midnight + ((h * 60 + mi - offset) * 60 + s) * std::int64_t{1'000} + ms);
}

}  // namespace traitsync
