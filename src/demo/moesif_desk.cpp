#include "moesif_desk.hpp"

#include <fmt/format.h>

#include <array>

#include "compression.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::demo {

namespace {

constexpr std::size_t exchanges_kept = 256;
constexpr std::int64_t minute_millis = 60'000;

http_reply refusal(int status, std::string_view text) {
    http_reply reply;
    reply.status = status;
    reply.body = fmt::format(R"({{"status":{},"error":)", status);
    json::append_quoted(reply.body, text);
    reply.body += '}';
    return reply;
}

http_reply throttled(std::optional<std::chrono::seconds> wait) {
    auto reply = refusal(429, "Too Many Requests");
    if (wait) reply.headers.emplace_back("Retry-After", std::to_string(wait->count()));
    return reply;
}

bool sorts_by_id(search_request const& request) {
    for (auto const& key : request.sort) {
        if (key.field == sort_field::id) return true;
    }
    return false;
}

// The faults that take the place of the answer.
std::optional<http_reply> instead(moesif_fault fault, moesif_faults const& faults) {
    switch (fault) {
        case moesif_fault::throttled:
            return throttled(faults.retry_after);
        case moesif_fault::throttled_silently:
            return throttled(std::nullopt);
        case moesif_fault::server_error:
            return refusal(500, "Internal Server Error");
        case moesif_fault::bad_gateway:
            return refusal(502, "Bad Gateway");
        case moesif_fault::unavailable:
            return refusal(503, "Service Unavailable");
        case moesif_fault::cut_before_answer:
        case moesif_fault::hang: {
            http_reply reply;
            reply.status = 0;
            reply.end = ending::cut_before;
            if (fault == moesif_fault::hang) reply.wait = faults.hang_for;
            return reply;
        }
        default:
            return std::nullopt;
    }
}

}  // namespace

moesif_desk::moesif_desk(moesif_options options)
    : faults{options.faults}, options_{std::move(options)}, time_{options_.time ? *options_.time : system_clock()} {
    dice.seed(faults.seed);
}

http_reply moesif_desk::answer(http_request request) {
    auto const target = parse_target(request.head.method, request.head.target, options_.prefix);
    if (target.call == moesif_call::search || target.call == moesif_call::older_search) {
        call_hook(target.companies, request.body);
    }
    std::lock_guard const lock{mutex};
    auto reply = reply_to(request, target);
    record(std::move(request), reply);
    return reply;
}

void moesif_desk::call_hook(bool of_companies, std::string_view body) {
    std::function<void(page_event const&)> hook;
    page_event event;
    {
        std::lock_guard const lock{mutex};
        hook = before_page;
        event.companies = of_companies;
        event.continued = body.find("\"search_after\"") != std::string_view::npos;
        event.number = of_companies ? counts.company_searches : counts.user_searches;
    }
    if (hook) hook(event);  // without the mutex: the hook writes documents
}

http_reply moesif_desk::reply_to(http_request const& request, moesif_target const& target) {
    bool const older = target.call == moesif_call::older_search;
    bool const off = (older && faults.spelling == search_spelling::documented_only) ||
                     (target.call == moesif_call::search && faults.spelling == search_spelling::older_only);
    if (target.call == moesif_call::unknown || off) return refusal(404, "Not Found");
    moesif_fault const fault = next_fault();
    if (auto reply = instead(fault, faults)) return std::move(*reply);
    if (auto reply = refused(request.head, target)) return std::move(*reply);
    if (auto reply = over_the_limit()) return std::move(*reply);
    auto reply = routed(request, target, fault);
    disguise(reply, fault, request.head.accepts_gzip());
    return reply;
}

moesif_fault moesif_desk::next_fault() {
    std::array<fault_dice<moesif_fault>::chance, 12> const chances{{
        {moesif_fault::throttled, faults.throttled},
        {moesif_fault::throttled_silently, faults.throttled_silently},
        {moesif_fault::server_error, faults.server_error},
        {moesif_fault::bad_gateway, faults.bad_gateway},
        {moesif_fault::unavailable, faults.unavailable},
        {moesif_fault::cut_before_answer, faults.cut_before_answer},
        {moesif_fault::cut_in_body, faults.cut_in_body},
        {moesif_fault::hang, faults.hang},
        {moesif_fault::slow_body, faults.slow_body},
        {moesif_fault::timed_out, faults.timed_out},
        {moesif_fault::html_body, faults.html_body},
        {moesif_fault::wrong_content_type, faults.wrong_content_type},
    }};
    return dice.next(chances);
}

