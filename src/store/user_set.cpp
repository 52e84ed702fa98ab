#include "traitsync/store/user_set.hpp"

#include <bit>

#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

unsigned byte_of(std::string const& bits, std::size_t i) { return static_cast<unsigned char>(bits[i]); }

}  // namespace

void user_set::add(std::int64_t no) {
    auto& bits = chunks_[no / chunk_users];
    if (bits.empty()) bits.assign(chunk_bytes, '\0');
    auto const place = static_cast<std::size_t>(no % chunk_users);
    bits[place / 8] = static_cast<char>(byte_of(bits, place / 8) | (1U << (place % 8)));
}

bool user_set::has(std::int64_t no) const {
    auto const found = chunks_.find(no / chunk_users);
    if (found == chunks_.end()) return false;
    auto const place = static_cast<std::size_t>(no % chunk_users);
    return (byte_of(found->second, place / 8) >> (place % 8) & 1U) != 0;
}

std::int64_t user_set::size() const {
    std::int64_t n = 0;
    for (auto const& [no, bits] : chunks_) {
        for (std::size_t i = 0; i < bits.size(); ++i) n += std::popcount(byte_of(bits, i));
    }
    return n;
}

std::optional<std::int64_t> user_set::next(std::int64_t after) const {
    auto const first = after + 1;
    for (auto at = chunks_.lower_bound(first / chunk_users); at != chunks_.end(); ++at) {
        auto const base = at->first * chunk_users;
        auto place = static_cast<std::size_t>(first > base ? first - base : 0);
        while (place < static_cast<std::size_t>(chunk_users)) {
            auto const rest = byte_of(at->second, place / 8) >> (place % 8);
            if (rest != 0) return base + static_cast<std::int64_t>(place) + std::countr_zero(rest);
            place = (place / 8 + 1) * 8;
        }
    }
    return std::nullopt;
}

std::int64_t user_set::missing_from(user_set const& other) const {
    std::int64_t n = 0;
    for (auto const& [no, bits] : other.chunks_) {
        auto const mine = chunks_.find(no);
        for (std::size_t i = 0; i < bits.size(); ++i) {
            auto const have = mine == chunks_.end() ? 0U : byte_of(mine->second, i);
            n += std::popcount(byte_of(bits, i) & ~have & 0xffU);
        }
    }
    return n;
}

void user_set::put_chunk(std::int64_t no, std::string bits) {
    if (bits.size() != chunk_bytes) throw damaged_content{"a stored set of users has a chunk of another size"};
    chunks_[no] = std::move(bits);
}

}  // namespace traitsync::store
