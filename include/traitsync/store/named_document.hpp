#pragma once
// A live document and whose it is.

#include <string>

namespace traitsync::store {

struct named_document {
    std::string own_id;  // the user's or company's own
    std::string doc_id;  // Moesif's `_id`
};

}  // namespace traitsync::store
