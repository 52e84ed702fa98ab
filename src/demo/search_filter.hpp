#pragma once
// The subset of the engine's query language that the built-in Moesif understands: match_all, term, terms, range,
// bool with filter, must and must_not. Everything else is an error for a 400.

#include <boost/json/fwd.hpp>
#include <boost/json/string_view.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document_set.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::demo {

inline std::string_view view_of(boost::json::string_view s) { return {s.data(), s.size()}; }
inline error refused_search(std::string text) { return {fault::invalid, std::move(text)}; }

// A value as a query or a document states it.
struct scalar {
    enum class kind : std::uint8_t { none, text, number, boolean } type = kind::none;
    std::string text;  // also a number's source text
    double number = 0;
    bool boolean = false;
};

struct filter {
    enum class kind : std::uint8_t { all, equals, range, conjunction, negation } type = kind::all;
    std::string field;                               // equals and range
    std::vector<scalar> values;                      // equals: any of them
    std::optional<scalar> above, from, upto, below;  // range: gt, gte, lte, lt
    std::vector<filter> parts;                       // conjunction; negation holds when none of them does
};

result<filter> parse_filter(boost::json::value const& query);

bool matches(filter const& wanted, document_view const& document);

// Modification times from `first` to `last`, both included.
struct time_window {
    std::int64_t first = INT64_MIN;
    std::int64_t last = no_time;  // no_time: those without a date too
};

// The window when the filter asks for nothing else: then the index alone answers it.
std::optional<time_window> window_of(filter const& wanted);

// The value at a dotted path of a JSON object, as source text.
std::optional<std::string_view> value_at(std::string_view source, std::string_view path);

// Epoch milliseconds of a date in a document or a query; nothing for what is no date.
std::optional<std::int64_t> date_of(scalar const& value);
scalar scalar_of(std::string_view json);

}  // namespace traitsync::demo
