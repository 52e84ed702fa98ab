#include "command_tree.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace traitsync::cli {
namespace {

std::vector<std::string> split(std::string const& text, char at) {
    std::vector<std::string> parts(1);
    for (char c : text) {
        if (c == at) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

std::string joined(std::vector<std::string> const& words, std::string const& gap) {
    std::string out;
    for (auto const& w : words) out += (out.empty() ? "" : gap) + w;
    return out;
}

// The parser's word for a value is "FILE", "a|b" or "TEXT:{a,b}"; a range follows a colon too.
void read_value(option_text& o, std::string const& type) {
    auto const open = type.find('{');
    auto const close = type.rfind('}');
    if (open != std::string::npos && close != std::string::npos) {
        o.choices = split(type.substr(open + 1, close - open - 1), ',');
        o.value = joined(o.choices, "|");
        return;
    }
    o.value = type.substr(0, type.find(':'));
    if (o.value.find('|') != std::string::npos) o.choices = split(o.value, '|');
}

option_text text_of(CLI::Option const& option) {
    option_text o;
    for (auto const& name : option.get_snames()) o.names.push_back("-" + name);
    for (auto const& name : option.get_lnames()) o.names.push_back("--" + name);
    if (o.names.empty()) o.argument = option.get_name(true);
    if (option.get_items_expected_max() > 0) read_value(o, option.get_type_name());
    o.brief = option.get_description();
    o.fallback = option.get_default_str();
    o.required = option.get_required();
    o.repeats = option.get_items_expected_max() > 2;
    return o;
}

}  // namespace

command_text describe(CLI::App const& app) {
    command_text c;
    c.name = app.get_name();
    c.brief = app.get_description();
    c.footer = app.get_footer();
    for (auto const* option : app.get_options()) {
        auto o = text_of(*option);
        (o.names.empty() ? c.arguments : c.options).push_back(std::move(o));
    }
    for (auto const* command : app.get_subcommands([](CLI::App const*) { return true; })) {
        c.commands.push_back(describe(*command));
    }
    return c;
}

}  // namespace traitsync::cli
