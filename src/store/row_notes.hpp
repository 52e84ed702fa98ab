#pragma once
// What a message's row says of its own, in `wait` beside diff::wait_reason. Private to store/.

#include <cstdint>

namespace traitsync::store {

enum row_note : std::uint8_t {
    note_alone = 16,   // offered, and nothing else of the user is open: its answer may stand in this row alone
    note_offer = 32,   // its offer stands in this row alone
    note_answer = 64,  // its acknowledgement stands in this row alone
};
inline constexpr int all_notes = note_alone | note_offer | note_answer;

}  // namespace traitsync::store
