#include "json_slice.hpp"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

namespace traitsync::demo {

namespace {

// Accepts every event: basic_parser itself does the checking.
struct nothing {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    using failure = boost::json::error_code;
    using text = boost::json::string_view;

    bool on_document_begin(failure&) { return true; }
    bool on_document_end(failure&) { return true; }
    bool on_array_begin(failure&) { return true; }
    bool on_array_end(std::size_t, failure&) { return true; }
    bool on_object_begin(failure&) { return true; }
    bool on_object_end(std::size_t, failure&) { return true; }
    bool on_string_part(text, std::size_t, failure&) { return true; }
    bool on_string(text, std::size_t, failure&) { return true; }
    bool on_key_part(text, std::size_t, failure&) { return true; }
    bool on_key(text, std::size_t, failure&) { return true; }
    bool on_number_part(text, failure&) { return true; }
    bool on_int64(std::int64_t, text, failure&) { return true; }
    bool on_uint64(std::uint64_t, text, failure&) { return true; }
    bool on_double(double, text, failure&) { return true; }
    bool on_bool(bool, failure&) { return true; }
    bool on_null(failure&) { return true; }
    bool on_comment_part(text, failure&) { return true; }
    bool on_comment(text, failure&) { return true; }
};

constexpr std::size_t max_levels = 128;

std::size_t skip_space(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) ++at;
    return at;
}

// One past the closing quote of the string that begins at `at`; npos when it does not close.
std::size_t string_end(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

std::size_t value_end(std::string_view text, std::size_t at) {
    if (at >= text.size()) return std::string_view::npos;
    if (text[at] == '"') return string_end(text, at);
    if (text[at] != '{' && text[at] != '[') {
        std::size_t const end = text.find_first_of(",]} \t\r\n", at);
        return end == std::string_view::npos ? text.size() : end;
    }
    std::size_t level = 0;
    while (at < text.size()) {
        char const c = text[at];
        if (c == '"') {
            at = string_end(text, at);
            if (at == std::string_view::npos) return at;
            continue;
        }
        if (c == '{' || c == '[') ++level;
        if ((c == '}' || c == ']') && --level == 0) return at + 1;
        ++at;
    }
    return std::string_view::npos;
}

// Walks an object ('{') or array ('['): each(key literal or empty, value).
template <class F>
void walk(std::string_view text, char opening, F each) {
    std::size_t at = skip_space(text, 0);
    if (at >= text.size() || text[at] != opening) return;
    at = skip_space(text, at + 1);
    while (at < text.size() && text[at] != '}' && text[at] != ']') {
        std::string_view key;
        if (opening == '{') {
            std::size_t const key_end = text[at] == '"' ? string_end(text, at) : std::string_view::npos;
            if (key_end == std::string_view::npos) return;
            key = text.substr(at, key_end - at);
            at = skip_space(text, key_end);
            if (at >= text.size() || text[at] != ':') return;
            at = skip_space(text, at + 1);
        }
        std::size_t const end = value_end(text, at);
        if (end == std::string_view::npos || end == at) return;
        each(key, text.substr(at, end - at));
        at = skip_space(text, end);
        if (at < text.size() && text[at] == ',') at = skip_space(text, at + 1);
    }
}

bool same_key(std::string_view literal, std::string_view key) {
    if (literal.find('\\') == std::string_view::npos) return literal.substr(1, literal.size() - 2) == key;
    return string_of(literal) == key;
}

}  // namespace

bool is_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = max_levels;
    boost::json::basic_parser<nothing> parser{options};
    boost::json::error_code failure;
    std::size_t const used = parser.write_some(false, text.data(), text.size(), failure);
    return !failure && skip_space(text, used) == text.size();
}

std::vector<slice_member> members_of(std::string_view object) {
    std::vector<slice_member> members;
    walk(object, '{', [&](std::string_view key, std::string_view value) {
        auto decoded = string_of(key);
        if (decoded) members.push_back({std::move(*decoded), value});
    });
    return members;
}

std::vector<std::string_view> elements_of(std::string_view array) {
    std::vector<std::string_view> elements;
    walk(array, '[', [&](std::string_view, std::string_view value) { elements.push_back(value); });
    return elements;
}

std::optional<std::string_view> member_of(std::string_view object, std::string_view key) {
    std::optional<std::string_view> found;
    walk(object, '{', [&](std::string_view literal, std::string_view value) {
        if (same_key(literal, key)) found = value;
    });
    return found;
}

std::optional<std::string> string_of(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
    if (value.find('\\') == std::string_view::npos) return std::string{value.substr(1, value.size() - 2)};
    boost::json::error_code failure;
    auto const parsed = boost::json::parse({value.data(), value.size()}, failure);
    if (failure || !parsed.is_string()) return std::nullopt;
    return std::string{parsed.get_string()};
}

bool is_object(std::string_view value) { return !value.empty() && value.front() == '{'; }

}  // namespace traitsync::demo
