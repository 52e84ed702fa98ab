#include "traitsync/moesif/page.hpp"

#include "envelope.hpp"
#include "traitsync/core/canonical_number.hpp"
#include "traitsync/core/json.hpp"

#include <fmt/core.h>

#include <charconv>

namespace traitsync::moesif {
namespace {

constexpr std::size_t shown_bytes = 60;

std::string_view name_of_form(char first) {
    switch (first) {
        case '{':
            return "an object";
        case '[':
            return "an array";
        case '"':
            return "a string";
        case 't':
        case 'f':
            return "a truth value";
        case 'n':
            return "null";
        default:
            return "a number";
    }
}

std::string printable_begin(std::string_view body) {
    std::string out{body.substr(0, shown_bytes)};
    for (char& c : out) {
        if (c < 0x20 || c > 0x7e) c = ' ';
    }
    return out;
}

error undocumented(std::string_view expected, std::string_view came) {
    return {.kind = fault::unavailable,
            .what = fmt::format("Moesif's answer is not the documented form: expected {}, got {}", expected, came)};
}

// What came instead of JSON. The begin is shown only of a text that cannot be a document: a proxy's page, a plain
// message.
error not_json(std::string_view expected, envelope& at, std::string_view body) {
    std::size_t const broken_at = at.position();
    envelope whole{body};
    char const first = whole.peek();
    if (whole.at_end()) return undocumented(expected, "an empty body");
    if (first == '{' || first == '[' || first == '"') {
        return undocumented(expected,
                            fmt::format("text that is no JSON from byte {} of {} on", broken_at, body.size()));
    }
    return undocumented(expected, fmt::format("\"{}\"", printable_begin(body.substr(whole.position()))));
}

std::string id_of(std::string_view value) {
    if (value.front() == '"') return decoded_string(value).value_or(std::string{});
    if (!json::is_number(value)) return {};
    std::string id;
    if (append_plain_integer(id, value)) return id;
    bool const has_exponent = value.find_first_of("eE") != std::string_view::npos;
    return has_exponent ? std::string{} : std::string{value};
}

std::optional<std::int64_t> count_of(std::string_view value) {
    std::int64_t count = 0;
    auto const [end, failure] = std::from_chars(value.data(), value.data() + value.size(), count);
    if (failure != std::errc{} || end != value.data() + value.size() || count < 0) return std::nullopt;
    return count;
}

// 420, or {"value": 10000, "relation": "gte"}; anything else counts as missing.
bool read_total(envelope& at, std::optional<std::int64_t>& total) {
    std::string_view value;
    total.reset();
    if (at.peek() != '{') {
        if (!at.value(value)) return false;
        total = count_of(value);
        return true;
    }
    return at.members([&](std::string_view key) {
        bool const is_value = key == "value";
        if (!at.value(value)) return false;
        if (is_value) total = count_of(value);
        return true;
    });
}

bool read_hit(envelope& at, hit& out) {
    char const first = at.peek();
    std::size_t const begin = at.position();
    std::string_view value;
    bool const good = first != '{' ? at.value(value) : at.members([&](std::string_view key) {
        enum {
            id,
            source,
            sort,
            other
        } const which = key == "_source" ? source
                        : key == "_id"   ? id
                        : key == "sort"  ? sort
                                         : other;
        if (!at.value(value)) return false;
        if (which == id) out.id = id_of(value);
        if (which == sort) out.sort = value.front() == '[' ? value : std::string_view{};
        if (which == source) {
            out.source = value;
            out.has_source = true;
        }
        return true;
    });
    out.raw = at.since(begin);
    if (!out.has_source) out.source = out.raw;
    return good;
}

// Where the walk stands, for the words of an error: what the last `hits` and `hits.hits` were.
struct found_forms {
    char hits = '\0';
    char list = '\0';
};

bool read_list(envelope& at, page& out, found_forms& forms) {
    out.hits.clear();
    std::string_view value;
    forms.list = at.peek();
    if (forms.list != '[') return at.value(value);
    return at.elements([&] { return read_hit(at, out.hits.emplace_back()); });
}

bool read_hits(envelope& at, page& out, found_forms& forms) {
    out.hits.clear();
    out.total.reset();
    std::string_view value;
    forms = {.hits = at.peek()};
    if (forms.hits != '{') return at.value(value);
    return at.members([&](std::string_view key) {
        if (key == "hits") return read_list(at, out, forms);
        if (key == "total") return read_total(at, out.total);
        return at.value(value);
    });
}

}  // namespace

result<page> split_page(std::string_view body) {
    constexpr std::string_view expected = "an object with the array hits.hits";
    envelope at{body};
    page out;
    found_forms forms;
    std::string_view value;
    bool failed = false;
    char const first = at.peek();
    bool const good = first != '{' ? at.value(value) : at.members([&](std::string_view key) {
        if (key == "hits") return read_hits(at, out, forms);
        bool const is_timed_out = key == "timed_out";
        bool const is_error = key == "error";
        if (!at.value(value)) return false;
        if (is_timed_out) out.timed_out = value == "true";
        if (is_error) failed = value != "null" && value != "false";
        return true;
    });
    if (!good || !at.at_end()) return not_json(expected, at, body);
    if (first != '{') return undocumented(expected, name_of_form(first));
    if (forms.hits == '\0') return undocumented(expected, "an object without hits");
    if (forms.hits != '{') return undocumented(expected, fmt::format("{} as hits", name_of_form(forms.hits)));
    if (forms.list == '\0') return undocumented(expected, "no hits.hits");
    if (forms.list != '[') return undocumented(expected, fmt::format("{} as hits.hits", name_of_form(forms.list)));
    // The end of the data is a page without hits: one that failed must not be taken for it.
    if (failed && out.hits.empty()) return undocumented(expected, "an error beside no hits");
    return out;
}

std::optional<std::string> organisation_of(page const& p) {
    if (p.hits.empty()) return std::nullopt;
    for (auto const& hit : p.hits) {
        envelope at{hit.source};
        std::string organisation;
        at.members([&](std::string_view key) {
            bool const is_it = key == "org_id";
            std::string_view value;
            if (!at.value(value)) return false;
            if (is_it) organisation = decoded_string(value).value_or(std::string{});
            return true;
        });
        if (!organisation.empty()) return organisation;
    }
    return std::string{};
}

result<hit> single_document(std::string_view body) {
    constexpr std::string_view expected = "one document, an object";
    envelope at{body};
    hit out;
    char const first = at.peek();
    if (!read_hit(at, out) || !at.at_end()) return not_json(expected, at, body);
    if (first != '{') return undocumented(expected, name_of_form(first));
    // Another that is no object makes it a document that cannot be used, as in a page.
    if (out.has_source && out.source == "null") {
        out.source = out.raw;
        out.has_source = false;
    }
    return out;
}

}  // namespace traitsync::moesif
