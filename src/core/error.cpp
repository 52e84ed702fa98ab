#include "traitsync/core/error.hpp"

namespace traitsync {

std::string_view name_of(fault kind) {
    switch (kind) {
        case fault::invalid:
            return "invalid";
        case fault::too_large:
            return "too_large";
        case fault::unauthorized:
            return "unauthorized";
        case fault::misdirected:
            return "misdirected";
        case fault::throttled:
            return "throttled";
        case fault::unavailable:
            return "unavailable";
        case fault::storage:
            return "storage";
        case fault::conflict:
            return "conflict";
        case fault::cancelled:
            return "cancelled";
    }
    return "unknown";
}

void throw_exception_from_error(error const& e, boost::source_location const& where) {
    throw broken_invariant{"value() on an error at " + std::string{where.function_name()} + ": " + e.what};
}

}  // namespace traitsync