std::optional<http_reply> moesif_desk::refused(http_head const& head, moesif_target const& target) {
    if (faults.unauthorized || head.header("authorization") != "Bearer " + options_.token) {
        return refusal(401, "Unauthorized");
    }
    if (target.companies ? faults.no_company_scope : faults.no_user_scope) {
        return refusal(401, target.companies ? "missing scope read:companies" : "missing scope read:users");
    }
    if (head.method == "POST" && !head.header("content-type").starts_with("application/json")) {
        return refusal(400, "Content-Type must be application/json");
    }
    return std::nullopt;
}

std::optional<http_reply> moesif_desk::over_the_limit() {
    if (faults.requests_per_minute == 0) return std::nullopt;
    std::int64_t const millis = to_millis(time_.wall());
    if (millis / minute_millis != minute_) {
        minute_ = millis / minute_millis;
        used_this_minute_ = 0;
    }
    if (++used_this_minute_ <= faults.requests_per_minute) return std::nullopt;
    if (!faults.limit_says_when) return throttled(std::nullopt);
    return throttled(std::chrono::seconds{(minute_millis - millis % minute_millis + 999) / 1000});
}

http_reply moesif_desk::routed(http_request const& request, moesif_target const& target, moesif_fault fault) {
    users.publish(now());
    companies.publish(now());
    if (target.call == moesif_call::get) return get(target);
    if (target.call == moesif_call::count) return count(request, target);
    return search(request, target.companies, fault == moesif_fault::timed_out);
}

http_reply moesif_desk::search(http_request const& request, bool of_companies, bool timed_out) {
    ++(of_companies ? counts.company_searches : counts.user_searches);
    auto parsed = parse_search(request.body);
    if (!parsed) return refusal(400, parsed.error().what);
    if (faults.refuse_search_after && parsed->after) return refusal(400, "[search_after] is not supported");
    if (faults.refuse_id_sort && sorts_by_id(*parsed)) {
        return refusal(400, "Fielddata access on the _id field is disallowed");
    }
    if (faults.largest_page > 0 && parsed->size > faults.largest_page) return refusal(413, "Payload Too Large");
    if (faults.ignore_search_after) parsed->after.reset();
    page_style const style{faults.total_as_object, faults.bare_answers, timed_out};
    auto page = answer_search(shelf(of_companies).visible(), *parsed, style);
    counts.hits += page.hits;
    http_reply reply;
    reply.status = faults.created_status ? 201 : 200;
    reply.body = std::move(page.body);
    return reply;
}

http_reply moesif_desk::get(moesif_target const& target) {
    ++counts.gets;
    http_reply reply;
    bool const found = shelf(target.companies).find(target.id, [&](document_view const& document) {
        reply.body = single_document(document, faults.flat_get);
        return false;
    });
    if (!found) return refusal(404, "Not Found");
    return reply;
}

http_reply moesif_desk::count(http_request const& request, moesif_target const& target) {
    ++counts.counts;
    if (!target.query.contains("app_id")) return refusal(400, "app_id is required");
    auto const wanted = parse_count(request.body);
    if (!wanted) return refusal(400, wanted.error().what);
    http_reply reply;
    reply.body = fmt::format(R"({{"count":{}}})", count_matches(shelf(target.companies).visible(), *wanted));
    return reply;
}

void moesif_desk::disguise(http_reply& reply, moesif_fault fault, bool accepts_gzip) {
    if (fault == moesif_fault::html_body) {
        reply.status = 200;
        reply.content_type = "text/html";
        reply.body = "<!DOCTYPE html><html><body><h1>We are updating our service</h1></body></html>";
    }
    if (fault == moesif_fault::wrong_content_type) reply.content_type = "text/plain";
    if (faults.gzip && accepts_gzip) {
        reply.body = gzip(reply.body);
        reply.headers.emplace_back("Content-Encoding", "gzip");
    }
    reply.chunked = faults.chunked;
    if (fault == moesif_fault::slow_body) reply.pause = faults.slow_pause;
    if (fault == moesif_fault::cut_in_body) reply.end = ending::cut_in_body;
}

void moesif_desk::record(http_request request, http_reply const& reply) {
    ++counts.by_status[reply.status];
    recent.push_back({std::move(request.head.method), std::move(request.head.target), std::move(request.body),
                      reply.status, time_.wall()});
    if (recent.size() > exchanges_kept) recent.pop_front();
    changed.notify_all();
}

}  // namespace traitsync::demo
