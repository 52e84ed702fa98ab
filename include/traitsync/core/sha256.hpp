#pragma once
// Digests, random texts and base64 over OpenSSL.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace traitsync {

std::array<unsigned char, 32> sha256(std::string_view data);
std::string sha256_hex(std::string_view data);
std::array<unsigned char, 32> hmac_sha256(std::string_view key, std::string_view data);
std::string hex_of(std::array<unsigned char, 32> const& digest);
std::string random_hex(std::size_t bytes);  // twice as many digits
std::string base64(std::string_view data);

}  // namespace traitsync
