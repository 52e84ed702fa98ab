#pragma once
// Documents that are made when they are read: a million of them cost four bytes each.

#include <vector>

#include "document_set.hpp"
#include "traitsync/demo/moesif_service.hpp"

namespace traitsync::demo {

class made_documents : public document_set {
public:
    explicit made_documents(generated_documents recipe);

    std::size_t size() const override { return recipe_.count; }
    std::size_t rank(document_order order, place const& where, bool inclusive) const override;
    void walk(document_order order, std::size_t from, visitor const& visit) const override;
    bool find(std::string_view id, visitor const& visit) const override;
    bool put(std::string, std::string, std::int64_t) override { return false; }
    bool remove(std::string_view) override { return false; }

private:
    std::int64_t modified(std::size_t index) const;

    generated_documents recipe_;
    std::vector<std::uint32_t> by_time_;  // indexes in the order (modification time, id)
};

}  // namespace traitsync::demo
