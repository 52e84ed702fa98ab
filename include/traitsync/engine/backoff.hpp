#pragma once
// How long the puller and the alerts wait after a failure. Pure; the random source is passed in.

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "traitsync/core/back_off.hpp"
#include "traitsync/net/http.hpp"

namespace traitsync::engine {

// Full jitter: between 1 ms and at most 1 s after the first failure, 2 s after the second, and so on up to 60 s. A
// longer wait that the service asked for is obeyed, up to 5 min.
class backoff {
public:
    explicit backoff(random_source random) : random_{std::move(random)} {}

    std::chrono::milliseconds next(std::optional<std::chrono::seconds> asked) {
        using namespace std::chrono_literals;
        failures_ = std::min(failures_ + 1, 16);
        auto const wait = back_off(failures_, {.least = 1ms, .first = 1s, .most = 60s}, random_);
        if (!asked) return wait;
        return std::max<std::chrono::milliseconds>(wait, std::min(*asked, net::longest_retry_after));
    }
    void reset() { failures_ = 0; }
    int failures() const { return failures_; }

private:
    random_source random_;
    int failures_ = 0;
};

}  // namespace traitsync::engine
