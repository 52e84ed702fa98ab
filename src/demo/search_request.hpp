#pragma once
// The body of a search as the built-in Moesif understands it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search_filter.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::demo {

enum class sort_field : std::uint8_t { modified_time, last_seen_time, id, user_id, company_id };

struct sort_key {
    sort_field field = sort_field::id;
    bool descending = false;
    bool is_date() const { return field == sort_field::modified_time || field == sort_field::last_seen_time; }
};

// One value of `sort` or `search_after`: milliseconds for dates, text for ids; absent ids sort last.
struct sort_value {
    std::int64_t time = 0;
    std::optional<std::string> text;
};

struct search_request {
    std::size_t size = 10;
    std::size_t from = 0;
    std::vector<sort_key> sort;
    std::optional<std::vector<sort_value>> after;
    filter wanted;                    // query and post_filter together
    std::vector<std::string> source;  // wanted fields, dotted; empty: the whole document
};

// The window of the engine: `size` and `from` + `size` end here.
inline constexpr std::size_t result_window = 10'000;

// Errors are the text for a 400.
result<search_request> parse_search(std::string_view body);

// A count takes `query` alone.
result<filter> parse_count(std::string_view body);

// What sorts last in that direction, as the engine reports it for a document without a date.
std::int64_t missing_date(bool descending);

}  // namespace traitsync::demo
