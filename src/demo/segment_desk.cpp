#include "segment_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base64.hpp"
#include "compression.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::demo {

namespace {

constexpr std::string_view batch_path = "/v1/batch";

bool is_batch(http_head const& head) {
    return head.method == "POST" && std::string_view{head.target}.substr(0, head.target.find('?')) == batch_path;
}

http_reply plain(int status, std::string_view text) {
    http_reply reply;
    reply.status = status;
    reply.content_type = "text/plain";
    reply.body = text;
    return reply;
}

// The faults that take the place of the answer; nothing for those that change it.
std::optional<http_reply> instead(segment_fault fault, segment_faults const& faults) {
    http_reply reply;
    switch (fault) {
        case segment_fault::throttled: {
            reply = plain(429, "");
            std::string const wait = std::to_string(faults.retry_after.count());
            reply.headers = {{"Retry-After", wait}, {"X-RateLimit-Reset", wait}};
            return reply;
        }
        case segment_fault::throttled_silently:
            return plain(429, "");
        case segment_fault::server_error:
            return plain(500, "Internal Server Error");
        case segment_fault::unavailable:
            return plain(503, "Service Unavailable");
        case segment_fault::redirect:
            reply = plain(302, "");
            reply.headers = {{"Location", "https://elsewhere.example.com/v1/batch"}};
            return reply;
        case segment_fault::unauthorized:
            return plain(401, "Unauthorized");
        case segment_fault::bad_request:
            return plain(400, "Bad Request");
        case segment_fault::hang:
            reply.status = 0;
            reply.end = ending::cut_before;
            reply.wait = faults.hang_for;
            return reply;
        default:
            break;
    }
    if (faults.always_status > 0) return plain(faults.always_status, "");
    return std::nullopt;
}

http_reply accepted(segment_fault fault, segment_faults const& faults) {
    http_reply reply;
    if (fault == segment_fault::answer_lost) {
        reply.status = 0;
        reply.end = ending::reset;
        return reply;
    }
    reply.body = R"({"success":true})";
    if (fault == segment_fault::slow) reply.wait = faults.slow_for;
    return reply;
}

}  // namespace

segment_desk::segment_desk(segment_options options)
    : faults{options.faults}, level{options.record}, options_{std::move(options)}, record_{fresh_record()} {
    dice.seed(faults.seed);
}

arrival_record segment_desk::fresh_record() const {
    return {options_.max_recorded, options_.answers_before_next, level == recording::bodies};
}

bool segment_desk::admits(http_head& head) {
    if (!is_batch(head)) return true;
    std::lock_guard const lock{mutex};
    std::array<fault_dice<segment_fault>::chance, 11> const chances{{
        {segment_fault::throttled, faults.throttled},
        {segment_fault::throttled_silently, faults.throttled_silently},
        {segment_fault::server_error, faults.server_error},
        {segment_fault::unavailable, faults.unavailable},
        {segment_fault::reset_before_reading, faults.reset_before_reading},
        {segment_fault::answer_lost, faults.answer_lost},
        {segment_fault::hang, faults.hang},
        {segment_fault::slow, faults.slow},
        {segment_fault::redirect, faults.redirect},
        {segment_fault::unauthorized, faults.unauthorized},
        {segment_fault::bad_request, faults.bad_request},
    }};
    segment_fault const fault = dice.next(chances);
    head.mark = static_cast<int>(fault);
    ++counts_.requests;
    if (fault != segment_fault::reset_before_reading) return true;
    ++counts_.by_status[0];
    changed.notify_all();
    return false;
}

http_reply segment_desk::answer(http_request request) {
    std::lock_guard const lock{mutex};
    auto reply = is_batch(request.head) ? reply_to(request, static_cast<segment_fault>(request.head.mark))
                                        : plain(404, "Not Found");
    ++counts_.by_status[reply.status];
    changed.notify_all();
    return reply;
}

http_reply segment_desk::reply_to(http_request const& request, segment_fault fault) {
    if (auto reply = refused(request.head)) return std::move(*reply);
    auto const encoding = request.head.header("content-encoding");
    if (request.body.size() > options_.limits.batch_bytes) return bad_batch("Exceed payload limit");
    if (encoding.empty() || encoding == "identity") return taken(request.body, fault);
    if (encoding != "gzip") return bad_batch("unknown Content-Encoding");
    auto const body = gunzip(request.body, options_.limits.batch_bytes);
    if (!body) return bad_batch("Exceed payload limit");
    return taken(*body, fault);
}

