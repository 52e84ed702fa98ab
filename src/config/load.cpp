#include "traitsync/config/load.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "addresses.hpp"
#include "assignment.hpp"
#include "credentials.hpp"
#include "policies.hpp"
#include "traitsync/config/keys.hpp"
#include "traitsync/config/nearest.hpp"
#include "traitsync/core/text.hpp"
#include "values.hpp"

namespace traitsync::config {
namespace {

// The commented file has 8 KB: what is larger is another kind of file.
constexpr std::size_t largest_file = std::size_t{1} << 20;

constexpr std::string_view local_file = "traitsync.toml";
constexpr std::string_view system_file = "/etc/traitsync/traitsync.toml";

std::vector<assignment> read_file(std::string const& path, findings& found) {
    if (path.empty()) {
        found.problems.push_back({"", 0, 0, "the name of the configuration file is empty"});
        return {};
    }
    if (!is_utf8(path)) {
        found.problems.push_back({"", 0, 0, "the name of the configuration file is not UTF-8"});
        return {};
    }
    auto const text = read_text_file(path, largest_file);
    if (!text) {
        found.problems.push_back({path, 0, 0, "the configuration file " + text.error().what});
        return {};
    }
    return read_toml(*text, path, found);
}

std::map<std::string, key const*> const& keys_by_name() {
    static auto const keys = [] {
        std::map<std::string, key const*> all;
        for (auto const& k : all_keys()) all.emplace(k.full_name(), &k);
        return all;
    }();
    return keys;
}

// Names an operator can write, nearest section first so that equally near names of it win.
std::vector<std::string> writable_names(std::string_view section) {
    std::vector<std::string> own;
    std::vector<std::string> others;
    auto const add = [&](std::string_view of, std::string name) {
        (of == section ? own : others).push_back(std::move(name));
    };
    for (auto const& k : all_keys()) {
        add(k.section, k.full_name());
        if (k.is_secret()) add(k.section, k.full_name() + "_file");
    }
    add("traits", "traits.policy");
    own.insert(own.end(), others.begin(), others.end());
    return own;
}

std::string unknown_key(std::string const& name) {
    auto const dot = name.find('.');
    auto const section = name.substr(0, dot);
    auto const own_name = name.substr(dot + 1);
    auto const known = writable_names(section);
    // The right key in the wrong section reads better than a far-fetched neighbour.
    for (auto const& other : known) {
        if (other.substr(other.find('.') + 1) == own_name) {
            return "unknown key " + name + "; did you mean " + other + "?";
        }
    }
    std::vector<std::string> own;
    for (auto const& other : known) {
        if (other.starts_with(section + ".")) own.push_back(other.substr(section.size() + 1));
    }
    if (auto const near = nearest(own_name, own)) {
        return "unknown key " + name + "; did you mean " + section + "." + *near + "?";
    }
    return "unknown key " + name + suggestion(name, known);
}

bool is_secret_name(std::string name) {
    constexpr std::string_view suffix = "_file";
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    auto const found = keys_by_name().find(name);
    return found != keys_by_name().end() && found->second->is_secret();
}

void assign_plain(loaded& out, std::vector<assignment> const& layer, places& where, findings& found) {
    for (auto const& a : layer) {
        if (a.name.starts_with(policy_prefix) || is_secret_name(a.name)) continue;
        if (a.name == "traits.policy") {
            found.problems.push_back(
                a.value_place.wrong("traits.policy must be a table of path = policy, not " + a.kind));
            continue;
        }
        auto const known = keys_by_name().find(a.name);
        if (known == keys_by_name().end()) {
            found.problems.push_back(a.key.wrong(unknown_key(a.name)));
        } else if (auto wrong = assign(out.values, *known->second, a)) {
            found.problems.push_back(a.value_place.wrong(std::move(*wrong)));
        } else {
            out.origins[a.name] = a.origin;
            where[a.name] = a.value_place;
        }
    }
}

// What is said about one file in the order of its lines; what has no line after it.
void put_in_order(std::vector<problem>& problems) {
    std::ranges::stable_sort(problems, [](problem const& a, problem const& b) {
        return std::tuple{a.line == 0, a.line, a.column} < std::tuple{b.line == 0, b.line, b.column};
    });
}

bool exists(std::string const& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

std::string to_string(problem const& p) {
    std::string out = p.file;
    if (p.line > 0) out += ":" + std::to_string(p.line) + ":" + std::to_string(p.column);
    return out.empty() ? p.text : out + ": " + p.text;
}

void throw_exception_from_error(rejected const& e, boost::source_location const& where) {
    throw_exception_from_error(error{fault::invalid, e.problems.empty() ? "rejected" : to_string(e.problems.front())},
                               where);
}

load_result load(sources const& from) {
    loaded out;
    findings found;
    places where;
    out.file = from.file;
    for (auto const& k : all_keys()) out.origins[k.full_name()] = "default";

    std::array<std::vector<assignment>, 4> layers;  // weakest first
    if (from.file) layers[0] = read_file(*from.file, found);
    layers[1] = read_credentials(from.environment);
    layers[2] = read_environment(from.environment, found);
    layers[3] = read_overrides(from.overrides);
    bool const readable = found.problems.empty() || !layers[0].empty();

    for (auto const& layer : layers) assign_plain(out, layer, where, found);
    // A batch goes at once: where nobody asked for a size, it is no more than a second's messages.
    if (auto& s = out.values.segment; out.origins["segment.batch_size"] == "default" && s.rate_limit > 0) {
        s.batch_size = std::min(s.batch_size, s.rate_limit);
    }
    assign_policies(out, layers, found);
    assign_secrets(out, layers, where, found, from.needed);
    auto const for_service = from.needed == secrets_needed::all;
    check_addresses(out, where, found);
    // After a file that could not be read, what is missing is no news.
    if (readable && for_service) check_secrets(out, where, found);
    if (for_service) check_tls_files(out, where, found);

    put_in_order(found.problems);
    put_in_order(found.warnings);
    if (!found.problems.empty()) return rejected{std::move(found.problems), std::move(found.warnings)};
    out.warnings = std::move(found.warnings);
    return out;
}

std::optional<std::string> find_file(std::optional<std::string> const& flag) {
    if (flag) return flag;
    for (auto const path : {local_file, system_file}) {
        if (exists(std::string{path})) return std::string{path};
    }
    return std::nullopt;
}

std::vector<shown_value> show(loaded const& config) {
    std::vector<shown_value> out;
    auto const origin = [&](std::string const& name) {
        auto const found = config.origins.find(name);
        return found == config.origins.end() ? std::string{"default"} : found->second;
    };
    for (auto const& k : all_keys()) {
        auto name = k.full_name();
        out.push_back({name, k.value_text(config.values), origin(name), k.is_secret()});
    }
    for (auto const& [path, chosen] : config.values.traits.policies) {
        auto name = std::string{policy_prefix} + path;
        out.push_back({name, std::string{name_of(chosen)}, origin(name), false});
    }
    return out;
}

}  // namespace traitsync::config
