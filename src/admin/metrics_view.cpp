#include <fmt/core.h>

#include <algorithm>

#include "status_view.hpp"

// Prometheus text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/

namespace traitsync::admin {
namespace {

using store::total;
using store::value_of;

class metrics_writer {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    void value(std::int64_t v, std::string_view labels = {}) { line(labels, std::to_string(v)); }
    void value(double v, std::string_view labels = {}) { line(labels, fmt::format("{}", v)); }

    void no_limit() { line({}, "+Inf"); }

    void gauge(std::string_view name, std::string_view help, std::int64_t v) {
        family(name, "gauge", help);
        value(v);
    }
    void counter(std::string_view name, std::string_view help, std::int64_t v) {
        family(name, "counter", help);
        value(v);
    }
    void buckets(ops::histogram const& h, std::string_view labels = {}) {
        std::int64_t sum = 0;
        auto const before = labels.empty() ? std::string{} : std::string{labels} + ",";
        for (std::size_t i = 0; i <= ops::histogram::bounds.size(); ++i) {
            sum += h.count_of(i);
            auto const bound =
                i < ops::histogram::bounds.size() ? fmt::format("{}", ops::histogram::bounds[i]) : "+Inf";
            out_ += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name_, before, bound, sum);
        }
        auto const own = labels.empty() ? std::string{} : fmt::format("{{{}}}", labels);
        out_ += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name_, own, h.sum(), name_, own, sum);
    }
    std::string take() { return std::move(out_); }

private:
    void line(std::string_view labels, std::string const& v) {
        out_ += name_;
        if (!labels.empty()) out_ += fmt::format("{{{}}}", labels);
        out_ += " " + v + "\n";
    }
    std::string out_;
    std::string name_;
};

void write_engine(metrics_writer& m, status_facts const& f) {
    auto const& s = f.state;
    auto const& n = s.numbers;
    auto const of = [&](total t) { return value_of(n.totals, t); };
    m.family("traitsync_build_info", "gauge", "Version of the running program.");
    m.value(std::int64_t{1}, "version=\"" TRAITSYNC_VERSION "\"");
    m.family("traitsync_state", "gauge", "1 for the overall state that holds.");
    for (std::string_view const state : {"running", "paused", "blocked", "degraded", "stopping"}) {
        m.value(std::int64_t{engine::overall(s) == state}, fmt::format("state=\"{}\"", state));
    }
    m.family("traitsync_profiles", "gauge", "User profiles in the store.");
    m.value(n.users, "state=\"live\"");
    m.value(n.gone, "state=\"gone\"");
    m.gauge("traitsync_companies", "Companies in the store.", n.companies);
    m.gauge("traitsync_quarantined_documents", "Documents that cannot be used.", n.quarantined);
    m.counter("traitsync_profiles_read_total", "User and company documents read from Moesif.",
              of(total::profiles_read));
    m.counter("traitsync_pages_total", "Pages read from Moesif.", of(total::pages_read));
    m.family("traitsync_passes_total", "counter", "Passes that ended, by kind and result.");
    int at = static_cast<int>(total::full_passes_done);
    for (std::string_view const kind : {"full", "incremental", "rediff"}) {
        for (std::string_view const result : {"done", "failed"}) {
            m.value(of(static_cast<total>(at++)), fmt::format("kind=\"{}\",result=\"{}\"", kind, result));
        }
    }
    if (s.pull.last_pass_at) {
        m.family("traitsync_last_pass_timestamp_seconds", "gauge",
                 "When the last pass of each kind that had no error ended.");
        for (auto const kind : {store::pass_kind::full, store::pass_kind::incremental, store::pass_kind::rediff}) {
            auto const& end = s.pull.last_ends[static_cast<std::size_t>(kind)];
            if (!end) continue;
            m.value(static_cast<double>(to_millis(*end)) / 1000.0, fmt::format("kind=\"{}\"", store::name_of(kind)));
        }
    }
    if (s.pull.cursor_time) {
        m.family("traitsync_lag_seconds", "gauge", "Age of what is known of Moesif.");
        auto const lag = to_millis(f.now) - to_millis(*s.pull.cursor_time);
        m.value(std::max(0.0, static_cast<double>(lag) / 1000.0));
    }
    m.gauge("traitsync_moesif_blocked", "1 while pulling is blocked.", s.pull.blocked.has_value());
    m.gauge("traitsync_segment_blocked", "1 while delivery is blocked.", s.push.blocked || s.destination);
    m.gauge("traitsync_pull_paused", "1 while the operator paused pulling.", s.pull.paused.has_value());
    m.gauge("traitsync_deliver_paused", "1 while the operator paused delivery.", s.push.paused.has_value());
    m.gauge("traitsync_store_fault", "1 while the store cannot be written.", s.store_fault.has_value());
    m.gauge("traitsync_brake_closed", "1 while messages are held by the brake.", n.held > 0);
    m.family("traitsync_messages", "gauge", "Messages in the queue and the dead letters, by state.");
    m.value(n.waiting, "state=\"waiting\"");
    m.value(n.offered, "state=\"offered\"");
    m.value(n.held, "state=\"held\"");
    m.value(n.dead, "state=\"dead\"");
    m.family("traitsync_queue_oldest_seconds", "gauge", "Age of the oldest message without an answer.");
    m.value(n.oldest_created ? std::max(0.0, static_cast<double>(to_millis(f.now) - *n.oldest_created) / 1000.0) : 0.0);
    m.gauge("traitsync_queue_bytes", "Bytes of messages that are offered.", n.offered_bytes);
    m.counter("traitsync_acknowledged_total", "Messages that Segment took.", of(total::acknowledged));
    m.counter("traitsync_traits_compared_total", "Traits compared with what Segment has.", of(total::traits_compared));
    m.counter("traitsync_traits_sent_total", "Traits in acknowledged messages.", of(total::traits_sent));
    m.family("traitsync_retries_total", "counter",
             "Requests to Segment that were repeated, by reason, since the start.");
    m.value(s.push.retries_rejected, "reason=\"rejected\"");
    m.value(s.push.retries_throttled, "reason=\"throttled\"");
    m.value(s.push.retries_server, "reason=\"server_error\"");
    m.value(s.push.retries_network, "reason=\"network\"");
    m.value(s.push.retries_blocked, "reason=\"blocked\"");
    m.family("traitsync_dead_total", "counter", "Messages that became dead letters, by reason.");
    m.value(of(total::dead_refused), "reason=\"refused\"");
    m.value(of(total::dead_too_large), "reason=\"too_large\"");
    m.value(of(total::dead_gave_up), "reason=\"gave_up\"");
    m.family("traitsync_moesif_request_duration_seconds", "histogram", "Time of requests to Moesif.");
    m.buckets(s.pull.requests);
    m.family("traitsync_segment_request_duration_seconds", "histogram", "Time of requests to Segment.");
    m.buckets(s.push.requests);
    m.family("traitsync_moesif_requests_left", "gauge", "Requests left in this minute's budget; +Inf without one.");
    if (f.settings.moesif.requests_per_minute == 0) {
        m.no_limit();
    } else {
        m.value(std::int64_t{f.requests_left});
    }
}

}  // namespace

