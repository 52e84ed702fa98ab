#pragma once
// What Segment takes: the form and the limits of a batch and of each message in it.

#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/error.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::demo {

struct batch_message {
    std::string_view text;  // the element's exact bytes
    std::string message_id;
    std::string user_id;
    std::string_view traits;  // source text; empty for calls without traits
    std::string fault;        // why Segment would not take it; empty when it does
};

// The messages of a body, good and bad, however many; an error when the body has no batch. Views into `body`.
result<std::vector<batch_message>> parse_batch(std::string_view body, segment_limits const& limits);

// How many identify calls a body holds, without parsing it.
std::size_t count_identifies(std::string_view body);

}  // namespace traitsync::demo
