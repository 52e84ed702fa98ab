#pragma once
// The bytes of a message as they are kept: packed (packed_text), because most of them are names that every message
// repeats. About half the size is twice the history in the same file, and half of what an offer and its trimming write.
// Private to store/; any thread.
//
// Table `bodies`: `packed` is what pack_message made; null in rows of earlier forms, whose text stands in `body`. The
// view `message_texts` has both: `text` is for unpack_message, `bytes` is what a message takes of
// store.max_history.

#include <string>
#include <string_view>

namespace traitsync::store {

// Replaces `out`.
void pack_message(std::string& out, std::string_view text);

// `stored` is a message_texts.text. Throws broken_invariant for bytes that nobody packed.
std::string unpack_message(std::string_view stored);

}  // namespace traitsync::store
