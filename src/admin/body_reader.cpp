#include "body_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "traitsync/config/nearest.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/core/text_start.hpp"

namespace traitsync::admin {
namespace {

std::string joined(std::vector<std::string> const& words) {
    std::string out;
    for (auto const& w : words) out += (out.empty() ? "" : ", ") + w;
    return out;
}

// As much of a client's text as an answer repeats.
std::string_view shortened(std::string_view text) { return text_start(text, 100); }

}  // namespace

std::optional<std::int64_t> api_time(std::string_view text) {
    if (text.find('-') == std::string_view::npos) return std::nullopt;
    auto const t = parse_time(text);
    if (!t) return std::nullopt;
    return to_millis(*t);
}

std::string pointer_to(std::string_view name) {
    std::string out = "/";
    for (char const c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

std::string not_among(std::string_view what, std::string_view value, std::vector<std::string> const& choices) {
    if (std::ranges::find(choices, value) != choices.end()) return {};
    return fmt::format("{} must be one of {}, not \"{}\"{}", what, joined(choices), shortened(value),
                       config::suggestion(value, choices));
}

outcome<body_reader> body_reader::parse(std::string const& body, std::vector<std::string> known, bool may_be_empty) {
    body_reader r;
    if (body.empty() && !may_be_empty) return bad_request("the request needs a body: a JSON object");
    r.text_ = std::make_unique<std::string>(body.empty() ? "{}" : body);
    r.document_ = std::make_unique<json::document>();
    switch (r.document_->parse(*r.text_)) {
        case json::parse_fault::none:
            break;
        case json::parse_fault::syntax:
            return bad_request("the body is not valid JSON");
        case json::parse_fault::too_deep:
            return bad_request("the body is nested too deeply");
    }
    // What was replaced would be another text than the client meant, such as the id of another user.
    if (r.document_->replaced_characters() > 0) return bad_request("the body holds what is not valid Unicode");
    if (!r.root().is_object()) return bad_request("the body must be a JSON object");
    if (r.document_->duplicate_keys() > 0) return bad_request("the body names a field twice");
    for (auto const& m : r.root().members()) {
        if (std::ranges::find(known, m.key) != known.end()) continue;
        r.wrong(pointer_to(m.key),
                fmt::format("there is no field \"{}\"{}", shortened(m.key), config::suggestion(m.key, known)));
    }
    return r;
}

json::value const* body_reader::find(std::string_view name, json::kind wanted, std::string_view words) {
    auto const* v = root().find(name);
    if (v == nullptr) return nullptr;
    // Null is no value: taken as left out it would widen what the request is about.
    if (v->type == wanted) return v;
    wrong(pointer_to(name), fmt::format("{} must be {}", name, words));
    return nullptr;
}

std::optional<std::string> body_reader::text(std::string_view name) {
    auto const* v = find(name, json::kind::string, "a text");
    if (v == nullptr) return std::nullopt;
    return std::string{v->text};
}

std::optional<bool> body_reader::boolean(std::string_view name) {
    auto const* v = find(name, json::kind::boolean, "true or false");
    if (v == nullptr) return std::nullopt;
    return v->boolean;
}

std::optional<std::int64_t> body_reader::time(std::string_view name) {
    auto const* v = find(name, json::kind::string, "a time such as 2026-05-02T10:00:00Z");
    if (v == nullptr) return std::nullopt;
    if (auto const t = api_time(v->text)) return t;
    wrong(pointer_to(name), fmt::format("{} must be a time such as 2026-05-02T10:00:00Z", name));
    return std::nullopt;
}

std::optional<std::vector<std::string>> body_reader::texts(std::string_view name, std::size_t most) {
    auto const* v = find(name, json::kind::array, "a list of texts");
    if (v == nullptr) return std::nullopt;
    if (v->count == 0 || v->count > most) {
        wrong(pointer_to(name), fmt::format("{} must have 1 to {} entries", name, most));
        return std::nullopt;
    }
    std::vector<std::string> list;
    std::size_t at = 0;
    for (auto const& e : v->elements()) {
        if (!e.is_string() || e.text.empty()) {
            wrong(fmt::format("{}/{}", pointer_to(name), at), "must be a text that is not empty");
        } else {
            list.emplace_back(e.text);
        }
        ++at;
    }
    return list;
}

std::optional<std::pair<std::int64_t, std::int64_t>> body_reader::span(std::string_view name) {
    auto const* v = find(name, json::kind::array, "a list of two times");
    if (v == nullptr) return std::nullopt;
    auto const times = v->elements();
    if (times.size() != 2) {
        wrong(pointer_to(name), fmt::format("{} must be a list of two times", name));
        return std::nullopt;
    }
    std::array<std::int64_t, 2> found{};
    for (std::size_t i = 0; i < 2; ++i) {
        auto const t = times[i].is_string() ? api_time(times[i].text) : std::nullopt;
        if (!t) {
            wrong(fmt::format("{}/{}", pointer_to(name), i), "must be a time such as 2026-05-02T10:00:00Z");
            return std::nullopt;
        }
        found[i] = *t;
    }
    if (found[0] > found[1]) {
        wrong(pointer_to(name), fmt::format("{}: the first time must not be after the second", name));
        return std::nullopt;
    }
    return std::pair{found[0], found[1]};
}

std::optional<std::string> body_reader::choice(std::string_view name, std::vector<std::string> const& choices) {
    auto value = text(name);
    if (!value) return std::nullopt;
    if (auto words = not_among(name, *value, choices); !words.empty()) {
        wrong(pointer_to(name), std::move(words));
        return std::nullopt;
    }
    return value;
}

}  // namespace traitsync::admin
