// The only place that knows TOML.

#include <algorithm>
#include <string_view>

// Some of its assertions do not hold for files that are only wrong ("[~"): the error behind them is what is wanted.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include "assignment.hpp"
#include "traitsync/config/keys.hpp"
#include "traitsync/config/nearest.hpp"

namespace traitsync::config {
namespace {

place place_of(toml::source_region const& region, std::string const& file) {
    return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

std::string kind_of(toml::node const& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "an array";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number with a point";
        case toml::node_type::boolean:
            return "true or false";
        default:
            return "a date or time";
    }
}

assignment assignment_of(std::string name, toml::key const& key, toml::node const& node, std::string const& file) {
    assignment a;
    a.name = std::move(name);
    a.key = place_of(key.source(), file);
    a.value_place = place_of(node.source(), file);
    a.origin = file + ":" + std::to_string(a.key.line);
    a.kind = kind_of(node);
    if (auto const* text = node.as_string()) {
        a.value = text->get();
    } else if (auto const* number = node.as_integer()) {
        a.value = number->get();
    } else if (auto const* real = node.as_floating_point()) {
        a.value = real->get();
    } else if (auto const* boolean = node.as_boolean()) {
        a.value = boolean->get();
    }
    return a;
}

// metadata.plan = "never" is a table in TOML and one path for us.
void flatten(std::string const& prefix, toml::table const& table, std::string const& file,
             std::vector<assignment>& out) {
    for (auto const& [key, node] : table) {
        auto name = prefix + "." + std::string{key.str()};
        if (auto const* inner = node.as_table(); inner != nullptr && !inner->empty()) {
            flatten(name, *inner, file, out);
        } else {
            out.push_back(assignment_of(std::move(name), key, node, file));
        }
    }
}

std::vector<std::string> section_names() { return {all_sections().begin(), all_sections().end()}; }

// A key above the first [section], or an unknown section.
std::string stray_text(std::string const& name, toml::node const& node) {
    if (node.is_table() || node.is_array_of_tables()) {
        return "unknown section [" + name + "]" + suggestion(name, section_names());
    }
    for (auto const& k : all_keys()) {
        if (k.name == name)
            return "unknown key " + name + "; did you mean " + k.full_name() + "? Write it below [" +
                   std::string{k.section} + "].";
    }
    return "unknown key " + name + ": keys stand below a section such as [moesif]";
}

void read_section(std::string const& section, toml::table const& table, std::string const& file,
                  std::vector<assignment>& out) {
    for (auto const& [key, node] : table) {
        auto name = section + "." + std::string{key.str()};
        auto const* inner = node.as_table();
        if (name == "traits.policy" && inner != nullptr) {
            flatten(name, *inner, file, out);
        } else {
            out.push_back(assignment_of(std::move(name), key, node, file));
        }
    }
}

// The parser's words, without what it quotes: that may be a secret that lacks its quotes.
std::string syntax_text(std::string_view words) {
    constexpr std::string_view opening = "Error while parsing ";
    if (words.starts_with(opening)) words.remove_prefix(opening.size());
    std::string out = "not valid TOML: ";
    bool const quotes_names_only = words.find("redefine") != std::string_view::npos;
    auto const hint = words.find("could not determine value type") != std::string_view::npos;
    while (!words.empty()) {
        auto const open = words.find('\'');
        auto const close = open == std::string_view::npos ? open : words.find('\'', open + 1);
        auto const end = close == std::string_view::npos ? words.size() : close + 1;
        bool const hide = close != std::string_view::npos && close - open > 3 && !quotes_names_only;
        out += hide ? words.substr(0, open) : words.substr(0, end);
        if (hide) out += "'…'";
        words.remove_prefix(end);
    }
    return hint ? out + " (a text stands in double quotes)" : out;
}

}  // namespace

std::vector<assignment> read_toml(std::string_view text, std::string const& file, findings& found) {
    std::vector<assignment> out;
    toml::table root;
    try {
        root = toml::parse(text, std::string_view{file});
    } catch (toml::parse_error const& e) {
        auto const at = place_of(e.source(), file);
        found.problems.push_back(at.wrong(syntax_text(e.description())));
        return out;
    }
    for (auto const& [key, node] : root) {
        std::string const name{key.str()};
        auto const at = place_of(key.source(), file);
        bool const known = std::ranges::find(all_sections(), name) != all_sections().end();
        if (!known) {
            found.problems.push_back(at.wrong(stray_text(name, node)));
        } else if (auto const* table = node.as_table()) {
            read_section(name, *table, file, out);
        } else {
            found.problems.push_back(at.wrong(name + " is a section, not " + kind_of(node) + ": write [" + name +
                                              "] and its keys below it"));
        }
    }
    return out;
}

}  // namespace traitsync::config
