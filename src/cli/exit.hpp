#pragma once
// The exit codes, and the one place where a fault becomes one.

#include "traitsync/core/error.hpp"

namespace traitsync::cli {

enum exit_code : int {
    exit_done = 0,
    exit_failed = 1,
    exit_usage = 2,        // usage or configuration
    exit_unreachable = 3,  // the service, Moesif or Segment
    exit_refused = 4,      // 401, 402, 403, 409, store in use, newer store, file exists
};

inline int exit_of(fault kind) {
    switch (kind) {
        case fault::unauthorized:
        case fault::conflict:
            return exit_refused;
        case fault::unavailable:
        case fault::misdirected:
        case fault::throttled:
            return exit_unreachable;
        default:
            return exit_failed;
    }
}

}  // namespace traitsync::cli
