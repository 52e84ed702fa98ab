#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "assignment.hpp"
#include "traitsync/config/keys.hpp"
#include "traitsync/config/nearest.hpp"
#include "traitsync/core/text.hpp"

namespace traitsync::config {
namespace {

constexpr std::string_view prefix = "TRAITSYNC_";
constexpr std::string_view policy_variable = "TRAITSYNC_TRAITS_POLICY";
// Where systemd puts what LoadCredential= names (systemd.exec(5)).
constexpr std::string_view credentials_variable = "CREDENTIALS_DIRECTORY";
// What is larger is not blank, whatever it is.
constexpr std::size_t largest_blank_file = 4096;

assignment from_text(std::string name, std::string place_name, std::string origin, std::string text) {
    assignment a;
    a.name = std::move(name);
    a.origin = std::move(origin);
    a.key = a.value_place = place{std::move(place_name), 0, 0};
    a.value = std::move(text);
    a.kind = "a text";
    a.loose = true;
    return a;
}

// path=policy,path=policy
void read_policies(std::string const& variable, std::string const& origin, std::string_view text,
                   std::vector<assignment>& out, findings& found) {
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto const item = trimmed(text.substr(0, comma));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        if (item.empty()) continue;
        auto const equals = item.find('=');
        if (equals == std::string_view::npos) {
            found.problems.push_back({variable, 0, 0, "\"" + std::string{item} + "\" is not path=policy"});
            continue;
        }
        out.push_back(from_text("traits.policy." + std::string{trimmed(item.substr(0, equals))}, variable, origin,
                                std::string{trimmed(item.substr(equals + 1))}));
    }
}

std::map<std::string, std::string> const& names_by_variable() {
    static auto const names = [] {
        std::map<std::string, std::string> all;
        for (auto const& k : all_keys()) {
            all.emplace(k.environment(), k.full_name());
            if (k.is_secret()) all.emplace(k.environment() + "_FILE", k.full_name() + "_file");
        }
        return all;
    }();
    return names;
}

std::string unknown_variable(std::string const& variable) {
    std::vector<std::string> known{std::string{policy_variable}};
    for (auto const& [name, ignored] : names_by_variable()) known.push_back(name);
    return "no such setting; the variable is ignored" + suggestion(variable, known);
}

}  // namespace

std::vector<assignment> read_environment(std::map<std::string, std::string> const& environment, findings& found) {
    std::vector<assignment> out;
    for (auto it = environment.lower_bound(std::string{prefix}); it != environment.end(); ++it) {
        auto const& [variable, text] = *it;
        if (!variable.starts_with(prefix)) break;
        if (text.empty()) continue;
        if (variable == policy_variable) {
            read_policies(variable, "environment", text, out, found);
        } else if (auto const name = names_by_variable().find(variable); name != names_by_variable().end()) {
            out.push_back(from_text(name->second, variable, "environment", text));
        } else {
            found.warnings.push_back({variable, 0, 0, unknown_variable(variable)});
        }
    }
    return out;
}

namespace {

// A blank file stands for a credential that the manager did not have: systemd takes no empty default.
bool holds_something(std::string const& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return false;
    auto const text = read_text_file(path, largest_blank_file);
    return !text || text->find_first_not_of(" \t\r\n") != std::string::npos;
}

}  // namespace

std::vector<assignment> read_credentials(std::map<std::string, std::string> const& environment) {
    std::vector<assignment> out;
    auto const directory = environment.find(std::string{credentials_variable});
    if (directory == environment.end() || directory->second.empty()) return out;
    for (auto const& k : all_keys()) {
        if (!k.is_secret()) continue;
        auto const path = directory->second + "/" + k.full_name();
        if (!holds_something(path)) continue;
        out.push_back(from_text(k.full_name() + "_file", std::string{credentials_variable}, "environment", path));
    }
    return out;
}

std::vector<assignment> read_overrides(std::map<std::string, std::string> const& overrides) {
    std::vector<assignment> out;
    for (auto const& [name, text] : overrides) out.push_back(from_text(name, "--" + name, "flag", text));
    return out;
}

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text{*entry};
        auto const equals = text.find('=');
        auto const name = text.substr(0, equals);
        if ((text.starts_with(prefix) || name == credentials_variable) && equals != std::string_view::npos) {
            out.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return out;
}

}  // namespace traitsync::config
