#include "stored_documents.hpp"

namespace traitsync::demo {

std::size_t stored_documents::rank(document_order order, place const& where, bool inclusive) const {
    if (order == document_order::by_id) {
        return by_id_.rank([&](stored const& d) {
            int const side = std::string_view{d.id}.compare(where.id);
            return side < 0 || (inclusive && side == 0);
        });
    }
    return by_time_.rank([&](stored const& d) {
        if (d.modified != where.time) return d.modified < where.time;
        if (where.after_ties) return true;
        int const side = std::string_view{d.id}.compare(where.id);
        return side < 0 || (inclusive && side == 0);
    });
}

void stored_documents::walk(document_order order, std::size_t from, visitor const& visit) const {
    auto const each = [&](stored const& d) { return visit(d.view()); };
    if (order == document_order::by_id) {
        by_id_.walk(from, each);
    } else {
        by_time_.walk(from, each);
    }
}

bool stored_documents::find(std::string_view id, visitor const& visit) const {
    auto const found = documents_.find(id);
    if (found == documents_.end()) return false;
    visit(found->second->view());
    return true;
}

bool stored_documents::put(std::string id, std::string source, std::int64_t modified) {
    // A million documents: what a string holds in reserve counts.
    source.shrink_to_fit();
    auto const found = documents_.find(id);
    if (found == documents_.end()) {
        auto fresh = std::make_unique<stored>(stored{std::move(id), std::move(source), modified});
        by_id_.insert(fresh.get());
        by_time_.insert(fresh.get());
        std::string_view const key = fresh->id;
        documents_.emplace(key, std::move(fresh));
        return true;
    }
    auto& present = *found->second;
    present.source = std::move(source);
    if (present.modified != modified) {
        by_time_.erase(&present);
        present.modified = modified;
        by_time_.insert(&present);
    }
    return true;
}

bool stored_documents::remove(std::string_view id) {
    auto const found = documents_.find(id);
    if (found == documents_.end()) return true;
    by_id_.erase(found->second.get());
    by_time_.erase(found->second.get());
    documents_.erase(found);
    return true;
}

}  // namespace traitsync::demo
