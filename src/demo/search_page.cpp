#include "search_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "json_slice.hpp"
#include "source_fields.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::demo {

namespace {

// What a hit carries beside its document, as source text; empty without `sort`.
using sort_text = std::string;

struct selection {
    std::size_t total = 0;
    std::string hits;
    std::size_t count = 0;
};

sort_value value_of(document_view const& document, sort_key const& key) {
    sort_value value;
    switch (key.field) {
        case sort_field::modified_time:
            value.time = document.modified == no_time ? missing_date(key.descending) : document.modified;
            return value;
        case sort_field::last_seen_time: {
            auto const slice = value_at(document.source, "last_seen_time");
            value.time = (slice ? date_of(scalar_of(*slice)) : std::nullopt).value_or(missing_date(key.descending));
            return value;
        }
        case sort_field::id:
            value.text = std::string{document.id};
            return value;
        case sort_field::user_id:
        case sort_field::company_id: {
            auto const slice = value_at(document.source, key.field == sort_field::user_id ? "user_id" : "company_id");
            auto found = slice ? scalar_of(*slice) : scalar{};
            if (found.type == scalar::kind::text || found.type == scalar::kind::number)
                value.text = std::move(found.text);
            return value;
        }
    }
    return value;
}

int compare(sort_value const& a, sort_value const& b, sort_key const& key) {
    int side = 0;
    if (key.is_date()) {
        side = a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
    } else {
        if (a.text.has_value() != b.text.has_value()) return a.text ? -1 : 1;  // absent is last either way
        side = a.text ? a.text->compare(*b.text) : 0;
    }
    return key.descending ? -side : side;
}

int compare(std::vector<sort_value> const& a, std::vector<sort_value> const& b, std::vector<sort_key> const& keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (int const side = compare(a[i], b[i], keys[i]); side != 0) return side;
    }
    return 0;
}

void append_sort_value(std::string& out, sort_value const& value, sort_key const& key) {
    if (key.is_date()) {
        out += std::to_string(value.time);
    } else if (value.text) {
        json::append_quoted(out, *value.text);
    } else {
        out += "null";
    }
}

void append_hit(std::string& out, document_view const& document, search_request const& request, sort_text const& sort) {
    if (!out.empty()) out += ',';
    out += '{';
    if (!document.id.empty()) {
        out += "\"_id\":";
        json::append_quoted(out, document.id);
        out += ',';
    }
    out += "\"_source\":";
    if (request.source.empty()) {
        out += document.source;
    } else {
        out += only_fields(document.source, request.source);
    }
    if (!sort.empty()) {
        out += ",\"sort\":[";
        out += sort;
        out += ']';
    }
    out += '}';
}

// The index answers these sorts: by `_id`, by modified_time, by both, all ascending; and none at all.
std::optional<document_order> indexed_order(std::vector<sort_key> const& keys) {
    for (auto const& key : keys) {
        if (key.descending) return std::nullopt;
    }
    if (keys.empty() || (keys.size() == 1 && keys[0].field == sort_field::id)) return document_order::by_id;
    bool const by_time = keys[0].field == sort_field::modified_time &&
                         (keys.size() == 1 || (keys.size() == 2 && keys[1].field == sort_field::id));
    return by_time ? std::optional{document_order::by_time} : std::nullopt;
}

void append_indexed_sort(sort_text& out, document_view const& document, std::vector<sort_key> const& keys) {
    out.clear();
    for (auto const& key : keys) {
        if (!out.empty()) out += ',';
        if (key.field == sort_field::id) {
            json::append_quoted(out, document.id);
        } else {
            out += std::to_string(document.modified);
        }
    }
}

std::size_t start_of(document_set const& documents, document_order order, search_request const& request) {
    if (!request.after) return 0;
    auto const& after = *request.after;
    place where;
    if (order == document_order::by_id) {
        where.id = after[0].text ? std::string_view{*after[0].text} : std::string_view{};
    } else {
        where.time = after[0].time;
        where.after_ties = after.size() == 1 || !after[1].text;
        if (!where.after_ties) where.id = *after[1].text;
    }
    return documents.rank(order, where, true);
}

