#include "number_hash.hpp"

#include <array>
#include <cstring>
#include <string>

#include "traitsync/core/canonical_number.hpp"
#include "value_hash.hpp"

namespace traitsync::profile {
namespace {

// Longer numbers are rare.
constexpr std::size_t plain_digits = 15;

// append_canonical_number for what most numbers are, a short whole number; 0 for any other.
std::size_t canonical_integer(std::array<char, plain_digits + 4>& out, std::string_view source) {
    auto const negative = source.starts_with('-');
    auto digits = source.substr(negative ? 1 : 0);
    if (source.size() > plain_digits || digits.front() == '0') return 0;
    for (char const c : digits) {
        if (c < '0' || c > '9') return 0;
    }
    std::size_t zeros = 0;
    while (digits.back() == '0') {
        digits.remove_suffix(1);
        ++zeros;
    }
    auto* to = out.data();
    if (negative) *to++ = '-';
    std::memcpy(to, digits.data(), digits.size());
    to += digits.size();
    *to++ = 'e';
    if (zeros >= 10) *to++ = '1';
    *to++ = static_cast<char>('0' + zeros % 10);
    return static_cast<std::size_t>(to - out.data());
}

}  // namespace

std::uint64_t hash_number(std::string_view source) {
    std::array<char, plain_digits + 4> plain;
    if (auto const n = canonical_integer(plain, source)) return hash_canonical_number({plain.data(), n});
    thread_local std::string canonical;
    canonical.clear();
    append_canonical_number(canonical, source);
    return hash_canonical_number(canonical);
}

}  // namespace traitsync::profile
