#include "traitsync/core/sha256.hpp"

#include "traitsync/core/error.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <new>
#include <vector>

namespace traitsync {
namespace {

// Fetched once and kept: EVP_sha256() alone makes OpenSSL look the digest up at each use.
EVP_MD const* digest_method() {
    static EVP_MD const* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (method == nullptr) throw broken_invariant{"OpenSSL has no SHA-256"};
    return method;
}

std::string hex(unsigned char const* data, std::size_t size) {
    constexpr char const* digits = "0123456789abcdef";
    std::string out;
    out.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        out.push_back(digits[data[i] >> 4]);
        out.push_back(digits[data[i] & 15]);
    }
    return out;
}

}  // namespace

std::array<unsigned char, 32> sha256(std::string_view data) {
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, digest_method(), nullptr) != 1)
        throw std::bad_alloc{};
    return digest;
}

std::string sha256_hex(std::string_view data) {
    auto const digest = sha256(data);
    return hex(digest.data(), digest.size());
}

std::array<unsigned char, 32> hmac_sha256(std::string_view key, std::string_view data) {
    std::array<unsigned char, 32> digest{};
    unsigned size = digest.size();
    if (key.data() == nullptr) key = "";  // OpenSSL takes a null pointer for "the key of the last time"
    if (!HMAC(digest_method(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<unsigned char const*>(data.data()), data.size(), digest.data(), &size)) {
        throw std::bad_alloc{};
    }
    return digest;
}

std::string hex_of(std::array<unsigned char, 32> const& digest) { return hex(digest.data(), digest.size()); }

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> raw(bytes);
    if (RAND_bytes(raw.data(), static_cast<int>(bytes)) != 1) throw broken_invariant{"OpenSSL has no random bytes"};
    return hex(raw.data(), raw.size());
}

std::string base64(std::string_view data) {
    std::string out((data.size() + 2) / 3 * 4 + 1, '\0');
    auto const size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<unsigned char const*>(data.data()), static_cast<int>(data.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

}  // namespace traitsync
