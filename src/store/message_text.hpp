#pragma once
// The bytes of a message as they are kept: packed (packed_text), because most of them are names that every message
// repeats. About half the size is twice the history in the same file, and half of what an offer and its trimming write.
// Private to store/; any thread.
//
// Behind what packed_text makes of it stand four bytes of the text's hash (XXH3, little-endian): LZ4 unpacks many
// damaged blocks to something else, which must not be sent under the message's id.
//
// Table `bodies`: `packed` is what pack_message made; null in rows of earlier forms, whose text stands in `body`. The
// view `message_texts` has both: `text`, a BLOB or a TEXT, is for read_message, `bytes` is what a message takes of
// store.max_history.

#include <string>
#include <string_view>

#include "statement.hpp"

namespace traitsync::store {

// Replaces `out`.
void pack_message(std::string& out, std::string_view text);

// `column` is a message_texts.text. Throws damaged_content for bytes that nobody packed.
std::string read_message(statement& row, int column);

// How long it is, by its first bytes.
std::size_t message_size(statement& row, int column);

// Whether pack_message made it.
bool is_packed_message(std::string_view stored);

}  // namespace traitsync::store
