// Moesif's answers taken apart without parsing them, against a parse of the whole.
#include "traitsync/moesif/page.hpp"

#include "fuzz.hpp"
#include "traitsync/core/json.hpp"

namespace {

using namespace traitsync;
using fuzz::check;

bool lies_within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_hit(moesif::hit const& h, std::string_view body) {
    check(lies_within(h.raw, body) && lies_within(h.source, body) && lies_within(h.sort, body),
          "views point into the body");
    check(!h.raw.empty() && !h.source.empty(), "a hit has its bytes");
    check(h.sort.empty() || h.sort.front() == '[', "sort is an array");
}

// What a parse of the whole body finds, where it is JSON that our parser takes.
void compare(moesif::page const& page, std::string_view body) {
    json::document whole;
    if (whole.parse(body) != json::parse_fault::none) return;
    auto const* const hits = whole.root().find("hits");
    check(hits != nullptr && hits->is_object(), "hits is an object");
    auto const* const list = hits->find("hits");
    check(list != nullptr && list->is_array(), "hits.hits is an array");
    check(list->elements().size() == page.hits.size(), "as many hits");
    json::document one;
    std::string expected, found;
    for (std::size_t i = 0; i < page.hits.size(); ++i) {
        auto const& element = list->elements()[i];
        auto const* const source = element.find("_source");
        check(page.hits[i].has_source == (source != nullptr), "has a source");
        check(one.parse(page.hits[i].source) == json::parse_fault::none, "the source is JSON by itself");
        expected.clear();
        found.clear();
        json::append(expected, source != nullptr ? *source : element);
        json::append(found, one.root());
        check(expected == found, "the same source");
        auto const* const id = element.find("_id");
        if (id == nullptr || (!id->is_string() && !id->is_number())) check(page.hits[i].id.empty(), "no id");
        if (id != nullptr && id->is_string()) check(page.hits[i].id == id->text, "the same id");
        auto const* const sort = element.find("sort");
        check(page.hits[i].sort.empty() == (sort == nullptr || !sort->is_array()), "has a sort value");
    }
    auto const* const timed_out = whole.root().find("timed_out");
    check(page.timed_out == (timed_out != nullptr && timed_out->type == json::kind::boolean && timed_out->boolean),
          "timed_out");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const body = fuzz::text_of(data, size);
    if (auto const page = moesif::split_page(body)) {
        for (auto const& h : page->hits) check_hit(h, body);
        compare(*page, body);
    } else {
        check(!page.error().what.empty() && page.error().kind == fault::unavailable, "an error in words");
        json::document whole;
        auto const* list = whole.parse(body) == json::parse_fault::none ? whole.root().find("hits") : nullptr;
        if (list != nullptr) list = list->find("hits");
        check(list == nullptr || !list->is_array(), "what has the documented form is taken");
    }
    if (auto const hit = moesif::single_document(body)) check_hit(*hit, body);
    return 0;
}
