#include "traitsync/core/ids.hpp"

#include "traitsync/core/error.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

namespace traitsync {
namespace {

constexpr std::int64_t max_millis = (std::int64_t{1} << 48) - 1;
constexpr unsigned max_counter = 0xfff;  // rand_a: 12 bits

// Random bytes are taken from a pool: one call of RAND_bytes costs about as much for 16 bytes as for 1,000.
class random_pool {
public:
    void take(std::uint8_t* to, std::size_t n) {
        if (used_ + n > bytes_.size()) refill();
        std::memcpy(to, bytes_.data() + used_, n);
        used_ += n;
    }

private:
    void refill() {
        if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1) {
            throw broken_invariant{"OpenSSL has no random bytes: message ids cannot be made"};
        }
        used_ = 0;
    }

    std::array<std::uint8_t, 1'000> bytes_;
    std::size_t used_ = bytes_.size();
};

message_id at(std::int64_t ms) {
    static thread_local random_pool pool;
    message_id id;
    for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    pool.take(id.bytes.data() + 6, 10);
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x07));  // version 7, upper half left for counting
    id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));  // variant of RFC 9562
    return id;
}

unsigned counter_of(message_id const& id) { return (id.bytes[6] & 0x0fU) << 8 | id.bytes[7]; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string message_id::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(36, '-');
    std::size_t place = 0;
    for (std::uint8_t const byte : bytes) {
        if (is_dash_place(place)) ++place;
        out[place++] = digits[byte >> 4];
        out[place++] = digits[byte & 0x0f];
    }
    return out;
}

std::int64_t message_id::millis() const {
    std::int64_t ms = 0;
    for (int i = 0; i < 6; ++i) ms = ms << 8 | bytes[i];
    return ms;
}

std::optional<message_id> message_id::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    message_id id;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_place(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        int const value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        id.bytes[nibble / 2] = static_cast<std::uint8_t>(id.bytes[nibble / 2] << 4 | value);
        ++nibble;
    }
    return id;
}

message_id make_message_id(wall_time now, std::optional<message_id> const& after) {
    std::int64_t const ms = std::clamp<std::int64_t>(to_millis(now), 0, max_millis);
    if (!after || ms > after->millis()) return at(ms);

    message_id next = at(after->millis());
    unsigned const counter = counter_of(*after) + 1;
    if (counter <= max_counter) {
        next.bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
        next.bytes[7] = static_cast<std::uint8_t>(counter);
        if (next > *after) return next;  // not so only when `after` is no UUIDv7
    }
    if (after->millis() == max_millis) throw broken_invariant{"no message id is larger than " + after->text()};
    return at(after->millis() + 1);
}

}  // namespace traitsync
