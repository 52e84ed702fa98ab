#include "traitsync/delivery/verdict.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "traitsync/core/text.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {
namespace {

std::optional<std::chrono::seconds> asked_wait(std::optional<std::chrono::seconds> retry_after,
                                               std::optional<std::chrono::seconds> rate_limit_reset) {
    constexpr std::chrono::seconds least = limits::min_retry_after, most = limits::max_retry_after;
    if (retry_after) return std::clamp(*retry_after, least, most);
    if (rate_limit_reset && *rate_limit_reset <= most) return std::max(*rate_limit_reset, least);
    return std::nullopt;
}

// Where a redirect points, without what may hold a secret: user information, query and fragment.
std::string shown_location(std::string_view location) {
    constexpr std::size_t longest = 200;
    location = location.substr(0, location.find_first_of("?#"));
    if (location.empty() || location.size() > longest || location.find('@') != std::string_view::npos) return {};
    auto const plain = [](char c) { return c > ' ' && c < '\x7f'; };
    return std::ranges::all_of(location, plain) ? fmt::format(", to {}", location) : std::string{};
}

std::string words_for(verdict v, int status, std::optional<std::chrono::seconds> asked, std::string_view location) {
    auto const said = fmt::format("Segment answered {}", status);
    switch (v) {
        case verdict::locked:
            return said + ": check segment.write_key, and any proxy between";
        case verdict::astray:
            if (status == 407) return said + ": a proxy between wants credentials";
            if (status < 400) return said + ": a redirect" + shown_location(location) + "; check segment.url";
            return said + ": check segment.url and segment.region, and any proxy between";
        case verdict::failed:
        case verdict::throttled:
            return asked ? fmt::format("{}, to wait {} s", said, asked->count()) : said;
        default:
            return said;
    }
}

}  // namespace

std::string_view name_of(verdict v) {
    switch (v) {
        case verdict::accepted:
            return "accepted";
        case verdict::no_answer:
            return "no_answer";
        case verdict::failed:
            return "failed";
        case verdict::throttled:
            return "throttled";
        case verdict::refused:
            return "refused";
        case verdict::locked:
            return "unauthorized";
        case verdict::astray:
            return "misdirected";
        case verdict::cancelled:
            return "cancelled";
    }
    return "unknown";
}

verdict verdict_of(int status) {
    if (status >= 200 && status < 300) return verdict::accepted;
    if (status >= 300 && status < 400) return verdict::astray;
    switch (status) {
        case 401:
        case 402:
        case 403:
            return verdict::locked;
        case 404:
        case 405:
        case 406:
        case 407:
            return verdict::astray;
        case 408:
        case 410:
        case 460:
            return verdict::failed;
        case 429:
            return verdict::throttled;
        default:
            return status >= 400 && status < 500 ? verdict::refused : verdict::failed;
    }
}

judged judge(result<net::reply> const& outcome) {
    judged j;
    if (outcome) {
        j.http_status = outcome->status;
        j.what = verdict_of(j.http_status);
        j.asked = asked_wait(outcome->retry_after, outcome->rate_limit_reset);
        j.words = words_for(j.what, j.http_status, j.asked, outcome->location);
        if (j.what == verdict::refused || j.what == verdict::failed || j.what == verdict::throttled)
            j.answer = answer_text(outcome->body);
        return j;
    }
    auto const& e = outcome.error();
    j.http_status = e.http_status;
    j.words = e.what;
    j.asked = asked_wait(e.retry_after, std::nullopt);
    j.answer = answer_text(e.answer);
    j.what = e.kind == fault::cancelled ? verdict::cancelled
             : e.http_status != 0       ? verdict_of(e.http_status)
                                        : verdict::no_answer;
    return j;
}

std::string answer_text(std::string_view body) {
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string text;
    while (!body.empty()) {
        auto const [length, valid] = utf8_at(body, 0);
        auto piece = valid ? body.substr(0, length) : replacement;
        auto const c = static_cast<unsigned char>(piece.front());
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) piece = " ";
        if (text.size() + piece.size() > limits::max_answer_bytes) break;
        text += piece;
        body.remove_prefix(valid ? length : 1);
    }
    return text;
}

}  // namespace traitsync::delivery
