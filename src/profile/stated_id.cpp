#include "traitsync/profile/stated_id.hpp"

#include <algorithm>
#include <array>

#include "field_table.hpp"
#include "scalars.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/core/json_members.hpp"

namespace traitsync::profile {
namespace {

struct parts {
    std::string_view document;
    std::optional<std::string> key;  // `_id` beside `_source`
};

std::optional<std::string> id_of(std::string_view value) {
    json::document scalar;
    std::string id;
    if (scalar.parse(value) != json::parse_fault::none || !to_id(id, scalar.root())) return std::nullopt;
    return id;
}

parts parts_of(std::string_view raw) {
    parts found{raw, std::nullopt};
    json::each_member(raw, [&](std::string_view key, std::string_view value) {
        if (key == "_source" && value.starts_with('{')) found.document = value;
        if (key == "_id") found.key = id_of(value);
    });
    return found;
}

template <auto const& Fields>
std::optional<std::string> stated_id(std::string_view raw) {
    auto const [document, document_key] = parts_of(raw);
    std::array<std::optional<std::string>, Fields.size()> ids;
    json::each_member(document, [&](std::string_view key, std::string_view value) {
        auto const at = Fields.find(key);
        // Of a key that comes twice the last counts, usable or not.
        if (at != Fields.none && Fields[at].what == field::id) ids[at] = id_of(value);
    });
    auto const first = std::ranges::find_if(ids, [](auto const& id) { return id.has_value(); });
    return first != ids.end() ? *first : document_key;
}

template <auto const& Fields>
bool has_own_id(std::string_view raw) {
    bool found = false;
    json::each_member(raw, [&](std::string_view key, std::string_view value) {
        auto const at = Fields.find(key);
        found = found || (at != Fields.none && Fields[at].what == field::id && key != "_id" && id_of(value));
    });
    return found;
}

template <auto const& Fields>
std::optional<std::int64_t> stated_modified(std::string_view document) {
    std::array<std::string_view, Fields.size()> times;
    json::each_member(document, [&](std::string_view key, std::string_view value) {
        auto const at = Fields.find(key);
        if (at != Fields.none && Fields[at].what == field::modified) times[at] = value;
    });
    for (auto const text : times) {
        json::document scalar;
        if (text.empty() || scalar.parse(text) != json::parse_fault::none) continue;
        auto const& value = scalar.root();
        if (value.is_null()) return std::nullopt;
        if (value.is_string() || value.is_number()) return to_millis(value);
    }
    return std::nullopt;
}

}  // namespace

std::string_view document_of(std::string_view raw) { return parts_of(raw).document; }

bool has_own_user_id(std::string_view document) { return has_own_id<user_fields>(document); }
bool has_own_company_id(std::string_view document) { return has_own_id<company_fields>(document); }

std::optional<std::int64_t> stated_user_modified(std::string_view document) {
    return stated_modified<user_fields>(document);
}
std::optional<std::int64_t> stated_company_modified(std::string_view document) {
    return stated_modified<company_fields>(document);
}

std::optional<std::string> stated_user_id(std::string_view raw) { return stated_id<user_fields>(raw); }
std::optional<std::string> stated_company_id(std::string_view raw) { return stated_id<company_fields>(raw); }

}  // namespace traitsync::profile
