#pragma once
// Numbers by their exact decimal value, from their JSON source text: no double, no limit of digits. All functions
// take a valid JSON number; memory and time depend on the length of the text, never on its exponent.

#include <string>
#include <string_view>

namespace traitsync {

// One text per value: sign, digits without leading and trailing zeros, `e`, exponent; `0` for every zero.
// 1, 1.0, 1e0 and 10e-1 give 1e0; -120 gives -12e1. The text is itself a JSON number. Exponents beyond
// ±4·10^17 count as that.
void append_canonical_number(std::string& out, std::string_view source);

// One text per value too, as people and their programs write it: ECMAScript's Number::toString, which RFC 8785
// (3.2.2.3) takes for canonical JSON, of all digits: 3.5, 0.001, 1e-7, 1.5e+21. Exponents that no double comes near
// stand as above.
void append_shortest_number(std::string& out, std::string_view source);

// An integral value as plain digits (1e3 and 1000.0 give 1000, -0 gives 0). False, and nothing appended, for a
// fraction and for more than 100 digits made by an exponent.
bool append_plain_integer(std::string& out, std::string_view source);

// Becomes infinity when read as a double. Underflow does not count.
bool is_beyond_double(std::string_view source);

// An integer literal (no point, no exponent) whose absolute value is above 2^53 - 1.
bool is_integer_beyond_2_53(std::string_view source);

// -0, -0.0, -0e5: a zero whose sign many readers drop.
bool is_minus_zero(std::string_view source);

}  // namespace traitsync
