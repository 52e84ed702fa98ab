#include "source_fields.hpp"

#include "json_slice.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::demo {

namespace {

// How a member stands to the list: wanted whole, wanted in part (the names below it), or not at all.
struct choice {
    bool whole = false;
    std::vector<std::string> below;
};

choice choose(std::string_view key, std::vector<std::string> const& names) {
    choice c;
    for (std::string_view const name : names) {
        if (name == key) c.whole = true;
        if (name.size() > key.size() + 1 && name.starts_with(key) && name[key.size()] == '.') {
            c.below.emplace_back(name.substr(key.size() + 1));
        }
    }
    return c;
}

// Empty when nothing of the value is wanted.
std::string reduced(std::string_view value, std::vector<std::string> const& names) {
    if (is_object(value)) {
        auto inner = only_fields(value, names);
        return inner == "{}" ? std::string{} : inner;
    }
    std::string list;
    for (auto const element : elements_of(value)) {
        auto const inner = reduced(element, names);
        if (inner.empty()) continue;
        list += list.empty() ? "[" : ",";
        list += inner;
    }
    return list.empty() ? list : list + "]";
}

}  // namespace

std::string only_fields(std::string_view object, std::vector<std::string> const& names) {
    std::string out = "{";
    for (auto const& member : members_of(object)) {
        auto const chosen = choose(member.key, names);
        std::string const value = chosen.whole           ? std::string{member.value}
                                  : chosen.below.empty() ? std::string{}
                                                         : reduced(member.value, chosen.below);
        if (value.empty()) continue;
        if (out.size() > 1) out += ',';
        json::append_quoted(out, member.key);
        out += ':';
        out += value;
    }
    return out + "}";
}

}  // namespace traitsync::demo
