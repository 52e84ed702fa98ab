#include "made_documents.hpp"

#include <algorithm>
#include <numeric>

namespace traitsync::demo {

namespace {

// The first number in [0, count) that is_before does not hold for.
template <class IsBefore>
std::size_t partition(std::size_t count, IsBefore is_before) {
    std::size_t low = 0;
    while (count > 0) {
        std::size_t const half = count / 2;
        if (is_before(low + half)) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

}  // namespace

made_documents::made_documents(generated_documents recipe) : recipe_{std::move(recipe)}, by_time_(recipe_.count) {
    std::iota(by_time_.begin(), by_time_.end(), 0U);
    std::vector<std::int64_t> times(recipe_.count);
    for (std::size_t i = 0; i < recipe_.count; ++i) times[i] = modified(i);
    // Ids grow with the index, so equal times are already in the order of their ids.
    std::stable_sort(by_time_.begin(), by_time_.end(), [&](auto a, auto b) { return times[a] < times[b]; });
}

std::int64_t made_documents::modified(std::size_t index) const {
    return recipe_.modified ? recipe_.modified(index).value_or(no_time) : no_time;
}

std::size_t made_documents::rank(document_order order, place const& where, bool inclusive) const {
    auto const id_is_before = [&](std::size_t index) {
        int const side = std::string_view{recipe_.id(index)}.compare(where.id);
        return side < 0 || (inclusive && side == 0);
    };
    if (order == document_order::by_id) return partition(recipe_.count, id_is_before);
    return partition(recipe_.count, [&](std::size_t n) {
        std::int64_t const time = modified(by_time_[n]);
        if (time != where.time) return time < where.time;
        return where.after_ties || id_is_before(by_time_[n]);
    });
}

void made_documents::walk(document_order order, std::size_t from, visitor const& visit) const {
    std::string source;
    for (std::size_t n = from; n < recipe_.count; ++n) {
        std::size_t const index = order == document_order::by_id ? n : by_time_[n];
        source.clear();
        recipe_.source(index, source);
        std::string const id = recipe_.id(index);
        if (!visit({id, modified(index), source})) return;
    }
}

bool made_documents::find(std::string_view id, visitor const& visit) const {
    std::size_t const at = rank(document_order::by_id, {0, id}, false);
    if (at >= recipe_.count || recipe_.id(at) != id) return false;
    walk(document_order::by_id, at, [&](document_view const& d) {
        visit(d);
        return false;
    });
    return true;
}

}  // namespace traitsync::demo
