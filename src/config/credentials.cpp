#include "credentials.hpp"

#include <algorithm>

#include "traitsync/config/token_text.hpp"

namespace traitsync::config {
namespace {

// A token has hundreds of characters; a file of this size is not one.
constexpr std::size_t largest_secret_file = 65536;
constexpr std::size_t write_key_length = 32;

using secret_at = secret& (*)(settings&);

assignment const* find(std::vector<assignment> const& layer, std::string const& name) {
    auto const found = std::ranges::find(layer, name, &assignment::name);
    if (found == layer.end()) return nullptr;
    auto const* text = std::get_if<std::string>(&found->value);
    return text != nullptr && text->empty() ? nullptr : &*found;
}

std::optional<std::string> read_secret_file(std::string const& path, std::string& out) {
    auto text = read_text_file(path, largest_secret_file);
    if (!text) return text.error().what;
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    if (text->empty()) return std::string{"is empty"};
    out = std::move(*text);
    return std::nullopt;
}

// The secret itself may have been written where its file's name belongs: what is no path is not repeated.
std::string file_words(assignment const& a, std::string const& path) {
    return a.name + ": the file " + (path.find('/') == std::string::npos ? "that it names" : path);
}

// Moesif's portal and its examples show the key with the word in front of it; the client adds its own.
std::string without_scheme(std::string_view token) {
    constexpr std::string_view blanks = " \t";
    constexpr std::string_view scheme = "bearer ";
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (;;) {
        token.remove_prefix(std::min(token.find_first_not_of(blanks), token.size()));
        if (!std::ranges::equal(token.substr(0, scheme.size()), scheme, {}, lower)) break;
        token.remove_prefix(scheme.size());
    }
    return std::string{token.substr(0, token.find_last_not_of(blanks) + 1)};
}

bool is_text(assignment const* a, findings& found) {
    if (a == nullptr || std::holds_alternative<std::string>(a->value)) return true;
    found.problems.push_back(a->value_place.wrong(a->name + " must be a text in double quotes, not " + a->kind));
    return false;
}

// `a` is a text.
void take(loaded& out, key const& k, assignment const& a, bool is_file, places& where, findings& found) {
    auto const name = k.full_name();
    auto text = std::get<std::string>(a.value);
    auto const file = is_file ? file_words(a, text) : std::string{};
    if (is_file) {
        if (auto wrong = read_secret_file(std::get<std::string>(a.value), text)) {
            found.problems.push_back(a.value_place.wrong(file + " " + *wrong));
            return;
        }
    }
    if (name == "moesif.token") text = without_scheme(text);
    auto wrong = unusable_token(text);
    if (!wrong && name == "segment.write_key" && text.find(':') != std::string::npos) {
        wrong = "holds a colon, which no write key has";
    }
    if (wrong) {
        found.problems.push_back(a.value_place.wrong((is_file ? file : name) + " " + std::string{*wrong}));
        return;
    }
    std::get<secret_at>(k.where)(out.values) = secret{std::move(text)};
    out.origins[name] = a.origin;
    where[name] = a.value_place;
}

std::string ways(key const& k) {
    return " Set " + k.full_name() + " or " + k.full_name() + "_file, or " + k.environment() + " in the environment.";
}

std::string_view source_of(std::string const& name) {
    if (name == "moesif.token") {
        return " is missing. Make a Management API key in Moesif's portal (API Keys, Management API) with the scopes "
               "read:users and read:companies.";
    }
    return " is missing. In Segment add a source of the type \"HTTP API\" (Connections, Sources); its write key stands "
           "in the source's settings under API Keys.";
}

bool is_needed(key const& k, secrets_needed needed) {
    return needed == secrets_needed::all || (needed == secrets_needed::admin_token && k.full_name() == "admin.token");
}

bool is_required(key const& k) { return k.fallback == "required"; }

}  // namespace

void assign_secrets(loaded& out, std::span<std::vector<assignment> const> layers, places& where, findings& found,
                    secrets_needed needed) {
    for (auto const& k : all_keys()) {
        if (!k.is_secret() || !is_needed(k, needed)) continue;
        bool taken = false;
        for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
            auto const* text = find(*layer, k.full_name());
            auto const* file = find(*layer, k.full_name() + "_file");
            if (text != nullptr && file != nullptr) {
                auto const& later = text->key.line > file->key.line ? text->key : file->key;
                found.problems.push_back(
                    later.wrong(k.full_name() + " and " + k.full_name() + "_file are both set; one of them is enough"));
                taken = true;
            }
            auto const is_usable = is_text(text, found) && is_text(file, found);
            if (taken || (text == nullptr && file == nullptr)) continue;
            taken = true;
            if (!is_usable) continue;
            take(out, k, text != nullptr ? *text : *file, text == nullptr, where, found);
        }
    }
}

void check_secrets(loaded const& config, places const& where, findings& found) {
    auto const& s = config.values;
    auto const at = [&](std::string const& name) {
        auto const known = where.find(name);
        return known == where.end() ? place{config.file.value_or(""), 0, 0} : known->second;
    };
    for (auto const& k : all_keys()) {
        if (!k.is_secret() || !is_required(k)) continue;
        auto const name = k.full_name();
        bool const refused =
            std::ranges::any_of(found.problems, [&](problem const& p) { return p.text.starts_with(name); });
        auto copy = s;
        if (!std::get<secret_at>(k.where)(copy).empty() || refused) continue;
        found.problems.push_back(at(name).wrong(name + std::string{source_of(name)} + ways(k)));
    }
    auto const length = s.segment.write_key.reveal().size();
    if (length != 0 && length != write_key_length) {
        found.warnings.push_back(at("segment.write_key")
                                     .wrong("segment.write_key has " + std::to_string(length) +
                                            " characters; Segment's write keys have 32, and Segment answers 200 to a "
                                            "wrong one too"));
    }
    for (auto const& [name, token] : {std::pair{std::string{"admin.token"}, &s.admin.token},
                                      std::pair{std::string{"admin.viewer_token"}, &s.admin.viewer_token},
                                      std::pair{std::string{"alerts.secret"}, &s.alerts.secret}}) {
        if (!token->empty() && token->reveal().size() < short_token) {
            found.warnings.push_back(at(name).wrong(name + " has fewer than 16 characters and can be guessed"));
        }
    }
    if (!s.admin.token.empty() && s.admin.token.reveal() == s.admin.viewer_token.reveal()) {
        found.problems.push_back(at("admin.viewer_token")
                                     .wrong("admin.viewer_token is the same as admin.token, so a viewer could do "
                                            "everything"));
    }
}

}  // namespace traitsync::config
