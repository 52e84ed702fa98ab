#include "salted_hash.hpp"

#include "traitsync/core/sha256.hpp"

namespace traitsync::engine {

std::string salted_hash(store::session& s, std::string_view text) {
    auto salt = s.meta.text("salt");
    if (!salt) {
        salt = random_hex(16);
        s.meta.set("salt", *salt);
    }
    return sha256_hex(*salt + "\n" + std::string{text});
}

}  // namespace traitsync::engine
