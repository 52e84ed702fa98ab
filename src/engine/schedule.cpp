#include "traitsync/engine/schedule.hpp"

#include <algorithm>

namespace traitsync::engine {
namespace {

constexpr std::int64_t longest_retry = 3'600'000;

std::int64_t retry_distance(std::int64_t failures, std::int64_t interval) {
    auto wait = 2 * interval;
    for (std::int64_t i = 1; i < failures && wait < longest_retry; ++i) wait *= 2;
    return std::max(2 * interval, std::min(wait, longest_retry));
}

}  // namespace

planned_pass plan(pass_history const& h, config::moesif_settings const& s) {
    if (h.rules_changed) return {store::pass_kind::rediff, h.now};
    // An end in the future: the clock jumped back. By less than the wait, that end still counts; by more, the pass is
    // due now. Counting from `now` would move along with it for ever.
    auto const earliest = [&](std::int64_t end, std::int64_t wait) { return end - h.now > wait ? h.now : end + wait; };
    auto const interval = s.interval.count();
    // A pass that failed is tried again after the interval, not at once.
    auto const after_last = h.last_end ? earliest(*h.last_end, interval) : h.now;
    if (h.full_wanted) return {store::pass_kind::full, h.now};
    // Nothing else is read before what is owed.
    if (h.full_owed) return {store::pass_kind::full, h.last_failed ? after_last : h.now};
    if (!h.last_full_end) return {store::pass_kind::full, after_last};
    auto full_at = std::max(earliest(*h.last_full_end, s.full_interval.count()), after_last);
    if (h.last_full_failed)
        full_at = std::max(after_last, earliest(*h.last_full_failed, retry_distance(h.full_failures, interval)));
    if (full_at <= h.now) return {store::pass_kind::full, full_at};
    if (h.incremental_wanted) return {store::pass_kind::incremental, h.now};
    if (full_at <= after_last) return {store::pass_kind::full, full_at};
    return {store::pass_kind::incremental, after_last};
}

}  // namespace traitsync::engine