std::string metrics_text(status_facts const& f, process_facts const& process, api_counts const& api) {
    metrics_writer m;
    write_engine(m, f);
    m.family("traitsync_api_request_duration_seconds", "histogram", "Time of requests to the admin API, by method.");
    for (auto const& [method, durations] : api.durations) m.buckets(durations, fmt::format("method=\"{}\"", method));
    m.family("traitsync_api_requests_total", "counter", "Answers of the admin API, by class of status.");
    for (std::size_t i = 0; i < api.answers.size(); ++i) m.value(api.answers[i], fmt::format("code=\"{}xx\"", i + 2));
    m.gauge("traitsync_api_connections", "Open connections to the admin API.", api.connections);
    m.gauge("traitsync_event_listeners", "Clients that listen to events.", api.listeners);
    m.gauge("traitsync_store_bytes", "Size of the store with its log.", f.disk.store_bytes);
    m.gauge("traitsync_store_free_bytes", "Free bytes on the disk of the store.", f.disk.free_bytes);
    m.gauge("traitsync_store_history_bytes", "Bytes of frozen messages in the store.", f.state.numbers.history_bytes);
    m.family("process_cpu_seconds_total", "counter", "CPU time of the process.");
    m.value(process.cpu_seconds);
    m.gauge("process_resident_memory_bytes", "Resident memory.", process.resident_bytes);
    m.gauge("process_virtual_memory_bytes", "Virtual memory.", process.virtual_bytes);
    m.gauge("process_open_fds", "Open file descriptors.", process.open_descriptors);
    m.gauge("process_max_fds", "Most file descriptors that may be open.", process.most_descriptors);
    m.family("process_start_time_seconds", "gauge", "Start of the process since the epoch.");
    m.value(process.started);
    return m.take();
}

}  // namespace traitsync::admin
