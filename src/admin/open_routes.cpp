// What is served without a token, and the metrics.

#include "api.hpp"
#include "traitsync/embedded/openapi.hpp"
#include "traitsync/embedded/web.hpp"

namespace traitsync::admin {
namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
    if (name.ends_with(".html")) return "text/html; charset=utf-8";
    if (name.ends_with(".js") || name.ends_with(".mjs")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    if (name.ends_with(".json")) return "application/json";
    return "application/octet-stream";
}

answer file_named(std::string_view name) {
    for (auto const& file : embedded::web()) {
        if (file.name != name) continue;
        answer a{.type = std::string{type_of(name)}};
        a.fixed = file.content;
        a.headers = {{"Content-Security-Policy", std::string{page_policy}}, {"Cache-Control", "no-cache"}};
        return a;
    }
    return answer_of(not_found("there is no such file"));
}

}  // namespace

boost::asio::awaitable<answer> api::healthz(call) {
    answer a;
    a.body = R"({"status":"ok"})";
    co_return a;
}

boost::asio::awaitable<answer> api::readyz(call) {
    bool ready = false;
    answer a;
    a.body = readiness_json(engine_.state(), ready);
    if (!ready) {
        a.status = 503;
        a.headers.emplace_back("Retry-After", "5");
    }
    co_return a;
}

boost::asio::awaitable<answer> api::metrics(call) {
    answer a{.type = "text/plain; version=0.0.4; charset=utf-8"};
    a.body = metrics_text(facts(), read_process_facts(), counts_);
    co_return a;
}

boost::asio::awaitable<answer> api::openapi(call) {
    answer a;
    auto const files = embedded::openapi();
    a.fixed = files.front().content;
    co_return a;
}

boost::asio::awaitable<answer> api::page(call) { co_return file_named("index.html"); }

boost::asio::awaitable<answer> api::asset(call c) { co_return file_named(c.values.front()); }

}  // namespace traitsync::admin
