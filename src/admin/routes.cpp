// Which paths there are, and whether a request's head lets it in.
#include <fmt/core.h>

#include <algorithm>

#include "api.hpp"
#include "body_reader.hpp"
#include "head_rules.hpp"
#include "traitsync/config/nearest.hpp"
#include "url_text.hpp"

namespace traitsync::admin {
namespace {

constexpr std::size_t longest_key = 255;

// Matches encoded segments; {…} takes any that is not empty.
bool matches(std::string_view pattern, std::vector<std::string_view> const& path,
             std::vector<std::string_view>& values) {
    auto const parts = path_segments(pattern);
    if (parts.size() != path.size()) return false;
    values.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].starts_with('{')) {
            if (path[i].empty()) return false;
            values.push_back(path[i]);
        } else if (parts[i] != path[i]) {
            return false;
        }
    }
    return true;
}

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= longest_key &&
           std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
}

answer unauthorized() {
    return answer_of({.status = 401,
                      .code = "unauthorized",
                      .title = "A token is needed",
                      .detail = "send the admin token as Authorization: Bearer <token>",
                      .headers = {{"WWW-Authenticate", "Bearer realm=\"traitsync\""}}});
}

}  // namespace

std::vector<api::route> const& api::routes() {
    static auto const all = make_routes();
    return all;
}

std::vector<api::route> api::make_routes() {
    using enum body_use;
    return {
        {"GET", "/healthz", &api::healthz, {}},
        {"GET", "/readyz", &api::readyz, {}},
        {"GET", "/metrics", &api::metrics, {}},
        {"GET", "/openapi.json", &api::openapi, {}, none, true},
        {"GET", "/", &api::page, {}, none, true},
        {"GET", "/assets/{name}", &api::asset, {}, none, true},
        {"GET", "/v1/access", &api::access, {}},
        {"GET", "/v1/status", &api::status, {}, none, true},
        {"GET", "/v1/events", &api::events, {}},
        {"GET", "/v1/profiles", &api::profiles, {"q", "company", "state", "limit", "cursor"}},
        {"GET", "/v1/profiles/{user_id}", &api::profile, {}, none, true},
        {"GET", "/v1/profiles/{user_id}/explain", &api::explain, {"trait"}, none, true},
        {"POST", "/v1/profiles/{user_id}/forget", &api::forget, {}, optional},
        {"GET", "/v1/companies/{id}", &api::company, {}, none, true},
        {"GET", "/v1/messages", &api::messages, {"state", "user_id", "since", "limit", "cursor"}},
        {"GET", "/v1/messages/{message_id}", &api::message, {}, none, true},
        {"GET", "/v1/dead-letters", &api::dead_letters, {"reason", "limit", "cursor"}},
        {"POST", "/v1/dead-letters/retry", &api::retry_dead, {}, required},
        {"POST", "/v1/dead-letters/discard", &api::discard_dead, {}, required},
        {"GET", "/v1/quarantine", &api::quarantine, {"limit", "cursor"}},
        {"POST", "/v1/replays", &api::start_replay, {}, required},
        {"GET", "/v1/replays", &api::replays, {"limit", "cursor"}},
        {"GET", "/v1/replays/{id}", &api::replay, {}, none, true},
        {"POST", "/v1/replays/{id}/cancel", &api::cancel_replay, {}, optional},
        {"GET", "/v1/runs", &api::runs, {"limit", "cursor"}},
        {"GET", "/v1/activity", &api::activity, {"over"}},
        {"POST", "/v1/pull", &api::pull, {}, optional},
        {"POST", "/v1/pause", &api::pause, {}, optional},
        {"POST", "/v1/resume", &api::resume, {}, optional},
        {"GET", "/v1/brake", &api::brake, {}, none, true},
        {"POST", "/v1/brake/release", &api::release_brake, {}, optional},
        {"POST", "/v1/brake/discard", &api::discard_brake, {}, optional},
        {"POST", "/v1/destination", &api::destination, {}, required},
        {"GET", "/v1/config", &api::configuration, {}, none, true},
    };
}

std::variant<answer, api::admitted> api::admit(request_head const& head) {
    auto const mark = std::min(head.target.find('?'), head.target.size());
    auto const raw_path = std::string_view{head.target}.substr(0, mark);
    if (auto const wrong = check_form(head)) return answer_of(*wrong);
    if (auto const wrong = gate_.check_names(head)) return answer_of(*wrong);
    if (!raw_path.starts_with('/')) return answer_of(bad_request("the request's target must be a path"));
    auto const is_api = raw_path == "/v1" || raw_path.starts_with("/v1/");
    auto const is_secret = is_api || (raw_path == "/metrics" && config_.values.admin.metrics_auth);
    auto who = role::admin;
    if (is_secret) who = gate_.role_of(head.authorization);
    if (who == role::nobody) return unauthorized();

    auto const segments = path_segments(raw_path);
    std::vector<std::string_view> values;
    route const* to = nullptr;
    std::vector<std::string_view> found_values;
    std::string allowed;
    auto const method = head.method == "HEAD" ? std::string_view{"GET"} : std::string_view{head.method};
    for (auto const& r : routes()) {
        if (!matches(r.pattern, segments, values)) continue;
        allowed += (allowed.empty() ? "" : ", ") + std::string{r.method};
        if (r.method == "GET") allowed += ", HEAD";
        if (r.method != method || to != nullptr) continue;
        to = &r;
        found_values = values;
    }
    if (allowed.empty()) return answer_of(not_found("there is no such path; GET /openapi.json lists them all"));
    if (to == nullptr) {
        return answer_of({.status = 405,
                          .code = "method_not_allowed",
                          .title = "Not with this method",
                          .detail = fmt::format("this path takes {}", allowed),
                          .headers = {{"Allow", allowed}}});
    }
    if (to->method == "POST" && who == role::viewer) {
        return answer_of(
            {403, "forbidden", "Not allowed", "the viewer token may only read; this needs the admin token"});
    }
    auto const target = parse_target(head.target);
    if (!target) return answer_of(bad_request("the query is malformed, or names a value twice"));
    admitted out{.to = to, .what = {}};
    auto& c = out.what;
    c.method = head.method;
    c.path = raw_path;
    c.if_none_match = head.if_none_match;
    c.takes_gzip = head.takes_gzip;
    c.may_change = who == role::admin;
    for (auto const value : found_values) {
        auto decoded = percent_decoded(value, false);
        if (!decoded) return answer_of(bad_request("the path holds a broken percent-encoding"));
        c.values.push_back(std::move(*decoded));
    }
    if (is_api) {
        std::vector<problem::field> unknown;
        for (auto const& [name, value] : target->query) {
            if (std::ranges::find(to->query, name) != to->query.end()) continue;
            unknown.push_back({pointer_to(name), fmt::format("there is no query value \"{}\"{}", name.substr(0, 100),
                                                             config::suggestion(name, to->query))});
        }
        if (!unknown.empty()) return answer_of(bad_fields(std::move(unknown)));
        c.query = target->query;
    }
    if (head.has_body && to->method == "POST") {
        if (auto const wrong = check_media_type(head)) return answer_of(*wrong);
    }
    if (head.idempotency_key && to->method == "POST") {
        if (!is_key(*head.idempotency_key)) {
            return answer_of(bad_field("/Idempotency-Key", "an Idempotency-Key has 1 to 255 visible ASCII characters"));
        }
        c.idempotency_key = head.idempotency_key;
    }
    return out;
}

}  // namespace traitsync::admin
