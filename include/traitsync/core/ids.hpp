#pragma once
// Identifiers that must not be mixed up in silence, and the maker of message ids.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/core/clock.hpp"

namespace traitsync {

struct user_id {
    std::string text;
    auto operator<=>(user_id const&) const = default;
};

struct company_id {
    std::string text;
    auto operator<=>(company_id const&) const = default;
};

// A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then a counter and random bits. Compares
// bytewise in the order of making.
struct message_id {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(message_id const&) const = default;

    std::string text() const;  // 36 characters, lower case
    std::int64_t millis() const;
    static std::optional<message_id> parse(std::string_view text);
};

// A new id, larger than `after`, also when the clock went back. Made at random otherwise: Segment's id
// space is shared by all its customers.
message_id make_message_id(wall_time now, std::optional<message_id> const& after);

}  // namespace traitsync