std::optional<http_reply> segment_desk::refused(http_head const& head) const {
    if (!knows(head.header("authorization"))) return plain(401, "Unauthorized");
    if (!head.header("content-type").starts_with("application/json")) return plain(400, "Bad Request");
    return std::nullopt;
}

bool segment_desk::knows(std::string_view authorization) const {
    constexpr std::string_view scheme = "Basic ";
    if (!authorization.starts_with(scheme)) return false;
    auto const pair = decode_base64(authorization.substr(scheme.size()));
    // Key, colon, empty password.
    if (!pair || pair->size() < 2 || pair->back() != ':') return false;
    return options_.write_key.empty() || *pair == options_.write_key + ":";
}

http_reply segment_desk::bad_batch(std::string reason) {
    ++counts_.refused_batches;
    ++counts_.refusals[reason];
    if (faults.plain_answers) return plain(400, "Bad Request");
    http_reply reply;
    reply.status = 400;
    reply.body = R"({"code":"bad_request","message":)";
    json::append_quoted(reply.body, reason);
    reply.body += '}';
    return reply;
}

void segment_desk::count_body(std::size_t bytes, std::size_t messages) {
    counts_.largest_batch_bytes = std::max(counts_.largest_batch_bytes, bytes);
    counts_.largest_batch_messages = std::max(counts_.largest_batch_messages, messages);
}

http_reply segment_desk::unparsed(std::string_view body, segment_fault fault) {
    std::size_t const messages = count_identifies(body);
    count_body(body.size(), messages);
    if (auto reply = instead(fault, faults)) return std::move(*reply);
    ++counts_.batches;
    counts_.messages += messages;
    counts_.bytes += body.size();
    if (fault == segment_fault::answer_lost) ++counts_.answers_lost;
    return accepted(fault, faults);
}

void segment_desk::find_bad(std::vector<batch_message>& messages) const {
    for (auto& m : messages) {
        if (!m.fault.empty()) continue;
        bool const by_name =
            !faults.refuse_users_with.empty() && m.user_id.find(faults.refuse_users_with) != std::string::npos;
        if (by_name || (refuse && refuse(m.user_id, m.text))) m.fault = "refused";
    }
}

http_reply segment_desk::taken(std::string_view body, segment_fault fault) {
    if (level == recording::off) return unparsed(body, fault);
    auto parsed = parse_batch(body, options_.limits);
    if (!parsed) {
        count_body(body.size(), 0);
        return bad_batch(parsed.error().what);
    }
    auto& messages = *parsed;
    count_body(body.size(), messages.size());
    if (messages.size() > options_.limits.batch_messages) return bad_batch("too many messages in a batch");
    if (auto reply = instead(fault, faults)) {
        bool const final_answer = reply->status == 400 || reply->status == 413;
        record_.take(messages, final_answer ? outcome::refused : outcome::not_taken);
        return std::move(*reply);
    }
    find_bad(messages);
    auto const bad = std::count_if(messages.begin(), messages.end(), [](auto const& m) { return !m.fault.empty(); });
    if (bad > 0 && faults.bad_messages == bad_message::refuses_batch) {
        record_.take(messages, outcome::refused);
        auto const first =
            std::find_if(messages.begin(), messages.end(), [](auto const& m) { return !m.fault.empty(); });
        return bad_batch(first->fault);
    }
    for (auto const& m : messages) {
        if (m.fault.empty()) continue;
        ++counts_.dropped_messages;
        ++counts_.refusals[m.fault];
    }
    bool const mute = fault == segment_fault::answer_lost;
    record_.take(messages, mute ? outcome::accepted_mute : outcome::accepted);
    ++counts_.batches;
    counts_.messages += messages.size() - static_cast<std::size_t>(bad);
    counts_.bytes += body.size();
    if (mute) ++counts_.answers_lost;
    return accepted(fault, faults);
}

segment_counts segment_desk::counts() const {
    auto counts = counts_;
    counts.distinct_messages = record_.distinct();
    counts.repeats = record_.repeats();
    counts.unchanged_messages = record_.unchanged();
    counts.violations = record_.violation_count();
    counts.overflowed = record_.overflowed();
    return counts;
}

void segment_desk::set_recording(recording wanted) {
    level = wanted;
    record_.keep_bodies(wanted == recording::bodies);
}

void segment_desk::forget() {
    counts_ = {};
    record_ = fresh_record();
}

}  // namespace traitsync::demo
