// Finding where a JSON value ends without reading it: 64 bytes at a time become bit masks of quotes and
// brackets, brackets inside strings are masked out, and only the remaining ones are counted one by one.

#include "traitsync/core/json.hpp"

#include "json_bytes.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace traitsync::json {
namespace {

constexpr std::size_t block_size = 64;

struct block_masks {
    std::uint64_t quotes = 0;
    std::uint64_t backslashes = 0;
    std::uint64_t opening = 0;
    std::uint64_t closing = 0;
};

// `[` and `{`, `]` and `}` differ only in the bit 0x20.
block_masks masks_of(char const* block) {
    block_masks out;
#ifdef __SSE2__
    for (int i = 0; i < 4; ++i) {
        __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(block + 16 * i));
        __m128i const folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        auto const where = [i](__m128i lane, char c) {
            auto const bits = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(lane, _mm_set1_epi8(c))));
            return std::uint64_t{bits} << (16 * i);
        };
        out.quotes |= where(bytes, '"');
        out.backslashes |= where(bytes, '\\');
        out.opening |= where(folded, '{');
        out.closing |= where(folded, '}');
    }
#else
    for (std::size_t i = 0; i < block_size; ++i) {
        std::uint64_t const bit = std::uint64_t{1} << i;
        if (block[i] == '"') out.quotes |= bit;
        if (block[i] == '\\') out.backslashes |= bit;
        if ((block[i] | 0x20) == '{') out.opening |= bit;
        if ((block[i] | 0x20) == '}') out.closing |= bit;
    }
#endif
    return out;
}

// The bytes that a backslash in front makes harmless. `carry` is 1 when the block before ended in such a backslash.
std::uint64_t escaped_bytes(std::uint64_t backslashes, std::uint64_t& carry) {
    if (backslashes == 0) return std::exchange(carry, 0);
    constexpr std::uint64_t even = 0x5555'5555'5555'5555;
    backslashes &= ~carry;
    std::uint64_t const follows = backslashes << 1 | carry;
    std::uint64_t const odd_starts = backslashes & ~even & ~follows;
    std::uint64_t sum = 0;
    carry = __builtin_add_overflow(odd_starts, backslashes, &sum) ? 1 : 0;
    return (even ^ sum << 1) & follows;
}

// Bit i: whether an odd number of quotes stands at or before i.
std::uint64_t prefix_xor(std::uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

std::size_t end_of_container(std::string_view text, std::size_t pos) {
    std::uint64_t inside = 0;  // all ones while a string reaches over from the block before
    std::uint64_t carry = 0;
    std::size_t depth = 0;
    for (; pos < text.size(); pos += block_size) {
        char padded[block_size];
        char const* block = text.data() + pos;
        if (text.size() - pos < block_size) {
            std::memset(padded, ' ', block_size);
            std::memcpy(padded, block, text.size() - pos);
            block = padded;
        }
        block_masks const masks = masks_of(block);
        std::uint64_t const quotes = masks.quotes & ~escaped_bytes(masks.backslashes, carry);
        std::uint64_t const in_string = prefix_xor(quotes) ^ inside;
        inside = in_string >> 63 ? ~std::uint64_t{0} : 0;
        std::uint64_t brackets = (masks.opening | masks.closing) & ~in_string;
        for (; brackets != 0; brackets &= brackets - 1) {
            int const at = std::countr_zero(brackets);
            if (masks.opening >> at & 1) {
                ++depth;
            } else if (--depth == 0) {
                return pos + static_cast<std::size_t>(at) + 1;
            }
        }
    }
    return std::string_view::npos;
}

std::size_t end_of_string(std::string_view text, std::size_t pos) {
    for (++pos;; pos += 2) {
        pos = find_quote_or_backslash(text, pos);
        if (pos >= text.size()) return std::string_view::npos;
        if (text[pos] == '"') return pos + 1;
    }
}

}  // namespace

std::size_t skip_value(std::string_view text, std::size_t& pos) {
    while (pos < text.size() && is_white(text[pos])) ++pos;
    if (pos >= text.size()) return std::string_view::npos;
    switch (text[pos]) {
        case '{':
        case '[':
            return end_of_container(text, pos);
        case '"':
            return end_of_string(text, pos);
        default:
            break;
    }
    std::size_t end = pos;
    while (end < text.size() && !ends_scalar(text[end])) ++end;
    return end == pos ? std::string_view::npos : end;
}

bool is_number(std::string_view token) {
    std::size_t pos = 0;
    auto const digits = [&] {
        std::size_t const begin = pos;
        while (pos < token.size() && is_digit(token[pos])) ++pos;
        return pos > begin;
    };
    auto const mark = [&](char c) {
        bool const found = pos < token.size() && token[pos] == c;
        pos += found ? 1 : 0;
        return found;
    };
    mark('-');
    if (!mark('0') && !digits()) return false;
    if (mark('.') && !digits()) return false;
    if (mark('e') || mark('E')) {
        if (!mark('+')) mark('-');
        if (!digits()) return false;
    }
    return pos == token.size();
}

}  // namespace traitsync::json
