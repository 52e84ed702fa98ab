#include "search_filter.hpp"

#include <boost/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "json_slice.hpp"
#include "traitsync/core/clock.hpp"

namespace traitsync::demo {

namespace {

bool is_date_field(std::string_view field) {
    return field.ends_with("_time") || field == "created" || field.ends_with("_at");
}

result<scalar> query_scalar(boost::json::value const& v) {
    scalar s;
    if (v.is_string()) {
        s.type = scalar::kind::text;
        s.text = std::string{view_of(v.get_string())};
    } else if (v.is_bool()) {
        s.type = scalar::kind::boolean;
        s.boolean = v.get_bool();
    } else if (v.is_number()) {
        s = scalar_of(boost::json::serialize(v));
    } else {
        return refused_search("a term must be a string, a number or a boolean");
    }
    return s;
}

// The one member of a clause such as {"term": {"<field>": …}}.
result<boost::json::key_value_pair const*> only_member(boost::json::value const& v, std::string_view clause) {
    if (!v.is_object() || v.get_object().size() != 1)
        return refused_search(fmt::format("[{}] must name one field", clause));
    return &*v.get_object().begin();
}

result<filter> parse_term(boost::json::value const& body) {
    TRY_ASSIGN(auto const* member, only_member(body, "term"));
    filter f{.type = filter::kind::equals, .field = std::string{view_of(member->key())}};
    boost::json::value const* value = &member->value();
    if (value->is_object()) {
        auto const* inner = value->get_object().if_contains("value");
        if (!inner || value->get_object().size() != 1) return refused_search("[term] takes a value or {\"value\": …}");
        value = inner;
    }
    TRY_ASSIGN(auto wanted, query_scalar(*value));
    f.values.push_back(std::move(wanted));
    return f;
}

result<filter> parse_terms(boost::json::value const& body) {
    TRY_ASSIGN(auto const* member, only_member(body, "terms"));
    filter f{.type = filter::kind::equals, .field = std::string{view_of(member->key())}};
    if (!member->value().is_array()) return refused_search("[terms] takes an array");
    for (auto const& value : member->value().get_array()) {
        TRY_ASSIGN(auto wanted, query_scalar(value));
        f.values.push_back(std::move(wanted));
    }
    return f;
}

result<filter> parse_range(boost::json::value const& body) {
    TRY_ASSIGN(auto const* member, only_member(body, "range"));
    filter f{.type = filter::kind::range, .field = std::string{view_of(member->key())}};
    if (!member->value().is_object()) return refused_search("[range] takes an object of bounds");
    for (auto const& bound : member->value().get_object()) {
        auto const name = view_of(bound.key());
        auto* const target = name == "gt"    ? &f.above
                             : name == "gte" ? &f.from
                             : name == "lte" ? &f.upto
                             : name == "lt"  ? &f.below
                                             : nullptr;
        if (!target) return refused_search(fmt::format("[range] query does not support [{}]", name));
        TRY_ASSIGN(auto wanted, query_scalar(bound.value()));
        if (is_date_field(f.field) && !date_of(wanted)) {
            return refused_search(fmt::format("failed to parse date field [{}] for [{}]", wanted.text, f.field));
        }
        *target = std::move(wanted);
    }
    return f;
}

result<std::vector<filter>> parse_clauses(boost::json::value const& body) {
    std::vector<filter> parts;
    if (!body.is_array()) {
        TRY_ASSIGN(auto only, parse_filter(body));
        parts.push_back(std::move(only));
        return parts;
    }
    for (auto const& clause : body.get_array()) {
        TRY_ASSIGN(auto part, parse_filter(clause));
        parts.push_back(std::move(part));
    }
    return parts;
}

result<filter> parse_bool(boost::json::value const& body) {
    if (!body.is_object()) return refused_search("[bool] takes an object");
    filter f{.type = filter::kind::conjunction};
    for (auto const& member : body.get_object()) {
        auto const name = view_of(member.key());
        if (name != "filter" && name != "must" && name != "must_not") {
            return refused_search(fmt::format("[bool] query does not support [{}]", name));
        }
        TRY_ASSIGN(auto parts, parse_clauses(member.value()));
        if (name == "must_not") {
            filter none{.type = filter::kind::negation};
            none.parts = std::move(parts);
            f.parts.push_back(std::move(none));
        } else {
            for (auto& part : parts) f.parts.push_back(std::move(part));
        }
    }
    return f;
}

// The value of the field in the document; `.raw` names the exact twin of a text field.
scalar field_of(document_view const& document, std::string_view field) {
    if (field == "_id") return {scalar::kind::text, std::string{document.id}};
    if (field == "modified_time") {
        if (document.modified == no_time) return {};
        return {scalar::kind::number, std::to_string(document.modified), static_cast<double>(document.modified)};
    }
    if (field.ends_with(".raw")) field.remove_suffix(4);
    auto const slice = value_at(document.source, field);
    return slice ? scalar_of(*slice) : scalar{};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A bare text field is analysed: a term meets its lower-case words, not its value.
bool has_word(std::string_view text, std::string_view word) {
    std::string present;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        char const c = i < text.size() ? lower(text[i]) : ' ';
        bool const in_word =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
        if (in_word) {
            present += c;
            continue;
        }
        if (!present.empty() && present == word) return true;
        present.clear();
    }
    return false;
}

bool equals(filter const& wanted, document_view const& document) {
    scalar const present = field_of(document, wanted.field);
    if (present.type == scalar::kind::none) return false;
    bool const date = is_date_field(wanted.field);
    bool const exact = wanted.field == "_id" || wanted.field.ends_with(".raw");
    return std::any_of(wanted.values.begin(), wanted.values.end(), [&](scalar const& value) {
        if (date) return date_of(value) && date_of(value) == date_of(present);
        if (present.type == scalar::kind::number)
            return value.type == scalar::kind::number && value.number == present.number;
        if (present.type == scalar::kind::boolean)
            return value.type == scalar::kind::boolean && value.boolean == present.boolean;
        return exact ? value.text == present.text : has_word(present.text, value.text);
    });
}

// Below 0, 0 or above 0 as `present` is before, at or after the bound; nothing when they do not compare.
std::optional<int> compare(scalar const& present, scalar const& bound, bool date) {
    auto const sign = [](auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; };
    if (date) {
        auto const a = date_of(present);
        auto const b = date_of(bound);
        if (!a || !b) return std::nullopt;
        return sign(*a, *b);
    }
    if (present.type == scalar::kind::none || present.type != bound.type) return std::nullopt;
    if (present.type == scalar::kind::number) return sign(present.number, bound.number);
    return sign(present.text, bound.text);
}

bool in_range(filter const& wanted, document_view const& document) {
    scalar const present = field_of(document, wanted.field);
    if (present.type == scalar::kind::none) return false;
    bool const date = is_date_field(wanted.field);
    auto const holds = [&](std::optional<scalar> const& bound, auto test) {
        if (!bound) return true;
        auto const side = compare(present, *bound, date);
        return side && test(*side);
    };
    return holds(wanted.above, [](int s) { return s > 0; }) && holds(wanted.from, [](int s) { return s >= 0; }) &&
           holds(wanted.upto, [](int s) { return s <= 0; }) && holds(wanted.below, [](int s) { return s < 0; });
}

std::int64_t next(std::int64_t time) { return time == INT64_MAX ? time : time + 1; }
std::int64_t previous(std::int64_t time) { return time == INT64_MIN ? time : time - 1; }

}  // namespace

scalar scalar_of(std::string_view text) {
    if (auto s = string_of(text)) return {scalar::kind::text, std::move(*s)};
    if (text == "true" || text == "false") return {scalar::kind::boolean, {}, 0, text == "true"};
    if (!text.empty() && (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'))) {
        std::string number{text};
        double const value = std::strtod(number.c_str(), nullptr);
        return {scalar::kind::number, std::move(number), value};
    }
    return {};
}

std::optional<std::int64_t> date_of(scalar const& value) {
    if (value.type != scalar::kind::text && value.type != scalar::kind::number) return std::nullopt;
    if (value.type == scalar::kind::number) {
        // Epoch milliseconds, whatever their size: that is what the engine's date fields mean by a number.
        if (value.text.find_first_of(".eE") != std::string::npos) return std::nullopt;
        return std::strtoll(value.text.c_str(), nullptr, 10);
    }
    auto const time = parse_time(value.text);
    if (!time) return std::nullopt;
    return to_millis(*time);
}

std::optional<std::string_view> value_at(std::string_view source, std::string_view path) {
    while (true) {
        if (auto const whole = member_of(source, path)) return whole;
        std::size_t const dot = path.find('.');
        if (dot == std::string_view::npos) return std::nullopt;
        auto const inner = member_of(source, path.substr(0, dot));
        if (!inner) return std::nullopt;
        source = *inner;
        path.remove_prefix(dot + 1);
    }
}

result<filter> parse_filter(boost::json::value const& query) {
    if (!query.is_object() || query.get_object().size() != 1)
        return refused_search("query malformed, one clause expected");
    auto const& clause = *query.get_object().begin();
    auto const name = view_of(clause.key());
    if (name == "match_all") {
        if (!clause.value().is_object() || !clause.value().get_object().empty())
            return refused_search("[match_all] takes {}");
        return filter{};
    }
    if (name == "term") return parse_term(clause.value());
    if (name == "terms") return parse_terms(clause.value());
    if (name == "range") return parse_range(clause.value());
    if (name == "bool") return parse_bool(clause.value());
    return refused_search(fmt::format("unknown query [{}]", name));
}

bool matches(filter const& wanted, document_view const& document) {
    auto const part_matches = [&](filter const& part) { return matches(part, document); };
    switch (wanted.type) {
        case filter::kind::all:
            return true;
        case filter::kind::equals:
            return equals(wanted, document);
        case filter::kind::range:
            return in_range(wanted, document);
        case filter::kind::conjunction:
            return std::all_of(wanted.parts.begin(), wanted.parts.end(), part_matches);
        case filter::kind::negation:
            return std::none_of(wanted.parts.begin(), wanted.parts.end(), part_matches);
    }
    return false;
}

std::optional<time_window> window_of(filter const& wanted) {
    time_window window;
    if (wanted.type == filter::kind::all) return window;
    if (wanted.type == filter::kind::range && wanted.field == "modified_time") {
        window.last = no_time - 1;
        if (wanted.above) window.first = std::max(window.first, next(*date_of(*wanted.above)));
        if (wanted.from) window.first = std::max(window.first, *date_of(*wanted.from));
        if (wanted.upto) window.last = std::min(window.last, *date_of(*wanted.upto));
        if (wanted.below) window.last = std::min(window.last, previous(*date_of(*wanted.below)));
        return window;
    }
    if (wanted.type != filter::kind::conjunction) return std::nullopt;
    for (auto const& part : wanted.parts) {
        auto const inner = window_of(part);
        if (!inner) return std::nullopt;
        window.first = std::max(window.first, inner->first);
        window.last = std::min(window.last, inner->last);
    }
    return window;
}

}  // namespace traitsync::demo
