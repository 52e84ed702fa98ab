#pragma once
// The wall clock, as far as things may be deleted by it. Private to engine/; used in store jobs only.

#include <chrono>
#include <cstdint>
#include <optional>

#include "traitsync/core/clock.hpp"

namespace traitsync::engine {

// A step ahead counts once it has held for a while: one that is taken back within seconds must not remove a month of
// history. A step back counts at once, and the first time is believed, since nothing is known to compare it with.
class trusted_time {
public:
    // Milliseconds since 1970.
    std::int64_t read(std::int64_t wall, steady_time steady) {
        auto const monotonic = std::chrono::duration_cast<std::chrono::milliseconds>(steady.time_since_epoch()).count();
        auto const offset = wall - monotonic;
        if (!offset_ || offset <= *offset_ + tolerated) {
            offset_ = offset;
            ahead_since_.reset();
        } else if (!ahead_since_) {
            ahead_since_ = steady;
        } else if (steady - *ahead_since_ >= patience) {
            offset_ = offset;
            ahead_since_.reset();
        }
        return monotonic + *offset_;
    }

private:
    static constexpr std::int64_t tolerated = 60'000;
    static constexpr std::chrono::minutes patience{10};
    std::optional<std::int64_t> offset_;  // of the wall clock from the steady one
    std::optional<steady_time> ahead_since_;
};

}  // namespace traitsync::engine
