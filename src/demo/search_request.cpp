#include "search_request.hpp"

#include <boost/json.hpp>

#include <fmt/format.h>

#include <limits>

namespace traitsync::demo {

namespace {

result<boost::json::object> parse_body(std::string_view body) {
    if (body.empty()) return boost::json::object{};
    boost::json::error_code failure;
    auto parsed = boost::json::parse({body.data(), body.size()}, failure);
    if (failure) return refused_search("the body is not JSON: " + failure.message());
    if (!parsed.is_object()) return refused_search("the body must be a JSON object");
    return std::move(parsed.get_object());
}

result<std::size_t> parse_number(boost::json::value const& v, std::string_view name) {
    if (!v.is_int64() || v.get_int64() < 0) return refused_search(fmt::format("[{}] must be a number from 0 on", name));
    return static_cast<std::size_t>(v.get_int64());
}

std::optional<sort_field> field_named(std::string_view name) {
    if (name == "modified_time") return sort_field::modified_time;
    if (name == "last_seen_time") return sort_field::last_seen_time;
    if (name == "_id") return sort_field::id;
    if (name == "user_id.raw") return sort_field::user_id;
    if (name == "company_id.raw") return sort_field::company_id;
    return std::nullopt;
}

result<bool> is_descending(boost::json::value const& order) {
    if (order.is_string() && view_of(order.get_string()) == "asc") return false;
    if (order.is_string() && view_of(order.get_string()) == "desc") return true;
    return refused_search("[sort] order must be asc or desc");
}

result<bool> direction_of(boost::json::value const& v) {
    if (!v.is_object()) return is_descending(v);
    bool descending = false;
    for (auto const& option : v.get_object()) {
        auto const name = view_of(option.key());
        if (name == "order") {
            TRY_ASSIGN(descending, is_descending(option.value()));
        } else if (name != "unmapped_type" || !option.value().is_string()) {
            return refused_search(fmt::format("[sort] does not support [{}]", name));
        }
    }
    return descending;
}

result<sort_key> parse_sort_key(boost::json::value const& v) {
    sort_key key;
    std::string name;
    if (v.is_string()) {
        name = view_of(v.get_string());
    } else if (v.is_object() && v.get_object().size() == 1) {
        auto const& member = *v.get_object().begin();
        name = view_of(member.key());
        TRY_ASSIGN(key.descending, direction_of(member.value()));
    } else {
        return refused_search("[sort] takes field names and {field: order}");
    }
    auto const field = field_named(name);
    if (!field) return refused_search(fmt::format("no sort on [{}]: it has no doc values", name));
    key.field = *field;
    return key;
}

result<std::vector<sort_key>> parse_sort(boost::json::value const& v) {
    std::vector<sort_key> keys;
    if (!v.is_array()) return refused_search("[sort] must be a list");
    for (auto const& element : v.get_array()) {
        TRY_ASSIGN(auto key, parse_sort_key(element));
        keys.push_back(key);
    }
    return keys;
}

result<sort_value> parse_after_value(boost::json::value const& v, sort_key const& key) {
    sort_value value;
    if (!key.is_date()) {
        if (v.is_string()) {
            value.text = std::string{view_of(v.get_string())};
        } else if (!v.is_null() || key.field == sort_field::id) {
            return refused_search("[search_after] must hold a string for an id");
        }
        return value;
    }
    if (v.is_int64()) {
        value.time = v.get_int64();
    } else if (v.is_null()) {
        value.time = missing_date(key.descending);
    } else {
        auto const time =
            v.is_string() ? date_of({scalar::kind::text, std::string{view_of(v.get_string())}}) : std::nullopt;
        if (!time) return refused_search("[search_after] must hold milliseconds or a date for a date");
        value.time = *time;
    }
    return value;
}

result<std::vector<sort_value>> parse_after(boost::json::value const& v, std::vector<sort_key> const& keys) {
    if (!v.is_array() || keys.empty() || v.get_array().size() != keys.size()) {
        return refused_search(
            fmt::format("[search_after] must be a list of {} values, one for each [sort] key", keys.size()));
    }
    std::vector<sort_value> values;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        TRY_ASSIGN(auto value, parse_after_value(v.get_array()[i], keys[i]));
        values.push_back(std::move(value));
    }
    return values;
}

result<std::vector<std::string>> parse_source(boost::json::value const& v) {
    if (!v.is_array()) return refused_search("[_source] must be a list of field names");
    std::vector<std::string> names;
    for (auto const& name : v.get_array()) {
        bool const plain = name.is_string() && !name.get_string().empty() &&
                           view_of(name.get_string()).find('*') == std::string_view::npos;
        if (!plain) return refused_search("[_source] takes plain field names");
        names.emplace_back(view_of(name.get_string()));
    }
    return names;
}

result<void> add_filter(search_request& request, boost::json::value const& query) {
    TRY_ASSIGN(auto part, parse_filter(query));
    request.wanted.type = filter::kind::conjunction;
    request.wanted.parts.push_back(std::move(part));
    return {};
}

result<void> read_member(search_request& request, std::string_view name, boost::json::value const& value) {
    if (name == "size") {
        TRY_ASSIGN(request.size, parse_number(value, name));
    } else if (name == "from") {
        TRY_ASSIGN(request.from, parse_number(value, name));
    } else if (name == "sort") {
        TRY_ASSIGN(request.sort, parse_sort(value));
    } else if (name == "_source") {
        TRY_ASSIGN(request.source, parse_source(value));
    } else if (name == "query" || name == "post_filter") {
        TRY(add_filter(request, value));
    } else if (name != "search_after") {
        return refused_search(fmt::format("unknown key [{}]", name));
    }
    return {};
}

}  // namespace

std::int64_t missing_date(bool descending) {
    return descending ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

result<search_request> parse_search(std::string_view body) {
    TRY_ASSIGN(auto const members, parse_body(body));
    search_request request;
    for (auto const& member : members) TRY(read_member(request, view_of(member.key()), member.value()));
    if (request.size > result_window || request.from + request.size > result_window) {
        return refused_search(fmt::format("Result window is too large, from + size must be at most {}", result_window));
    }
    if (auto const* after = members.if_contains("search_after")) {
        // Behind the other members: the list is read against `sort`, wherever that stands.
        if (request.from > 0) return refused_search("[from] must be 0 when [search_after] is used");
        TRY_ASSIGN(request.after, parse_after(*after, request.sort));
    }
    return request;
}

result<filter> parse_count(std::string_view body) {
    TRY_ASSIGN(auto const members, parse_body(body));
    filter wanted;
    for (auto const& member : members) {
        if (view_of(member.key()) != "query")
            return refused_search(fmt::format("unknown key [{}]", view_of(member.key())));
        TRY_ASSIGN(wanted, parse_filter(member.value()));
    }
    return wanted;
}

}  // namespace traitsync::demo
