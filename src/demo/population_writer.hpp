#pragma once
// Appends JSON members to a string: no tree, no allocation but the string's own.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "traitsync/core/json.hpp"
#include "traitsync/demo/population.hpp"

namespace traitsync::demo {

class population::writer {
public:
    explicit writer(std::string& out, bool camel_case = false) : out_{out}, camel_case_{camel_case} { out_ += '{'; }

    void text(std::string_view key, std::string_view value) {
        begin(key);
        json::append_quoted(out_, value);
    }
    // `value` holds nothing that must be escaped.
    void plain(std::string_view key, std::string_view value) {
        begin(key);
        out_ += '"';
        out_ += value;
        out_ += '"';
    }
    void raw(std::string_view key, std::string_view json) {
        begin(key);
        out_ += json;
    }
    void number(std::string_view key, std::uint64_t value) {
        char digits[20];
        auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        raw(key, {digits, static_cast<std::size_t>(end - digits)});
    }
    void open(std::string_view key, char bracket = '{') {
        begin(key);
        out_ += bracket;
        first_ = true;
    }
    void close(char bracket = '}') {
        out_ += bracket;
        first_ = false;
    }
    // The names of the document's own fields follow its spelling; names inside free-form objects do not.
    void free_form(bool on) { in_free_form_ = on; }

private:
    void begin(std::string_view key) {
        if (!first_) out_ += ',';
        first_ = false;
        out_ += '"';
        if (camel_case_ && !in_free_form_) {
            append_camel_case(key);
        } else {
            out_ += key;
        }
        out_ += "\":";
    }
    void append_camel_case(std::string_view key) {
        bool raise = false;
        for (char const c : key) {
            if (c == '_') {
                raise = true;
                continue;
            }
            out_ += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            raise = false;
        }
    }

    std::string& out_;
    bool camel_case_;
    bool in_free_form_ = false;
    bool first_ = true;
};

}  // namespace traitsync::demo
