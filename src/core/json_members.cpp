#include "traitsync/core/json_members.hpp"

#include "json_bytes.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::json {

void each_member(std::string_view object,
                 std::function<void(std::string_view key, std::string_view value)> const& visit) {
    std::size_t at = 0;
    auto const next_is = [&](char c) {
        while (at < object.size() && is_white(object[at])) ++at;
        auto const found = at < object.size() && object[at] == c;
        at += found ? 1 : 0;
        return found;
    };
    auto const take = [&](std::string_view& bytes) {
        auto const end = skip_value(object, at);
        if (end == std::string_view::npos) return false;
        bytes = object.substr(at, end - at);
        at = end;
        return true;
    };
    if (!next_is('{')) return;
    document decoded;
    do {
        std::string_view key, value;
        if (!take(key) || key.front() != '"' || !next_is(':') || !take(value)) return;
        key = key.substr(1, key.size() - 2);
        if (key.find('\\') != std::string_view::npos) {
            if (decoded.parse(object.substr(static_cast<std::size_t>(key.data() - object.data()) - 1,
                                            key.size() + 2)) != parse_fault::none)
                return;
            key = decoded.root().text;
        }
        visit(key, value);
    } while (next_is(','));
}

}  // namespace traitsync::json
