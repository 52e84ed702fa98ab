#pragma once
// How long the puller waits after a failure. Pure; the random source is passed in.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>

#include "traitsync/net/http.hpp"

namespace traitsync::engine {

// Exponential with full jitter, 1 s to 60 s; a longer wait that the service asked for is obeyed, up to 5 min.
class backoff {
public:
    explicit backoff(std::function<double()> random) : random_{std::move(random)} {}

    std::chrono::milliseconds next(std::optional<std::chrono::seconds> asked) {
        auto const ceiling = std::min(60'000.0, 1'000.0 * std::pow(2.0, failures_));
        failures_ = std::min(failures_ + 1, 16);
        auto wait = std::chrono::milliseconds{static_cast<std::int64_t>(ceiling * random_()) + 1};
        if (asked)
            wait = std::max<std::chrono::milliseconds>(
                wait, std::min<std::chrono::seconds>(*asked, net::longest_retry_after));
        return wait;
    }
    void reset() { failures_ = 0; }
    int failures() const { return failures_; }

private:
    std::function<double()> random_;
    int failures_ = 0;
};

}  // namespace traitsync::engine
