#pragma once
// Walks through the outer levels of an answer, value by value, in one pass over the text. What the caller does not
// walk into is skipped by its structure. Every function is false, and the walk over, where the text is no JSON.

#include <optional>
#include <string>
#include <string_view>

#include "traitsync/core/json.hpp"

namespace traitsync::moesif {

// The text of a JSON string literal; nothing when it is none. Lone surrogates and invalid UTF-8 become U+FFFD.
std::optional<std::string> decoded_string(std::string_view literal);

class envelope {
public:
    explicit envelope(std::string_view body) : body_{body} {
        if (body_.starts_with("\xef\xbb\xbf")) pos_ = 3;
    }

    // The first byte of what comes next, white space skipped; 0 at the end.
    char peek() {
        while (pos_ < body_.size() && is_white(body_[pos_])) ++pos_;
        return pos_ < body_.size() ? body_[pos_] : '\0';
    }

    bool at_end() { return peek() == '\0' && pos_ == body_.size(); }
    std::size_t position() const { return pos_; }
    std::string_view since(std::size_t begin) const { return body_.substr(begin, pos_ - begin); }

    // Takes the next value whole; of scalars also the spelling is checked.
    bool value(std::string_view& bytes);

    // Each calls back at the begin of a value, which the callback must take. `key` is valid until then.
    template <class Take>
    bool members(Take&& take) {
        if (!mark('{')) return false;
        if (mark('}')) return true;
        do {
            std::string_view key;
            if (!this->key(key) || !mark(':') || !take(key)) return false;
        } while (mark(','));
        return mark('}');
    }
    template <class Take>
    bool elements(Take&& take) {
        if (!mark('[')) return false;
        if (mark(']')) return true;
        do {
            if (!take()) return false;
        } while (mark(','));
        return mark(']');
    }

private:
    static bool is_white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

    bool mark(char c) {
        if (peek() != c || pos_ == body_.size()) return false;
        ++pos_;
        return true;
    }
    bool key(std::string_view& text);

    std::string_view body_;
    std::size_t pos_ = 0;
    std::string escaped_key_;
};

}  // namespace traitsync::moesif
