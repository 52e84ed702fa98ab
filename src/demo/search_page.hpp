#pragma once
// One page of a search: which documents, in which order, as the text of the answer.

#include <cstddef>
#include <string>

#include "document_set.hpp"
#include "search_request.hpp"

namespace traitsync::demo {

struct page_style {
    bool total_as_object = false;
    bool bare = false;       // hits without sort, no took, no timed_out
    bool timed_out = false;  // half of the hits
};

struct page_text {
    std::string body;
    std::size_t hits = 0;
};

page_text answer_search(document_set const& documents, search_request const& request, page_style const& style);

std::size_t count_matches(document_set const& documents, filter const& wanted);

// {"_id", "_source", "sort"}, or the members of the source after "_id" when flat.
std::string single_document(document_view const& document, bool flat);

}  // namespace traitsync::demo
