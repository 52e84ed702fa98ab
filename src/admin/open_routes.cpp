// What is served without a token, and the metrics.

#include <zlib.h>

#include <map>

#include "api.hpp"
#include "traitsync/embedded/openapi.hpp"
#include "traitsync/embedded/web.hpp"

namespace traitsync::admin {
namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
    if (name.ends_with(".html")) return "text/html; charset=utf-8";
    if (name.ends_with(".js") || name.ends_with(".mjs")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    if (name.ends_with(".json")) return "application/json";
    return "application/octet-stream";
}

// The files are embedded once and packed once, at their first request: a few hundred KB for the process's life.
std::string const& packed(std::string_view content) {
    static std::map<void const*, std::string> all;
    auto& out = all[content.data()];
    if (!out.empty()) return out;
    z_stream stream{};
    // 16 + 15 bits: gzip with the largest window.
    if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw broken_invariant{"zlib does not start"};
    }
    out.resize(::deflateBound(&stream, static_cast<uLong>(content.size())));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto const code = ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    if (code != Z_STREAM_END) throw broken_invariant{"zlib does not finish"};
    return out;
}

answer fixed_answer(std::string_view content, std::string_view type, bool gzip) {
    answer a{.type = std::string{type}};
    a.fixed = content;
    a.headers.emplace_back("Vary", "Accept-Encoding");
    if (gzip) {
        a.fixed = packed(content);
        a.headers.emplace_back("Content-Encoding", "gzip");
    }
    return a;
}

answer file_named(std::string_view name, bool gzip) {
    for (auto const& file : embedded::web()) {
        if (file.name != name) continue;
        auto a = fixed_answer(file.content, type_of(name), gzip);
        a.headers.emplace_back("Content-Security-Policy", std::string{page_policy});
        // Asked again at each visit, answered with 304 while it is the same.
        a.headers.emplace_back("Cache-Control", "no-cache");
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

boost::asio::awaitable<answer> api::openapi(call c) {
    auto const files = embedded::openapi();
    co_return fixed_answer(files.front().content, "application/json", c.takes_gzip);
}

boost::asio::awaitable<answer> api::page(call c) { co_return file_named("index.html", c.takes_gzip); }

boost::asio::awaitable<answer> api::asset(call c) { co_return file_named(c.values.front(), c.takes_gzip); }

}  // namespace traitsync::admin
