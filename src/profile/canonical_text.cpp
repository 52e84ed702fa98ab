#include "traitsync/profile/canonical_text.hpp"

#include <map>

#include "scalars.hpp"
#include "traitsync/core/canonical_number.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {
namespace {

bool append_canonical(std::string& out, json::value const& v);

void append_elements(std::string& out, json::value const& v) {
    out.push_back('[');
    auto const start = out.size();
    for (auto const& e : v.elements()) {
        if (out.size() > start) out.push_back(',');
        if (!append_canonical(out, e)) out += "null";
    }
    out.push_back(']');
}

void append_members(std::string& out, json::value const& v) {
    // Of keys that differ by U+0000 alone the clean one stays, else the first: as the writer does.
    std::map<std::string, json::member const*, std::less<>> sorted;
    std::string buffer;
    for (auto const& m : v.members()) {
        auto const key = without_nul(m.key, buffer);
        auto const [at, fresh] = sorted.emplace(std::string{key}, &m);
        if (!fresh && key.size() == m.key.size()) at->second = &m;
    }
    out.push_back('{');
    auto const start = out.size();
    for (auto const& [key, m] : sorted) {
        auto const before = out.size();
        if (before > start) out.push_back(',');
        json::append_quoted(out, key);
        out.push_back(':');
        if (!append_canonical(out, m->val)) out.resize(before);
    }
    out.push_back('}');
}

bool append_canonical(std::string& out, json::value const& v) {
    std::string buffer;
    switch (v.type) {
        case json::kind::object:
            append_members(out, v);
            return true;
        case json::kind::array:
            append_elements(out, v);
            return true;
        case json::kind::string:
            json::append_quoted(out, without_nul(v.text, buffer));
            return true;
        case json::kind::number:
            if (is_beyond_double(v.text)) return false;
            // Whole numbers as people write them.
            if (to_whole(buffer, v.text)) {
                out += buffer;
            } else {
                append_shortest_number(out, v.text);
            }
            return true;
        case json::kind::boolean:
            out += v.boolean ? "true" : "false";
            return true;
        case json::kind::null:
            break;
    }
    out += "null";
    return true;
}

}  // namespace

std::string canonical_text(json::value const& v) {
    std::string out;
    append_canonical(out, v);
    return out;
}

}  // namespace traitsync::profile
