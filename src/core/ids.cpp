#include "traitsync/core/ids.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace traitsync {
namespace {

// Random bytes by the kilobyte: one call an id would cost a microsecond.
void random_bytes(std::uint8_t* out, std::size_t size) {
    thread_local std::array<std::uint8_t, 4096> pool;
    thread_local std::size_t used = pool.size();
    if (used + size > pool.size()) {
        if (RAND_bytes(pool.data(), static_cast<int>(pool.size())) != 1) throw std::bad_alloc{};
        used = 0;
    }
    std::memcpy(out, pool.data() + used, size);
    used += size;
}

constexpr std::int64_t max_millis = (std::int64_t{1} << 48) - 1;

}  // namespace

std::int64_t message_id::millis() const {
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | bytes[i];
    return ms;
}

std::string message_id::text() const {
    constexpr char const* digits = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
        out.push_back(digits[bytes[i] >> 4]);
        out.push_back(digits[bytes[i] & 15]);
    }
    return out;
}

std::optional<message_id> message_id::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    message_id id;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return std::nullopt;
            continue;
        }
        int value = 0;
        if (c >= '0' && c <= '9') {
            value = c - '0';
        } else if (c >= 'a' && c <= 'f') {
            value = c - 'a' + 10;
        } else if (c >= 'A' && c <= 'F') {
            value = c - 'A' + 10;
        } else {
            return std::nullopt;
        }
        auto& byte = id.bytes[nibble / 2];
        byte = static_cast<std::uint8_t>(nibble % 2 == 0 ? value << 4 : byte | value);
        ++nibble;
    }
    return id;
}

message_id make_message_id(wall_time now, std::optional<message_id> const& after) {
    message_id id;
    random_bytes(id.bytes.data() + 6, 10);
    auto ms = std::clamp<std::int64_t>(to_millis(now), 0, max_millis);
    unsigned counter = (static_cast<unsigned>(id.bytes[6]) << 8 | id.bytes[7]) & 0x7ff;  // upper half left for counting
    if (after && after->millis() >= ms) {
        ms = after->millis();
        counter = ((static_cast<unsigned>(after->bytes[6]) << 8 | after->bytes[7]) & 0xfff) + 1;
        if (counter > 0xfff) {
            counter = 0;
            ++ms;
        }
    }
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
    id.bytes[7] = static_cast<std::uint8_t>(counter);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

}  // namespace traitsync
