// What can be written from the table of keys alone.

#include <string>

#include "traitsync/config/keys.hpp"

namespace traitsync::config {
namespace {

bool is_text(key const& k) {
    return !std::holds_alternative<int& (*)(settings&)>(k.where) &&
           !std::holds_alternative<bool& (*)(settings&)>(k.where);
}

std::string default_in_toml(key const& k) {
    auto const text = k.default_text();
    return is_text(k) ? "\"" + text + "\"" : text;
}

void append_comment(std::string& out, std::string_view text) {
    constexpr std::size_t width = 96;
    std::size_t column = 0;
    while (!text.empty()) {
        auto const blank = text.find(' ');
        auto const word = text.substr(0, blank);
        if (column == 0 || column + 1 + word.size() > width) {
            out += column == 0 ? "# " : "\n# ";
            column = 2;
        } else {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    }
    out += '\n';
}

void append_key(std::string& out, key const& k) {
    auto text = std::string{k.brief};
    if (!k.comment.empty()) text += " " + std::string{k.comment};
    append_comment(out, text);
    if (k.fallback == "required") {
        append_comment(out, "Required.");
    } else if (!k.fallback.empty()) {
        append_comment(out, "Default: " + std::string{k.fallback} + ".");
    } else {
        append_comment(out, "(" + k.type_text() + ")");
    }
    out += "#" + std::string{k.name} + " = " + default_in_toml(k) + "\n";
    if (k.is_secret()) out += "#" + std::string{k.name} + "_file = \"\"\n";
    out += '\n';
}

void append_policies(std::string& out) {
    append_comment(out, "Policies by trait, or by a quoted path such as \"metadata.plan\" or \"context.ip\":");
    append_comment(out,
                   "send: sent when it changes. ride: sent along with another change, or once a volatile_interval. "
                   "never: neither sent nor stored. hash: sent and stored as SHA-256. always: goes with every message "
                   "of the user. Below context only send and never.");
    out += "[traits.policy]\n";
    for (auto const& path : riding_by_default()) {
        bool const nested = path.find('.') != std::string::npos;
        out += nested ? "#\"" + path + "\" = \"ride\"\n" : "#" + path + " = \"ride\"\n";
    }
    out += '\n';
}

std::string cell(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string default_cell(key const& k) {
    if (!k.fallback.empty()) return std::string{k.fallback};
    return "`" + k.default_text() + "`";
}

}  // namespace

std::string commented_file() {
    std::string out;
    append_comment(
        out,
        "traitsync: where to read profiles, where to send their changes. Every key is here at its default. "
        "A key can also be set in the environment as TRAITSYNC_<SECTION>_<KEY>, which wins over this file, and a "
        "secret by a file that <key>_file names.");
    append_comment(out,
                   "Durations: 500ms, 60s, 1h30m, 7d. Sizes: 256MiB, 1GiB. \"traitsync check\" tells what is wrong.");
    out += '\n';
    for (auto const section : all_sections()) {
        append_comment(out, section_brief(section));
        out += "[" + std::string{section} + "]\n\n";
        for (auto const& k : all_keys()) {
            if (k.section == section) append_key(out, k);
        }
        if (section == "traits") append_policies(out);
    }
    out.pop_back();
    return out;
}

std::string reference_markdown() {
    std::string out;
    for (auto const section : all_sections()) {
        out += "### `[" + std::string{section} + "]`\n\n" + std::string{section_brief(section)} + "\n\n";
        out += "| key | type | default | meaning |\n| --- | --- | --- | --- |\n";
        for (auto const& k : all_keys()) {
            if (k.section != section) continue;
            auto name = "`" + std::string{k.name} + "`";
            if (k.is_secret()) name += ", `" + std::string{k.name} + "_file`";
            auto meaning = std::string{k.brief};
            if (!k.comment.empty()) meaning += " " + std::string{k.comment};
            out += "| " + name + " | " + k.type_text() + " | " + cell(default_cell(k)) + " | " + cell(meaning) + " |\n";
        }
        if (section == "traits") {
            out += "| `policy` | table of path = `send`, `ride`, `never`, `hash` or `always` | `ride` for";
            auto const* gap = " ";
            for (auto const& path : riding_by_default()) {
                out += gap + ("`" + path + "`");
                gap = ", ";
            }
            out +=
                " | What is sent of a trait, and when. In the environment: "
                "`TRAITSYNC_TRAITS_POLICY=path=policy,path=policy`. |\n";
        }
        out += '\n';
    }
    out.pop_back();
    return out;
}

}  // namespace traitsync::config
