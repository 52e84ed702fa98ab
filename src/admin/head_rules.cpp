#include "head_rules.hpp"

#include <algorithm>
#include <utility>

#include "traitsync/core/text.hpp"

namespace traitsync::admin {
namespace {

// What stands before the next separator, which is taken off the text with it.
std::string_view next_of(std::string_view& text, char separator) {
    auto const end = std::min(text.find(separator), text.size());
    auto const one = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return one;
}

// The parameter's value without quotes; empty where it is not there. `parameters`: in lower case.
std::string_view charset_in(std::string_view parameters) {
    while (!parameters.empty()) {
        auto const one = next_of(parameters, ';');
        if (!one.starts_with("charset=")) continue;
        auto value = one.substr(8);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

problem not_this_type(std::string detail) { return {415, "media_type", "Not this media type", std::move(detail)}; }

}  // namespace

void to_origin_form(request_head& head) {
    auto const scheme = ascii_lowered(std::string_view{head.target}.substr(0, 8));
    std::size_t const skipped = scheme.starts_with("http://") ? 7 : scheme == "https://" ? 8 : 0;
    if (skipped == 0) return;
    auto const rest = head.target.substr(skipped);
    auto const end = std::min(rest.find_first_of("/?#"), rest.size());
    head.host = rest.substr(0, end);
    // Not insert(): at -O2 g++ 12 takes it for an overlapping copy.
    std::string path = end < rest.size() && rest[end] == '/' ? "" : "/";
    path += std::string_view{rest}.substr(end);
    head.target = std::move(path);
}

std::optional<problem> check_form(request_head const& head) {
    if (!head.repeated.empty()) return bad_request("the request has two headers " + head.repeated);
    // Beast takes any other coding for the body's bytes.
    if (!head.transfer_encoding.empty() && ascii_lowered(head.transfer_encoding) != "chunked") {
        return bad_request("the only Transfer-Encoding that is understood is chunked");
    }
    return std::nullopt;
}

std::optional<problem> check_media_type(request_head const& head) {
    auto const coding = ascii_lowered(trimmed(head.content_encoding));
    if (!coding.empty() && coding != "identity") {
        auto wrong = not_this_type("the body must not be compressed: this Content-Encoding is not understood");
        wrong.headers = {{"Accept-Encoding", "identity"}};
        return wrong;
    }
    auto const whole = ascii_lowered(head.content_type);
    auto const type = std::string_view{whole}.substr(0, whole.find_first_of("; \t"));
    if (type != "application/json" && !(type.starts_with("application/") && type.ends_with("+json"))) {
        return not_this_type("the body must be application/json");
    }
    auto const charset = charset_in(std::string_view{whole}.substr(type.size()));
    if (!charset.empty() && charset != "utf-8" && charset != "utf8" && charset != "us-ascii") {
        return not_this_type("the body must be application/json in UTF-8");
    }
    return std::nullopt;
}

bool takes_gzip(std::string_view accept_encoding) {
    auto const whole = ascii_lowered(accept_encoding);
    std::string_view rest = whole;
    std::optional<bool> named, any;
    while (!rest.empty()) {
        auto one = next_of(rest, ',');
        auto const coding = next_of(one, ';');
        bool wanted = true;
        while (!one.empty()) {
            auto const parameter = next_of(one, ';');
            if (parameter.starts_with("q=")) wanted = parameter.find_first_not_of("0.", 2) != std::string_view::npos;
        }
        if (coding == "gzip" || coding == "x-gzip") named = wanted;
        if (coding == "*") any = wanted;
    }
    return named.value_or(any.value_or(false));
}

}  // namespace traitsync::admin
