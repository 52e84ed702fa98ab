#pragma once
// Which Segment source the store belongs to. Another write key is another source: what one acknowledged
// says nothing about the other. Private to engine/.

#include <string>

#include "context.hpp"

namespace traitsync::engine {

// Remembers the destination at the first start; compares it later. Sets state.destination while the operator has
// not said what another key means; carries out `resend` and `keep`.
boost::asio::awaitable<void> settle_destination(context& c, destination_choice choice, wake& sleeper);

// Before the flows run: whoever asks at once is told that it blocks.
void note_other_destination(context& c, store::session& s);

}  // namespace traitsync::engine
