#include "traitsync/moesif/budget.hpp"

#include <algorithm>

namespace traitsync::moesif {
namespace {

constexpr std::chrono::seconds minute{60};
constexpr std::chrono::seconds step{5};
constexpr int steps = 12;  // in a minute
constexpr int checks_share = 10;
constexpr int unlimited = 1'000'000;

// The window is half-open: what was spent exactly 60 seconds ago is outside it.
std::size_t spent_within(std::deque<steady_time> const& spent, budget::duration window, steady_time now) {
    auto const first = std::ranges::find_if(spent, [&](steady_time t) { return now - t < window; });
    return static_cast<std::size_t>(spent.end() - first);
}

}  // namespace

// A request may go when fewer than `limit` others lie in the window before it.
budget::duration budget::until_free(times const& spent, int limit, duration window, steady_time now) {
    auto const most = static_cast<std::size_t>(limit);
    if (spent_within(spent, window, now) < most) return duration::zero();
    return spent[spent.size() - most] + window - now;
}

// Rounded up, so that the steps together allow the whole minute.
budget::duration budget::until_paced(times const& spent, int limit, steady_time now) {
    return std::max(until_free(spent, limit, minute, now), until_free(spent, (limit + steps - 1) / steps, step, now));
}

void budget::note(times& spent, steady_time now) {
    while (!spent.empty() && now - spent.front() >= minute) spent.pop_front();
    spent.push_back(now);
}

int budget::check_limit() const { return std::max(1, limit_ / checks_share); }

budget::duration budget::delay(steady_time now) const {
    return limit_ == 0 ? duration::zero() : until_paced(spent_, limit_, now);
}

void budget::spend(steady_time now) {
    if (limit_ != 0) note(spent_, now);
}

int budget::left(steady_time now) const {
    if (limit_ == 0) return unlimited;
    return std::max(0, limit_ - static_cast<int>(spent_within(spent_, minute, now)));
}

std::vector<budget::duration> budget::ages_of(times const& spent, steady_time now) {
    std::vector<duration> list;
    for (auto const at : spent) {
        if (now - at < minute) list.push_back(now - at);
    }
    return list;
}

budget::past budget::ages(steady_time now) const { return {ages_of(spent_, now), ages_of(checks_, now)}; }

void budget::recall(times& spent, std::vector<duration> const& ages, steady_time now) {
    for (auto const age : ages) {
        if (age < minute) spent.push_back(now - age);
    }
    std::ranges::sort(spent);
}

void budget::recall(past const& before, steady_time now) {
    recall(spent_, before.all, now);
    recall(checks_, before.checks, now);
}

budget::duration budget::delay_check(steady_time now) const {
    if (limit_ == 0) return duration::zero();
    return std::max(delay(now), until_paced(checks_, check_limit(), now));
}

void budget::spend_check(steady_time now) {
    if (limit_ == 0) return;
    note(spent_, now);
    note(checks_, now);
}

}  // namespace traitsync::moesif
