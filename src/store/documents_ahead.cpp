#include "documents_ahead.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace traitsync::store {

void documents_ahead::begin(std::string_view after, std::string_view last) {
    after_ = after;
    last_ = last;
    added_to_.clear();
    count_ = next_ = 0;
    active_ = same_ids_ = true;
}

void documents_ahead::add(std::string_view id, document_row row) {
    if (count_ == entries_.size()) entries_.emplace_back();
    auto& e = entries_[count_++];
    e.id = id;
    e.row = std::move(row);
    e.is_stale = false;
}

void documents_ahead::cut_off() {
    if (count_ == 0) return end();
    last_ = entries_[count_ - 1].id;
}

documents_ahead::entry* documents_ahead::known(std::string_view id) {
    if (next_ == count_ || entries_[next_].id != id) {
        auto const all = std::span{entries_}.first(count_);
        next_ = static_cast<std::size_t>(std::ranges::lower_bound(all, id, {}, &entry::id) - all.begin());
        if (next_ == count_ || entries_[next_].id != id) return nullptr;
    }
    return &entries_[next_++];
}

std::optional<std::optional<document_row>> documents_ahead::find(std::string_view id) {
    if (!covers(id)) return std::nullopt;
    if (auto const* e = known(id)) {
        if (e->is_stale) return std::nullopt;
        return std::optional{e->row};
    }
    if (id <= added_to_) return std::nullopt;
    return std::optional<document_row>{};
}

bool documents_ahead::each(std::string_view after, std::string_view last,
                           std::function<void(std::string_view)> const& visit) const {
    if (!active_ || !same_ids_ || after != after_ || last != last_) return false;
    for (auto const& e : std::span{entries_}.first(count_)) visit(e.id);
    return true;
}

void documents_ahead::written(std::string_view id) {
    if (!covers(id)) return;
    if (auto* e = known(id)) {
        e->is_stale = true;
        return;
    }
    if (id > added_to_) added_to_ = id;
    same_ids_ = false;
}

void documents_ahead::removed(std::string_view id) {
    if (!covers(id)) return;
    if (auto* e = known(id)) e->is_stale = true;
    same_ids_ = false;
}

}  // namespace traitsync::store
