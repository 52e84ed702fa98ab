#pragma once
// The request budget: never more than so many requests in any 60 seconds, whatever the windows of the
// service are, and never more than a twelfth of them in any 5 seconds, so that a pass does not come as one burst.
// Pure: time is passed in and must not go back.

#include <chrono>
#include <deque>
#include <vector>

#include "traitsync/core/clock.hpp"

namespace traitsync::moesif {

class budget {
public:
    using duration = std::chrono::steady_clock::duration;

    explicit budget(int requests_per_minute) : limit_{requests_per_minute} {}  // 0: none

    // How long until a request may go; 0: now. The first never waits. Whoever waited asks again: others may have
    // spent meanwhile.
    duration delay(steady_time now) const;
    void spend(steady_time now);
    // How many of the last 60 seconds' requests are left; a million without a budget.
    int left(steady_time now) const;

    bool limits() const { return limit_ != 0; }
    // How long ago the requests of the last 60 seconds were made, and back: what a process before this one spent.
    // Behind recall() the oldest comes first again, and those of more than 60 seconds are forgotten.
    struct past {
        std::vector<duration> all;
        std::vector<duration> checks;  // those of them that read single documents
    };
    past ages(steady_time now) const;
    void recall(past const& before, steady_time now);

    // Reading single documents may take at most a tenth of the budget (at least one request), so that a full pass that
    // misses many profiles does not hold up the passes. It spends from the budget, too.
    duration delay_check(steady_time now) const;
    void spend_check(steady_time now);

private:
    using times = std::deque<steady_time>;
    static duration until_free(times const& spent, int limit, duration window, steady_time now);
    static duration until_paced(times const& spent, int limit, steady_time now);
    static std::vector<duration> ages_of(times const& spent, steady_time now);
    static void recall(times& spent, std::vector<duration> const& ages, steady_time now);
    static void note(times& spent, steady_time now);
    int check_limit() const;

    int limit_;
    times spent_;   // within the last 60 seconds, oldest first
    times checks_;  // those of them that were checks
};

}  // namespace traitsync::moesif
