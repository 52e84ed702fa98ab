#include "traitsync/core/canonical_number.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace traitsync {
namespace {

// Far from overflow, also after the length of the digits was added.
constexpr std::int64_t exponent_limit = 400'000'000'000'000'000;
constexpr std::int64_t most_made_zeros = 100;
constexpr std::int64_t largest_shown_exponent = exponent_limit / 2;
constexpr std::string_view zero = "0";

// value = digits · 10^exponent, where the digits are `whole` followed by `fraction`. Neither leading nor trailing
// zeros are left; both parts are empty for zero.
struct decimal {
    bool negative = false;
    std::string_view whole = {};
    std::string_view fraction = {};
    std::int64_t exponent = 0;

    bool is_zero() const { return whole.empty() && fraction.empty(); }
    std::size_t digits() const { return whole.size() + fraction.size(); }
};

std::int64_t clamped(std::int64_t exponent) {
    return exponent > exponent_limit ? exponent_limit : exponent < -exponent_limit ? -exponent_limit : exponent;
}

std::int64_t exponent_of(std::string_view text) {
    bool const negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    std::int64_t exponent = 0;
    for (char const c : text) {
        exponent = exponent * 10 + (c - '0');
        if (exponent > exponent_limit) return negative ? -exponent_limit : exponent_limit;
    }
    return negative ? -exponent : exponent;
}

void trim_front(std::string_view& digits) {
    auto const first = digits.find_first_not_of('0');
    digits.remove_prefix(first == std::string_view::npos ? digits.size() : first);
}

std::size_t trim_back(std::string_view& digits) {
    auto const last = digits.find_last_not_of('0');
    std::size_t const trimmed = digits.size() - (last == std::string_view::npos ? 0 : last + 1);
    digits.remove_suffix(trimmed);
    return trimmed;
}

decimal decimal_of(std::string_view source) {
    decimal d;
    d.negative = source.starts_with('-');
    if (d.negative) source.remove_prefix(1);
    if (auto const e = source.find_first_of("eE"); e != std::string_view::npos) {
        d.exponent = exponent_of(source.substr(e + 1));
        source = source.substr(0, e);
    }
    auto const point = source.find('.');
    d.whole = source.substr(0, point);
    if (point != std::string_view::npos) d.fraction = source.substr(point + 1);
    d.exponent -= static_cast<std::int64_t>(d.fraction.size());

    trim_front(d.whole);
    if (d.whole.empty()) trim_front(d.fraction);
    d.exponent += static_cast<std::int64_t>(trim_back(d.fraction));
    if (d.fraction.empty()) d.exponent += static_cast<std::int64_t>(trim_back(d.whole));
    d.exponent = d.is_zero() ? 0 : clamped(d.exponent);
    return d;
}

bool is_plain_integer(std::string_view source) { return source.find_first_of(".eE") == std::string_view::npos; }

void append_number(std::string& out, std::int64_t number) {
    char text[24];
    auto const end = std::to_chars(text, text + sizeof text, number).ptr;
    out.append(text, end);
}

}  // namespace

void append_canonical_number(std::string& out, std::string_view source) {
    decimal const d = decimal_of(source);
    if (d.is_zero()) {
        out.append(zero);
        return;
    }
    if (d.negative) out.push_back('-');
    out.append(d.whole);
    out.append(d.fraction);
    out.push_back('e');
    append_number(out, d.exponent);
}

void append_shortest_number(std::string& out, std::string_view source) {
    constexpr std::int64_t most_before_the_point = 21, most_zeros_behind_it = 5;
    decimal const d = decimal_of(source);
    // An exponent that may have been cut does not say where the first digit stands; no double is as large or small.
    if (d.is_zero() || d.exponent > largest_shown_exponent || d.exponent < -largest_shown_exponent) {
        append_canonical_number(out, source);
        return;
    }
    if (d.negative) out.push_back('-');
    auto const before_point = static_cast<std::int64_t>(d.digits()) + d.exponent;
    bool const plain = before_point <= most_before_the_point && before_point >= -most_zeros_behind_it;
    if (plain && before_point <= 0) out.append("0.").append(static_cast<std::size_t>(-before_point), '0');
    auto const first = out.size();
    out.append(d.whole);
    out.append(d.fraction);
    if (plain && d.exponent >= 0) {
        out.append(static_cast<std::size_t>(d.exponent), '0');
    } else if (plain && before_point > 0) {
        out.insert(first + static_cast<std::size_t>(before_point), 1, '.');
    } else if (!plain) {
        if (d.digits() > 1) out.insert(first + 1, 1, '.');
        out.append(before_point > 0 ? "e+" : "e");
        append_number(out, before_point - 1);
    }
}

bool append_plain_integer(std::string& out, std::string_view source) {
    decimal const d = decimal_of(source);
    if (d.is_zero()) {
        out.append(zero);
        return true;
    }
    bool const made_zeros = !is_plain_integer(source);
    if (d.exponent < 0 || (made_zeros && d.exponent > most_made_zeros)) return false;
    if (d.negative) out.push_back('-');
    out.append(d.whole);
    out.append(d.fraction);
    out.append(static_cast<std::size_t>(d.exponent), '0');
    return true;
}

bool is_beyond_double(std::string_view source) {
    constexpr std::size_t shortest_without_exponent = 309;  // digits
    if (source.size() < shortest_without_exponent && source.find_first_of("eE") == std::string_view::npos) return false;
    double value = 0;
    auto const [end, failure] = std::from_chars(source.data(), source.data() + source.size(), value);
    if (failure == std::errc{}) return std::isinf(value);
    // Out of range is both too large and too small: the place of the first digit tells them apart.
    decimal const d = decimal_of(source);
    return !d.is_zero() && d.exponent + static_cast<std::int64_t>(d.digits()) > 0;
}

bool is_integer_beyond_2_53(std::string_view source) {
    constexpr std::string_view largest = "9007199254740991";
    if (!is_plain_integer(source)) return false;
    if (source.starts_with('-')) source.remove_prefix(1);
    return source.size() != largest.size() ? source.size() > largest.size() : source > largest;
}

bool is_minus_zero(std::string_view source) { return source.starts_with('-') && decimal_of(source).is_zero(); }

}  // namespace traitsync
