#pragma once
// Documents kept as the text they were put in with: one string each, and two ranked lists of pointers.

#include <memory>
#include <unordered_map>

#include "document_set.hpp"
#include "ranked_list.hpp"

namespace traitsync::demo {

class stored_documents : public document_set {
public:
    std::size_t size() const override { return by_id_.size(); }
    std::size_t rank(document_order order, place const& where, bool inclusive) const override;
    void walk(document_order order, std::size_t from, visitor const& visit) const override;
    bool find(std::string_view id, visitor const& visit) const override;
    bool put(std::string id, std::string source, std::int64_t modified) override;
    bool remove(std::string_view id) override;

private:
    struct stored {
        std::string id;
        std::string source;
        std::int64_t modified;
        document_view view() const { return {id, modified, source}; }
    };
    struct id_before {
        bool operator()(stored const& a, stored const& b) const { return a.id < b.id; }
    };
    struct time_before {
        bool operator()(stored const& a, stored const& b) const {
            return a.modified != b.modified ? a.modified < b.modified : a.id < b.id;
        }
    };

    std::unordered_map<std::string_view, std::unique_ptr<stored>> documents_;  // keys view the documents' ids
    ranked_list<stored, id_before> by_id_;
    ranked_list<stored, time_before> by_time_;
};

}  // namespace traitsync::demo
