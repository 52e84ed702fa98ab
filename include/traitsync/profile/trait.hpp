#pragma once
// The closed set of top-level traits that a profile has at Segment: the rows of the seed table.

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traitsync::profile {

// The order is the fixed order of traits in a message and in a split. Stored in the file: append only.
enum class trait : std::uint8_t {
    id,
    created_at,
    modified_time,
    first_seen_time,
    last_seen_time,
    name,
    email,
    username,
    company,
    campaign,
    clearbit,
    last_24_hour_agg_results,
    metadata,
    user_agent,
};
inline constexpr std::size_t trait_count = 14;

std::string_view name_of(trait t);  // as Segment sees it: createdAt, last24HourAggResults, ...
std::optional<trait> trait_named(std::string_view name);
std::vector<std::string> trait_names();  // all of them

// A set of traits.
class trait_set {
public:
    constexpr trait_set() = default;
    constexpr explicit trait_set(std::uint32_t bits) : bits_{bits} {}
    constexpr std::uint32_t bits() const { return bits_; }
    constexpr bool has(trait t) const { return (bits_ >> static_cast<unsigned>(t) & 1U) != 0; }
    constexpr void add(trait t) { bits_ |= 1U << static_cast<unsigned>(t); }
    constexpr void remove(trait t) { bits_ &= ~(1U << static_cast<unsigned>(t)); }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr int size() const { return std::popcount(bits_); }
    constexpr bool operator==(trait_set const&) const = default;
    friend constexpr trait_set operator|(trait_set a, trait_set b) { return trait_set{a.bits_ | b.bits_}; }
    friend constexpr trait_set operator&(trait_set a, trait_set b) { return trait_set{a.bits_ & b.bits_}; }
    friend constexpr trait_set operator-(trait_set a, trait_set b) { return trait_set{a.bits_ & ~b.bits_}; }
    static constexpr trait_set all() { return trait_set{(1U << trait_count) - 1U}; }

private:
    std::uint32_t bits_ = 0;
};

constexpr trait trait_at(std::size_t index) { return static_cast<trait>(index); }
constexpr std::size_t index_of(trait t) { return static_cast<std::size_t>(t); }

}  // namespace traitsync::profile
