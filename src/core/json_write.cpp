#include "traitsync/core/json.hpp"

#include "json_bytes.hpp"

#include <cstring>

namespace traitsync::json {
namespace {

void append_escape(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.push_back('\\');
    switch (c) {
        case '"':
        case '\\':
            out.push_back(c);
            return;
        case '\b':
            out.push_back('b');
            return;
        case '\f':
            out.push_back('f');
            return;
        case '\n':
            out.push_back('n');
            return;
        case '\r':
            out.push_back('r');
            return;
        case '\t':
            out.push_back('t');
            return;
        default:
            break;
    }
    out.append("u00");
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 0x0f]);
}

// The comma behind the last child becomes the bracket.
void close(std::string& out, char bracket, bool empty) {
    if (empty) {
        out.push_back(bracket);
    } else {
        out.back() = bracket;
    }
}

}  // namespace

void append_quoted(std::string& out, std::string_view s) {
    std::size_t next = find_to_escape(s, 0);
    if (next == s.size()) {
        // Nearly every string: one resize, no bookkeeping between the quotes.
        std::size_t const at = out.size();
        out.resize(at + s.size() + 2);
        char* const to = out.data() + at;
        to[0] = '"';
        if (!s.empty()) std::memcpy(to + 1, s.data(), s.size());
        to[s.size() + 1] = '"';
        return;
    }
    out.push_back('"');
    for (std::size_t done = 0;; next = find_to_escape(s, done)) {
        out.append(s.substr(done, next - done));
        if (next == s.size()) break;
        append_escape(out, s[next]);
        done = next + 1;
    }
    out.push_back('"');
}

void append(std::string& out, value const& v) {
    switch (v.type) {
        case kind::null:
            out.append("null", 4);
            return;
        case kind::boolean:
            out.append(v.boolean ? "true" : "false");
            return;
        case kind::number:
            out.append(v.text);
            return;
        case kind::string:
            append_quoted(out, v.text);
            return;
        case kind::array: {
            out.push_back('[');
            for (value const& element : v.elements()) {
                append(out, element);
                out.push_back(',');
            }
            close(out, ']', v.count == 0);
            return;
        }
        case kind::object: {
            out.push_back('{');
            for (member const& m : v.members()) {
                append_quoted(out, m.key);
                out.push_back(':');
                append(out, m.val);
                out.push_back(',');
            }
            close(out, '}', v.count == 0);
            return;
        }
    }
}

}  // namespace traitsync::json
