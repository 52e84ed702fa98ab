// What others see of delivery.
#include <utility>

#include "push_loop.hpp"

namespace traitsync::engine {
namespace {

service_state shown(delivery::lane_state s) {
    switch (s) {
        case delivery::lane_state::idle:
            return service_state::idle;
        case delivery::lane_state::delivering:
            return service_state::working;
        case delivery::lane_state::retrying:
            return service_state::retrying;
        case delivery::lane_state::paused:
            return service_state::paused;
        case delivery::lane_state::blocked:
            return service_state::blocked;
    }
    return service_state::idle;
}

}  // namespace

void push_loop::show_state() {
    auto const now = lane_.status();
    auto& s = c_.state.push;
    auto const state = c_.state.destination ? service_state::blocked : shown(now.state);
    s.retry_at.reset();
    if (now.retry_at) {
        s.retry_at =
            c_.time.wall() + std::chrono::duration_cast<std::chrono::milliseconds>(*now.retry_at - c_.time.steady());
    }
    s.retries = static_cast<std::int64_t>(lane_.totals().retries_total());
    if (!now.last_error.empty()) s.last_error = error{fault::unavailable, now.last_error};
    auto const before = s.state;
    s.state = state;
    if (state != service_state::retrying) s.retrying.reset();
    if (state == service_state::retrying) {
        auto const since = s.retrying ? s.retrying->since : now.since.value_or(c_.time.wall());
        s.retrying = reason{"segment_retrying", now.last_error, since};
    }
    auto const& repeated = lane_.totals().retries;
    auto const of = [&](delivery::verdict v) {
        return static_cast<std::int64_t>(repeated[static_cast<std::size_t>(v)]);
    };
    s.retries_throttled = of(delivery::verdict::throttled);
    s.retries_rejected = of(delivery::verdict::refused);
    s.retries_server = of(delivery::verdict::failed);
    s.retries_network = of(delivery::verdict::no_answer);
    s.retries_blocked = of(delivery::verdict::locked) + of(delivery::verdict::astray);
    if (now.blocked && !s.blocked) {
        s.blocked = reason{"segment_blocked", now.detail, c_.time.wall()};
        c_.log.error("delivery_blocked", "Delivery is blocked, everything is kept; it is tried again every minute",
                     {{"detail", now.detail}});
    } else if (now.blocked && std::exchange(s.blocked->detail, now.detail) != now.detail) {
        // A running number in the words is no news.
        if (blocked_by_ != now.blocked)
            c_.log.warn("delivery_blocked", "Delivery is still blocked, for another reason", {{"detail", now.detail}});
        c_.changed();
    } else if (!now.blocked && s.blocked) {
        s.blocked.reset();
        c_.log.info("delivery_unblocked", "Segment accepts messages again");
    }
    blocked_by_ = now.blocked;
    if (before == state) return;
    if (state == service_state::retrying) {
        c_.log.warn("delivery_retrying", "Segment did not take a batch; the same messages go again",
                    {{"detail", now.last_error}});
    } else if (before == service_state::retrying && (state == service_state::working || state == service_state::idle)) {
        c_.log.info("delivery_recovered", "Segment takes messages again");
    }
    c_.changed();
}

}  // namespace traitsync::engine
