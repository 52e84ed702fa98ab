#pragma once
// What the readers and the writer of JSON ask of single bytes, many at a time where the processor can.

#include <bit>
#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace traitsync::json {

inline bool is_white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What can follow or wrongly touch a number, true, false or null.
inline bool ends_scalar(char c) {
    return is_white(c) || c == ',' || c == ':' || c == ']' || c == '}' || c == '[' || c == '{' || c == '"';
}

// The first `"` or `\` at or after `pos`; text.size() where there is none.
inline std::size_t find_quote_or_backslash(std::string_view text, std::size_t pos) {
#ifdef __SSE2__
    for (; pos + 16 <= text.size(); pos += 16) {
        __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(text.data() + pos));
        __m128i const hit =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
        auto const bits = static_cast<unsigned>(_mm_movemask_epi8(hit));
        if (bits != 0) return pos + static_cast<std::size_t>(std::countr_zero(bits));
    }
#endif
    while (pos < text.size() && text[pos] != '"' && text[pos] != '\\') ++pos;
    return pos;
}

// The first byte at or after `pos` that cannot stand in a JSON string as it is: ", \ or a control character.
inline std::size_t find_to_escape(std::string_view text, std::size_t pos) {
#ifdef __SSE2__
    for (; pos + 16 <= text.size(); pos += 16) {
        __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(text.data() + pos));
        __m128i const control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        __m128i const hit = _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
        auto const bits = static_cast<unsigned>(_mm_movemask_epi8(hit));
        if (bits != 0) return pos + static_cast<std::size_t>(std::countr_zero(bits));
    }
#endif
    while (pos < text.size() && text[pos] != '"' && text[pos] != '\\' &&
           static_cast<unsigned char>(text[pos]) >= 0x20) {
        ++pos;
    }
    return pos;
}

}  // namespace traitsync::json
