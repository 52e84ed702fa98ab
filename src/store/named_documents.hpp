#pragma once
// Rows of (own id, document). Private to store/.

#include <vector>

#include "statement.hpp"
#include "traitsync/store/named_document.hpp"

namespace traitsync::store {

inline std::vector<named_document> named_documents_of(statement& s) {
    std::vector<named_document> list;
    while (s.step()) list.push_back({std::string{s.text(0)}, std::string{s.text(1)}});
    return list;
}

}  // namespace traitsync::store
