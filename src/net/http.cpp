#include "traitsync/net/http.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "traitsync/core/text_start.hpp"

namespace traitsync::net {
namespace {

constexpr std::size_t max_excerpt = 200;
constexpr std::size_t max_answer = 2048;

bool printable(char c) { return c > ' ' && c < '\x7f'; }

// The start of a body as one printable line: whatever else there is becomes one blank.
std::string excerpt(std::string_view body) {
    std::string out;
    bool gap = false;
    for (auto const c : body) {
        if (!printable(c)) {
            gap = !out.empty();
            continue;
        }
        if (out.size() + 1 + (gap ? 1U : 0U) > max_excerpt) {
            out += "…";
            break;
        }
        if (std::exchange(gap, false)) out.push_back(' ');
        out.push_back(c);
    }
    return out;
}

std::string start_of(std::string const& body) { return std::string{text_start(body, max_answer)}; }

// Where a redirect points, without what may hold a secret: user information, query and fragment.
std::string target_of(std::string_view location) {
    location = location.substr(0, location.find_first_of("?#"));
    auto const shown = !location.empty() && location.size() <= max_excerpt &&
                       location.find('@') == std::string_view::npos && std::ranges::all_of(location, printable);
    return shown ? fmt::format(", to {}", location) : std::string{};
}

struct meaning {
    fault kind;
    std::string_view words;
};

meaning meaning_of(int status) {
    switch (status) {
        case 401:
            return {fault::unauthorized, "the token or key is not accepted, or lacks a scope"};
        case 402:
            return {fault::unauthorized, "the subscription is not active"};
        case 403:
            return {fault::unauthorized, "the token or key may not do this"};
        case 404:
        case 405:
        case 406:
            return {fault::misdirected, "nothing like that is there: check the address and path"};
        case 407:
            return {fault::misdirected, "a proxy between wants credentials"};
        case 408:
        case 410:
        case 425:
        case 460:
            return {fault::unavailable, "it is tried again"};
        case 413:
            return {fault::too_large, "the request was too large"};
        case 429:
            return {fault::throttled, "it asks for fewer requests"};
        default:
            break;
    }
    if (status >= 300 && status < 400) return {fault::misdirected, "redirects are not followed: set the final address"};
    if (status >= 400 && status < 500) return {fault::invalid, "the request was refused"};
    return {fault::unavailable, "it is tried again"};
}

}  // namespace

std::optional<error> fault_of(reply const& r, std::string_view who, gone means) {
    if (r.status >= 200 && r.status < 300) return std::nullopt;
    auto const [kind, words] = meaning_of(r.status == 410 && means == gone::for_good ? 404 : r.status);
    error e;
    e.kind = kind;
    e.http_status = r.status;
    e.answer = start_of(r.body);
    e.retry_after = r.retry_after;
    e.what = fmt::format("{} answered {}: {}", who, r.status, words);
    if (r.status < 400) e.what += target_of(r.location);
    if (r.retry_after && *r.retry_after > longest_retry_after) {
        e.what += fmt::format(", after {} s (it asks for longer)", longest_retry_after.count());
    } else if (r.retry_after) {
        e.what += fmt::format(", after {} s", r.retry_after->count());
    }
    if (auto const start = excerpt(r.body); !start.empty()) e.what += " (" + start + ")";
    return e;
}

void redact(std::string& text, std::string_view hidden) {
    constexpr std::string_view mark = "***";
    constexpr std::size_t least_told = 6;  // fewer characters than that say little, and stand at many a text's end
    if (hidden.empty()) return;
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + mark.size())) {
        text.replace(at, hidden.size(), mark);
    }
    // A text that was cut may end within it.
    for (auto length = std::min(hidden.size() - 1, text.size()); length >= least_told; --length) {
        if (!text.ends_with(hidden.substr(0, length))) continue;
        text.replace(text.size() - length, length, mark);
        break;
    }
}

}  // namespace traitsync::net
