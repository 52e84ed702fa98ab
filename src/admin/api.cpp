#include "api.hpp"

#include <algorithm>

#include "traitsync/core/sha256.hpp"

namespace traitsync::admin {
namespace {

bool etag_matches(std::string_view wanted, std::string_view etag) {
    if (wanted == "*") return true;
    return wanted.find(etag) != std::string_view::npos;
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

status_facts api::facts() const {
    return {.state = engine_.state(),
            .settings = config_.values,
            .now = time_.wall(),
            .requests_left = engine_.requests_left(),
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
