#pragma once
// What the pages of a full pass show, in their order, against what the store has in the same order. Private to engine/.

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/moesif/page.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::engine {

// The documents of a page by what Moesif sorts by: their `_id`, or where it refuses that, the profile's own id. Views
// into the page, which outlives it.
class shown_documents {
public:
    shown_documents(moesif::page const& page, store::pass_row const& pass);

    bool empty() const { return all_.empty(); }
    bool is_sorted() const;
    std::string_view first() const { return all_.front().key; }
    std::string_view last() const { return all_.back().key; }
    // Notes what the store has between the page before and this one's end and no page shows, and moves `last_key`.
    void note_missing_between(store::session& s, store::pass_row& pass) const;

private:
    struct one {
        std::string_view key, doc_id;
    };
    std::deque<std::string> own_ids_;
    std::vector<one> all_;

    bool has(std::size_t& at, std::string_view key, std::string_view doc_id) const;
};

// Of what the store has behind `after`, which no page shows any more, at most so many are noted; `after` becomes the
// key of the last one. True where there may be more.
bool note_missing_behind(store::session& s, store::pass_row const& pass, std::string& after, std::size_t most);

}  // namespace traitsync::engine
