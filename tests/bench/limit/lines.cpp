#include "lines.hpp"

#include "page_reader.hpp"

namespace traitsync::bench::limit {
namespace {

// The first line of `rest`, its end included, and its key.
struct head {
    std::string_view line, key;
};

head head_of(std::string_view rest) {
    if (rest.empty()) return {};
    auto const line = rest.substr(0, rest.find('\n') + 1);
    return {line, line.substr(0, line.find(key_end))};
}

}  // namespace

void difference(std::string_view before, std::string_view now, std::string& out) {
    while (!before.empty() || !now.empty()) {
        auto const a = head_of(before), b = head_of(now);
        if (now.empty() || (!before.empty() && a.key < b.key)) {
            out += a.key;
            out += key_end;
            out += "null\n";
            before.remove_prefix(a.line.size());
            continue;
        }
        now.remove_prefix(b.line.size());
        if (!before.empty() && a.key == b.key) before.remove_prefix(a.line.size());
        if (a.line != b.line) out += b.line;
    }
}

void merge(std::string_view state, std::string_view change, std::string& out) {
    while (!state.empty() || !change.empty()) {
        auto const a = head_of(state), b = head_of(change);
        if (change.empty() || (!state.empty() && a.key < b.key)) {
            out += a.line;
            state.remove_prefix(a.line.size());
            continue;
        }
        out += b.line;
        change.remove_prefix(b.line.size());
        if (!state.empty() && a.key == b.key) state.remove_prefix(a.line.size());
    }
}

void append_members(std::string& out, std::string_view lines) {
    for (bool first = true; !lines.empty(); first = false) {
        auto const end = lines.find('\n');
        auto const line = lines.substr(0, end);
        auto const key = line.substr(0, line.find(key_end));
        out += first ? "\"" : ",\"";
        out += key;
        out += "\":";
        out += line.substr(key.size() + 1);
        lines.remove_prefix(end + 1);
    }
}

}  // namespace traitsync::bench::limit
