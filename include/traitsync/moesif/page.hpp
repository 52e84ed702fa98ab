#pragma once
// A search answer taken apart without parsing its documents: one odd document (too deep, of wrong types, huge) does
// not hurt its neighbours, and an unchanged one can be recognised by the hash of its bytes. Pure; any thread.
//
// All views point into the body, which must outlive them. Keys come in any order, unknown ones are skipped, of
// duplicates the last wins. Down to the members of each hit the JSON is checked; the inside of a value only for
// closing brackets and quotes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/error.hpp"

namespace traitsync::moesif {

struct hit {
    std::string_view raw;        // the whole hit
    std::string id = {};         // decoded `_id`, a number as decimal text; empty when missing or anything else
    std::string_view source;     // bytes of `_source`; of the whole hit when there is none (a flat document)
    bool has_source = false;     // whether `_source` was there, of whatever type
    std::string_view sort = {};  // raw JSON array, empty when missing
};

struct page {
    bool timed_out = false;
    std::optional<std::int64_t> total;  // as stated, a number or an object with `value`; advisory only
    std::vector<hit> hits;              // an element that is no object: its bytes as raw and source, no id
};

// The answer to a search. Error: fault::unavailable when it is not the documented form; the text names what was
// expected and what came, never the values of a document.
result<page> split_page(std::string_view body);

// Whose profiles these are: `org_id` of the first document that says it, empty where none does. Nothing without a
// document.
std::optional<std::string> organisation_of(page const& p);

// The answer to reading one document: {"_id", "_source": {…}}, or a flat document (also when `_source` is no
// object). Errors as above.
result<hit> single_document(std::string_view body);

}  // namespace traitsync::moesif
