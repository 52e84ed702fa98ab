#pragma once
// When requests fail one after the other without a single acceptance, the other side is away, and each slot's own
// back-off would still knock at it `concurrency` times as often as one does. An outage is so many failures in a
// row as there are slots: from there one batch at a time is tried, after a back-off that all share. Pure.

#include "traitsync/core/clock.hpp"
#include "traitsync/delivery/back_off.hpp"

namespace traitsync::delivery {

class outage {
public:
    // `tried`: the failed batch was sent within the outage. Others were in flight when it began and tell
    // nothing new.
    void failed(bool tried, int slots, steady_time now, random_source const& random) {
        ++failures_;
        if (round_ == 0 ? failures_ < slots : !tried) return;
        ++round_;
        until_ = now + back_off(round_, limits::min_back_off, random);
    }
    void over() { failures_ = round_ = 0; }

    bool active() const { return round_ > 0; }
    steady_time until() const { return until_; }  // while active: not before

private:
    int failures_ = 0;  // in a row
    int round_ = 0;     // 0: no outage
    steady_time until_{};
};

}  // namespace traitsync::delivery
