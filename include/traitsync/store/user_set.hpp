#pragma once
// A set of user numbers, as bits: a million users take 125 KB.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace traitsync::store {

class user_set {
public:
    static constexpr std::int64_t chunk_users = 65'536;
    static constexpr std::size_t chunk_bytes = chunk_users / 8;
    using chunk_map = std::map<std::int64_t, std::string>;

    void add(std::int64_t no);
    bool has(std::int64_t no) const;
    std::int64_t size() const;
    // The smallest number after `after`.
    std::optional<std::int64_t> next(std::int64_t after) const;
    // How many of `other` are not in this set.
    std::int64_t missing_from(user_set const& other) const;

    chunk_map const& chunks() const { return chunks_; }
    void put_chunk(std::int64_t no, std::string bits);

private:
    chunk_map chunks_;
};

}  // namespace traitsync::store
