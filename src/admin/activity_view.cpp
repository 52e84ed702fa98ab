#include "activity_view.hpp"

#include <algorithm>
#include <array>

#include "json_writer.hpp"

namespace traitsync::admin {
namespace {

struct span {
    std::string_view name;
    std::int64_t minutes;
    std::int64_t step;  // minutes
};
constexpr std::array spans{span{"hour", 60, 1}, span{"day", 24 * 60, 5}};

constexpr std::int64_t minute_millis = 60'000;

// What was counted in the known minutes of a step.
struct sum {
    std::int64_t step = 0, minutes = 0;
    store::activity_counts counts;

    void add(store::activity_counts const& before, store::activity_counts const& after) {
        auto const more = [](std::int64_t from, std::int64_t to) { return std::max<std::int64_t>(0, to - from); };
        ++minutes;
        counts.profiles_read += more(before.profiles_read, after.profiles_read);
        counts.messages_sent += more(before.messages_sent, after.messages_sent);
        counts.traits_compared += more(before.traits_compared, after.traits_compared);
        counts.traits_sent += more(before.traits_sent, after.traits_sent);
        counts.queued = after.queued;
    }
};

std::vector<sum> sums_of(std::vector<store::activity_point> const& points, std::int64_t step) {
    std::vector<sum> sums;
    for (std::size_t i = 1; i < points.size(); ++i) {
        auto const& [minute, after] = points[i];
        // Without the minute before there is nothing to compare with: the service did not run.
        if (points[i - 1].minute != minute - 1) continue;
        auto const place = minute / step;
        if (sums.empty() || sums.back().step != place) sums.push_back({.step = place, .minutes = 0, .counts = {}});
        sums.back().add(points[i - 1].at_end, after);
    }
    return sums;
}

}  // namespace

std::vector<std::string> activity_spans() {
    std::vector<std::string> names;
    for (auto const& s : spans) names.emplace_back(s.name);
    return names;
}

std::string activity_json(store::reader& r, std::string_view over, std::int64_t now_millis) {
    auto const& s = *std::ranges::find(spans, over, &span::name);
    auto const now = now_millis / minute_millis;
    // Whole steps, and the point before the first.
    auto const first = (now - s.minutes) / s.step * s.step;
    json_writer w;
    w.begin_object().key("over").text(s.name).key("step_seconds").number(s.step * 60).key("steps").begin_array();
    for (auto const& [step, minutes, counts] : sums_of(r.activity.since(first - 1), s.step)) {
        w.begin_object();
        w.key("start").time(step * s.step * minute_millis);
        w.key("seconds").number(minutes * 60);
        w.key("profiles_read").number(counts.profiles_read);
        w.key("messages_sent").number(counts.messages_sent);
        w.key("traits_compared").number(counts.traits_compared);
        w.key("traits_sent").number(counts.traits_sent);
        w.key("queued").number(counts.queued);
        w.end_object();
    }
    w.end_array().end_object();
    return w.take();
}

}  // namespace traitsync::admin
