#pragma once
// JSON as the vendors write it, read without harm: numbers keep their source text, strings are decoded
// UTF-8, of duplicate keys the last wins. A document's values live in its arena and are valid until its
// next parse. One document object is reused for many parses; not shared between threads.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace traitsync::json {

enum class kind : std::uint8_t { null, boolean, number, string, array, object };

struct member;

struct value {
    kind type = kind::null;
    bool boolean = false;
    std::uint32_t count = 0;     // elements of an array, members of an object
    std::string_view text = {};  // a number's source text, or a string's decoded UTF-8 (may hold U+0000)
    void const* children = nullptr;

    bool is_null() const { return type == kind::null; }
    bool is_string() const { return type == kind::string; }
    bool is_number() const { return type == kind::number; }
    bool is_object() const { return type == kind::object; }
    bool is_array() const { return type == kind::array; }
    std::span<value const> elements() const;        // empty unless an array
    std::span<member const> members() const;        // empty unless an object; in source order, keys unique
    value const* find(std::string_view key) const;  // nullptr when absent or not an object
};

struct member {
    std::string_view key;
    value val;
};

inline std::span<value const> value::elements() const {
    return {static_cast<value const*>(type == kind::array ? children : nullptr), type == kind::array ? count : 0U};
}
inline std::span<member const> value::members() const {
    return {static_cast<member const*>(type == kind::object ? children : nullptr), type == kind::object ? count : 0U};
}

enum class parse_fault : std::uint8_t { none, syntax, too_deep };

// Nesting beyond this is refused (too_deep): Moesif's documents are data, not attacks on our stack.
inline constexpr std::size_t max_depth = 64;

class document {
public:
    document() : document{max_depth} {}
    // Nesting beyond `deepest` is refused.
    explicit document(std::size_t deepest);
    ~document();
    document(document const&) = delete;
    document& operator=(document const&) = delete;

    // Parses one JSON value that fills `text` (white space around it allowed). Lone surrogate escapes and
    // invalid UTF-8 become U+FFFD and are counted. `text` must stay alive while values are used. After a
    // fault the root is null. A byte order mark in front is skipped.
    parse_fault parse(std::string_view text);

    value const& root() const { return root_; }
    std::size_t duplicate_keys() const { return duplicate_keys_; }
    std::size_t replaced_characters() const { return replaced_characters_; }

private:
    struct workshop;  // arena, stacks and repaired text, kept from parse to parse

    parse_fault parse_once(std::string_view text);

    std::unique_ptr<workshop> workshop_;
    value root_;
    std::size_t duplicate_keys_ = 0;
    std::size_t replaced_characters_ = 0;
};

// The end of the JSON value that begins at `pos` (white space before it skipped): one past its last byte,
// or npos when brackets or quotes do not close. Only structure is checked; `pos` moves to the value's first byte.
std::size_t skip_value(std::string_view text, std::size_t& pos);

// Whether `token` is exactly one JSON number, of any length.
bool is_number(std::string_view token);

// Appends `s` as a JSON string literal with quotes: only ", \ and control characters are escaped; UTF-8 stays.
void append_quoted(std::string& out, std::string_view s);

// Appends `v` as compact JSON: members in source order, numbers by their source text.
void append(std::string& out, value const& v);

}  // namespace traitsync::json