selection select_indexed(document_set const& documents, search_request const& request, page_style const& style,
                         document_order order) {
    selection page;
    std::size_t first = start_of(documents, order, request);
    std::size_t last = documents.size();
    auto const window = window_of(request.wanted);
    bool const sliced = window && order == document_order::by_time;  // the window is a run of the index
    if (sliced) {
        std::size_t const begin = documents.rank(order, {window->first, {}}, false);
        last = std::max(begin, documents.rank(order, {window->last, {}, true}, true));
        first = std::max(first, begin);
        page.total = last - begin;
    } else {
        page.total = count_matches(documents, request.wanted);
    }
    bool const test_each = !sliced && request.wanted.type != filter::kind::all;
    std::size_t skip = request.from;
    sort_text sort;
    if (request.size == 0 || first >= last) return page;
    if (!test_each) {
        first += skip;
        skip = 0;
    }
    documents.walk(order, first, [&](document_view const& document) {
        if (first++ >= last) return false;
        if (test_each && !matches(request.wanted, document)) return true;
        if (skip > 0) {
            --skip;
            return true;
        }
        if (!style.bare) append_indexed_sort(sort, document, request.sort);
        if (page.count == 0)
            page.hits.reserve(std::min(request.size, last - first + 1) * (document.source.size() + 128));
        append_hit(page.hits, document, request, sort);
        return ++page.count < request.size;
    });
    return page;
}

// Any other sort: all matching documents are read and sorted anew.
selection select_sorted(document_set const& documents, search_request const& request, page_style const& style) {
    struct candidate {
        std::vector<sort_value> keys;
        std::string id;
        std::string source;
    };
    std::vector<candidate> found;
    selection page;
    documents.walk(document_order::by_id, 0, [&](document_view const& document) {
        if (!matches(request.wanted, document)) return true;
        ++page.total;
        std::vector<sort_value> keys;
        for (auto const& key : request.sort) keys.push_back(value_of(document, key));
        if (request.after && compare(keys, *request.after, request.sort) <= 0) return true;
        found.push_back({std::move(keys), std::string{document.id}, std::string{document.source}});
        return true;
    });
    std::stable_sort(found.begin(), found.end(),
                     [&](candidate const& a, candidate const& b) { return compare(a.keys, b.keys, request.sort) < 0; });
    for (std::size_t i = request.from; i < found.size() && page.count < request.size; ++i, ++page.count) {
        sort_text sort;
        for (std::size_t k = 0; k < request.sort.size() && !style.bare; ++k) {
            if (k > 0) sort += ',';
            append_sort_value(sort, found[i].keys[k], request.sort[k]);
        }
        append_hit(page.hits, {found[i].id, no_time, found[i].source}, request, sort);
    }
    return page;
}

std::string total_text(std::size_t total, bool as_object) {
    if (!as_object) return std::to_string(total);
    // The engine stops counting at its window unless asked.
    return fmt::format(R"({{"value":{},"relation":"{}"}})", std::min(total, result_window),
                       total > result_window ? "gte" : "eq");
}

}  // namespace

page_text answer_search(document_set const& documents, search_request const& request, page_style const& style) {
    auto asked = request;
    if (style.timed_out) asked.size = (request.size + 1) / 2;
    auto const order = indexed_order(asked.sort);
    auto const page = order ? select_indexed(documents, asked, style, *order) : select_sorted(documents, asked, style);
    page_text answer;
    answer.hits = page.count;
    answer.body.reserve(page.hits.size() + 128);
    answer.body += style.bare ? "{" : fmt::format(R"({{"took":{},"timed_out":{},)", 3, style.timed_out);
    answer.body += fmt::format(R"("hits":{{"total":{},"hits":[)", total_text(page.total, style.total_as_object));
    answer.body += page.hits;
    answer.body += "]}}";
    return answer;
}

std::size_t count_matches(document_set const& documents, filter const& wanted) {
    if (auto const window = window_of(wanted)) {
        std::size_t const begin = documents.rank(document_order::by_time, {window->first, {}}, false);
        std::size_t const end = documents.rank(document_order::by_time, {window->last, {}, true}, true);
        return end > begin ? end - begin : 0;
    }
    std::size_t count = 0;
    documents.walk(document_order::by_id, 0, [&](document_view const& document) {
        if (matches(wanted, document)) ++count;
        return true;
    });
    return count;
}

std::string single_document(document_view const& document, bool flat) {
    std::string id;
    json::append_quoted(id, document.id);
    if (!flat) {
        return fmt::format(R"({{"_id":{},"_source":{},"sort":[{}]}})", id, document.source, document.modified);
    }
    std::string body = "{\"_id\":" + id;
    for (auto const& member : members_of(document.source)) {
        if (member.key == "_id") continue;
        body += ',';
        json::append_quoted(body, member.key);
        body += ':';
        body += member.value;
    }
    return body + "}";
}

}  // namespace traitsync::demo
