#include "api.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "body_reader.hpp"
#include "head_rules.hpp"
#include "traitsync/config/nearest.hpp"
#include "traitsync/core/sha256.hpp"
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

bool etag_matches(std::string_view wanted, std::string_view etag) {
    if (wanted == "*") return true;
    return wanted.find(etag) != std::string_view::npos;
}

answer unauthorized() {
    return answer_of({.status = 401,
                      .code = "unauthorized",
                      .title = "A token is needed",
                      .detail = "send the admin token as Authorization: Bearer <token>",
                      .headers = {{"WWW-Authenticate", "Bearer realm=\"traitsync\""}}});
}

}  // namespace

api::api(engine::engine& e, store::reader_thread& reader, config::loaded const& config, ops::log& log,
         clock const& time, int schema_version, gate who)
    : engine_{e},
      reader_{reader},
      config_{config},
      log_{log},
      time_{time},
      schema_version_{schema_version},
      gate_{std::move(who)},
      lens_{std::make_shared<lens const>(config.values.traits)} {}

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

boost::asio::awaitable<answer> api::handle(admitted request) {
    try {
        auto a = co_await answer_to(std::move(request));
        co_return a;
    } catch (std::exception const& e) {
        // A bug, or bytes in the store that nobody can have written, must not end pulling and delivering.
        log_.error("request_failed", "A request to the admin API failed because of a bug", {{"detail", e.what()}});
    }
    co_return answer_of({500, "internal", "The request failed",
                         "it met a bug of traitsync: the log says more (request_failed); please report it"});
}

boost::asio::awaitable<answer> api::answer_to(admitted request) {
    auto const one_thing = request.to->one_thing;
    auto const wanted = request.what.if_none_match;
    answer a;
    // Repeating it changes nothing, and its path names the person: no answer of it is kept.
    if (request.what.idempotency_key && request.to->handle != &api::forget) {
        a = co_await once_only(std::move(request));
    } else {
        auto const run = request.to->handle;
        a = co_await (this->*run)(std::move(request.what));
    }
    if (one_thing && a.status == 200) {
        auto etag = etag_of(a);
        if (!wanted.empty() && etag_matches(wanted, etag)) {
            a.status = 304;
            a.body.clear();
            a.fixed = {};
        }
        a.headers.emplace_back("ETag", std::move(etag));
    }
    co_return a;
}

// What is embedded never changes: many who ask for it must not cost its hash each time.
std::string api::etag_of(answer const& a) {
    auto const computed = [&] { return "\"" + sha256_hex(a.bytes()).substr(0, 32) + "\""; };
    if (a.fixed.empty()) return computed();
    auto& known = fixed_etags_[a.fixed.data()];
    if (known.empty()) known = computed();
    return known;
}

// The first answer of a request is given again to each that repeats it within a day.
boost::asio::awaitable<answer> api::once_only(admitted request) {
    auto const key = *request.what.idempotency_key;
    auto const route = request.what.path;
    auto const digest = sha256_hex(request.what.body);
    auto const name = key + "\n" + route;
    if (keys_at_work_.contains(name)) {
        co_return answer_of(conflict("a request with this Idempotency-Key is being carried out at the moment"));
    }
    keys_at_work_.insert(name);
    struct at_work {
        std::set<std::string>& all;
        std::string const& name;
        ~at_work() { all.erase(name); }
    } const guard{keys_at_work_, name};
    auto known = co_await engine_.operate().recall(key, route);
    if (!known) co_return answer_of(problem_of(known.error()));
    if (*known) {
        auto const& first = **known;
        if (first.request != digest) {
            co_return answer_of(bad_field("/Idempotency-Key", "this Idempotency-Key was used for another body"));
        }
        answer again{.status = first.status};
        again.body = first.body;
        if (!first.location.empty()) again.headers.emplace_back("Location", first.location);
        again.headers.emplace_back("Idempotency-Replayed", "true");
        co_return again;
    }
    auto const run = request.to->handle;
    auto a = co_await (this->*run)(std::move(request.what));
    if (a.status >= 300) co_return a;
    store::kept_answer kept;
    kept.key = key;
    kept.route = route;
    kept.request = digest;
    kept.created = to_millis(time_.wall());
    kept.status = a.status;
    kept.body = a.body;
    for (auto const& [header, value] : a.headers) {
        if (header == "Location") kept.location = value;
    }
    // A started replay was kept with its row; keeping it again changes nothing. Whatever else was done is harmless to
    // repeat.
    auto stored = co_await engine_.operate().remember(std::move(kept));
    if (!stored)
        log_.warn("answer_not_kept", "The answer to a request with an Idempotency-Key could not be kept",
                  {{"detail", stored.error().what}});
    co_return a;
}

status_facts api::facts() const {
    return {.state = engine_.state(),
            .settings = config_.values,
            .now = time_.wall(),
            .schema_version = schema_version_,
            .disk = read_disk_facts(config_.values.store.path),
            .memory_bytes = resident_bytes()};
}

std::string api::status_now(bool volatile_too) const { return status_json(facts(), volatile_too); }

std::string query_or(call const& c, std::string const& name, std::string fallback) {
    auto const found = c.query.find(name);
    return found == c.query.end() ? std::move(fallback) : found->second;
}

outcome<int> limit_of(call const& c) {
    auto const text = query_or(c, "limit", "50");
    auto const digits =
        !text.empty() && text.size() <= 4 && std::ranges::all_of(text, [](char d) { return d >= '0' && d <= '9'; });
    auto const value = digits ? std::stoi(text) : 0;
    if (value < 1 || value > 500) return bad_field("/limit", "limit must be a number from 1 to 500");
    return outcome<int>{boost::system::in_place_value, value};
}

}  // namespace traitsync::admin
