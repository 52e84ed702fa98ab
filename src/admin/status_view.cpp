#include "status_view.hpp"

#include <algorithm>

#include "json_writer.hpp"
#include "message_pages.hpp"

namespace traitsync::admin {
namespace {

using store::total;
using store::value_of;

void write_reasons(json_writer& w, std::vector<engine::reason> const& reasons) {
    w.begin_array();
    for (auto const& r : reasons) {
        w.begin_object()
            .key("code")
            .text(r.code)
            .key("detail")
            .text(r.detail)
            .key("since")
            .time(to_millis(r.since))
            .end_object();
    }
    w.end_array();
}

std::int64_t seconds_since(wall_time now, std::int64_t millis) {
    return std::max<std::int64_t>(0, (to_millis(now) - millis) / 1000);
}

// What the operator paused shows as paused, whatever the flow is finishing at the moment; blocked is told first.
std::string_view pull_word(engine::pull_status const& p) {
    if (p.blocked) return "blocked";
    if (p.paused) return "paused";
    // Between two passes of which the first failed.
    if (p.failing && p.state == engine::service_state::idle) return "retrying";
    return word_of(p.state, "pulling");
}
std::string_view push_word(engine::status const& s) {
    if (s.destination || s.push.blocked) return "blocked";
    return s.push.paused ? "paused" : word_of(s.push.state, "delivering");
}

void write_moesif(json_writer& w, status_facts const& f, bool volatile_too) {
    auto const& p = f.state.pull;
    auto const& n = f.state.numbers;
    w.key("moesif").begin_object();
    w.key("state").text(pull_word(p));
    w.key("paused").boolean(p.paused.has_value());
    w.key("last_pass_at").time(p.last_pass_at);
    w.key("last_pass_kind").text_or_null(p.last_pass_kind);
    auto const& failed = p.last_error ? p.last_error : p.missing_error;
    w.key("last_error").text_or_null(failed ? std::string_view{failed->what} : std::string_view{});
    w.key("next_pass_at").time(p.next_pass_at);
    w.key("cursor_time").time(p.cursor_time);
    if (volatile_too) {
        w.key("lag_seconds");
        if (p.cursor_time) {
            w.number(seconds_since(f.now, to_millis(*p.cursor_time)));
        } else {
            w.null();
        }
    }
    w.key("requests_left_this_minute");
    if (f.settings.moesif.requests_per_minute == 0) {
        w.null();
    } else {
        w.number(f.requests_left);
    }
    w.key("users").number(n.users);
    w.key("companies").number(n.companies);
    w.key("gone").number(n.gone);
    w.key("quarantined").number(n.quarantined);
    w.key("run");
    if (p.pass) {
        write_run(w, *p.pass);
    } else {
        w.null();
    }
    w.end_object();
}

void write_queue(json_writer& w, status_facts const& f, bool volatile_too) {
    auto const& n = f.state.numbers;
    w.key("queue").begin_object();
    w.key("waiting").number(n.waiting);
    w.key("offered").number(n.offered);
    w.key("held").number(n.held);
    w.key("dead").number(n.dead);
    if (volatile_too) w.key("oldest_seconds").number(n.oldest_created ? seconds_since(f.now, *n.oldest_created) : 0);
    w.key("bytes").number(n.offered_bytes);
    w.key("replay").number(n.replaying);
    w.end_object();
}

void write_segment(json_writer& w, status_facts const& f) {
    auto const& p = f.state.push;
    w.key("segment").begin_object();
    w.key("state").text(push_word(f.state));
    w.key("paused").boolean(p.paused.has_value());
    w.key("acknowledged_total").number(value_of(f.state.numbers.totals, total::acknowledged));
    w.key("acknowledged_per_second").decimal(p.acknowledged_per_second);
    w.key("retries_total").number(p.retries);
    w.key("last_error").text_or_null(p.last_error ? std::string_view{p.last_error->what} : std::string_view{});
    w.key("last_acknowledged_at").time(p.last_acknowledged_at);
    w.key("retry_at").time(p.retry_at);
    w.end_object();
}

}  // namespace

std::string status_json(status_facts const& f, bool volatile_too) {
    auto const& s = f.state;
    auto const& totals = s.numbers.totals;
    json_writer w;
    w.begin_object();
    w.key("version").text(TRAITSYNC_VERSION);
    w.key("state").text(engine::overall(s));
    w.key("reasons");
    write_reasons(w, engine::reasons_of(s));
    w.key("started_at").time(to_millis(s.started));
    if (volatile_too) w.key("uptime_seconds").number(seconds_since(f.now, to_millis(s.started)));
    write_moesif(w, f, volatile_too);
    write_queue(w, f, volatile_too);
    write_segment(w, f);
    w.key("savings").begin_object();
    w.key("profiles_read").number(value_of(totals, total::profiles_read));
    w.key("messages_sent").number(value_of(totals, total::acknowledged));
    w.key("traits_compared").number(value_of(totals, total::traits_compared));
    w.key("traits_sent").number(value_of(totals, total::traits_sent));
    w.end_object();
    w.key("store").begin_object();
    w.key("path").text(f.settings.store.path);
    if (volatile_too) w.key("bytes").number(f.disk.store_bytes).key("free_bytes").number(f.disk.free_bytes);
    w.key("history_bytes").number(s.numbers.history_bytes);
    w.key("schema_version").number(f.schema_version);
    w.end_object();
    if (volatile_too) w.key("memory_bytes").number(f.memory_bytes);
    w.end_object();
    return w.take();
}

std::string readiness_json(engine::status const& s, bool& ready) {
    auto const obstacles = engine::obstacles_of(s);
    ready = obstacles.empty();
    json_writer w;
    w.begin_object().key("status").text(ready ? "ready" : "not_ready").key("reasons");
    write_reasons(w, obstacles);
    w.end_object();
    return w.take();
}

}  // namespace traitsync::admin
