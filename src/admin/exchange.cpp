#include "exchange.hpp"

#include "json_writer.hpp"

namespace traitsync::admin {

answer answer_of(problem const& p) {
    json_writer w;
    w.begin_object();
    w.key("type").text("urn:traitsync:problem:" + std::string{p.code});
    w.key("title").text(p.title);
    w.key("status").number(p.status);
    w.key("detail").text(p.detail);
    for (auto const& [name, value] : p.numbers) w.key(name).number(value);
    if (!p.errors.empty()) {
        w.key("errors").begin_array();
        for (auto const& e : p.errors) {
            w.begin_object().key("pointer").text(e.pointer).key("detail").text(e.detail).end_object();
        }
        w.end_array();
    }
    w.end_object();
    return {.status = p.status, .type = "application/problem+json", .headers = p.headers, .body = w.take()};
}

problem bad_request(std::string detail) { return {400, "malformed", "The request is malformed", std::move(detail)}; }

problem bad_field(std::string pointer, std::string detail) {
    return bad_fields({{std::move(pointer), std::move(detail)}});
}

problem wrong_cursor() { return bad_field("/cursor", "the cursor is not one of this list"); }

problem bad_fields(std::vector<problem::field> errors) {
    auto detail = errors.size() == 1 ? errors.front().detail : std::to_string(errors.size()) + " values are not valid";
    return {422, "invalid", "A value is not valid", std::move(detail), std::move(errors)};
}

problem not_found(std::string detail) { return {404, "not_found", "There is no such thing", std::move(detail)}; }
problem conflict(std::string detail) {
    return {409, "conflict", "Not possible in the present state", std::move(detail)};
}

problem problem_of(error const& e) {
    switch (e.kind) {
        case fault::conflict:
            return conflict(e.what);
        case fault::invalid:
            return not_found(e.what);
        case fault::throttled:
            return {.status = 429,
                    .code = "too_many",
                    .title = "Too many at once",
                    .detail = e.what,
                    .headers = {{"Retry-After", "10"}}};
        case fault::storage:
        case fault::cancelled:
        case fault::unavailable:
            return {.status = 503,
                    .code = "unavailable",
                    .title = "Not possible at the moment",
                    .detail = e.what,
                    .headers = {{"Retry-After", "2"}}};
        default:
            return {500, "internal", "The request failed", e.what};
    }
}

void throw_exception_from_error(problem const& p, boost::source_location const&) {
    throw broken_invariant{"value() on a problem: " + p.detail};
}

}  // namespace traitsync::admin
