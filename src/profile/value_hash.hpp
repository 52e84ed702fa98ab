#pragma once
// Hashes of values by their meaning. They are stored in the file and compared between runs: changing one of
// these functions or constants needs a new mapping version (rules.cpp). Private to profile/.

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace traitsync::profile {

// Kinds get seeds of their own, so that "1" and 1, [] and {} differ.
inline constexpr std::uint64_t string_seed = 0x7472616974000001;
inline constexpr std::uint64_t number_seed = 0x7472616974000002;
inline constexpr std::uint64_t key_seed = 0x7472616974000003;
inline constexpr std::uint64_t null_hash = 0x9ae16a3b2f90404f;
inline constexpr std::uint64_t true_hash = 0xc3a5c85c97cb3127;
inline constexpr std::uint64_t false_hash = 0xb492b66fbe98f273;
inline constexpr std::uint64_t array_seed = 0x2545f4914f6cdd1d;
inline constexpr std::uint64_t object_seed = 0x9e3779b97f4a7c15;

inline std::uint64_t hash_string(std::string_view s) { return XXH3_64bits_withSeed(s.data(), s.size(), string_seed); }
inline std::uint64_t hash_key(std::string_view s) { return XXH3_64bits_withSeed(s.data(), s.size(), key_seed); }
// `s`: the canonical form of a number.
inline std::uint64_t hash_canonical_number(std::string_view s) {
    return XXH3_64bits_withSeed(s.data(), s.size(), number_seed);
}

// One hash of two in order.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using wide = unsigned __int128;
    auto const product = static_cast<wide>(a ^ 0x8ebc6af09c88c6e3) * (b ^ 0x589965cc75374cc3);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64) ^ a;
}

// Members in any order: their mixes are added.
inline std::uint64_t member_hash(std::string_view key, std::uint64_t value) { return mix(hash_key(key), value); }
inline std::uint64_t object_hash(std::uint64_t sum, std::uint64_t count) { return mix(sum ^ object_seed, count); }

inline std::uint64_t not_zero(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

}  // namespace traitsync::profile
