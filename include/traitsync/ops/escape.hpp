#pragma once
// Foreign text made fit for one line of a terminal or a log: what came from a document, a file name or the
// environment can neither end the line nor steer the terminal.

#include <string>
#include <string_view>

namespace traitsync::ops {

// Appends `text` with control characters (C0, DEL, C1), line and paragraph separators, direction marks and
// a backslash as \n, \x1b, \u{202e}, \\ and bytes that are not UTF-8 as \xff. Everything else stays.
void append_plain(std::string& out, std::string_view text);

// Appends `text` in double quotes, escaped as above and with \".
void append_in_quotes(std::string& out, std::string_view text);

// Appends `text` as a JSON string. The characters named above become \u escapes, bytes that are not UTF-8
// become U+FFFD.
void append_json(std::string& out, std::string_view text);

std::string plain(std::string_view text);

}  // namespace traitsync::ops
