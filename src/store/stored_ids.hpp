#pragma once
// How a message's id stands in the store: its 16 bytes. Private to store/.

#include <cstring>
#include <string_view>

#include "statement.hpp"
#include "traitsync/core/error.hpp"
#include "traitsync/core/ids.hpp"

namespace traitsync::store {

// The id's own bytes: it must outlive the statement's step.
inline blob blob_of(message_id const& id) {
    return {{reinterpret_cast<char const*>(id.bytes.data()), id.bytes.size()}};
}

inline message_id id_of(std::string_view bytes) {
    message_id id;
    if (bytes.size() != id.bytes.size()) throw damaged_content{"a stored message id is not 16 bytes long"};
    std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
    return id;
}

}  // namespace traitsync::store
