// Requests with an Idempotency-Key.
#include "api.hpp"
#include "traitsync/core/sha256.hpp"

namespace traitsync::admin {

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
    auto const taken_out_before = engine_.operate().texts_taken_out();
    auto const run = request.to->handle;
    auto a = co_await (this->*run)(std::move(request.what));
    if (a.status >= 300) co_return a;
    // A started replay's was kept with its row. Kept again it would come back where somebody whom it names was
    // forgotten meanwhile.
    if (a.status == 202 && route == "/v1/replays") co_return a;
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
    // Only what is said of replays names people. What was done is harmless to repeat.
    auto const only_if = route.starts_with("/v1/replays") ? std::optional{taken_out_before} : std::nullopt;
    auto stored = co_await engine_.operate().remember(std::move(kept), only_if);
    if (!stored)
        log_.warn("answer_not_kept", "The answer to a request with an Idempotency-Key could not be kept",
                  {{"detail", stored.error().what}});
    co_return a;
}

}  // namespace traitsync::admin
