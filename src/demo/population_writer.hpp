#pragma once
// Appends JSON members to a string: no tree, no allocation but the string's own. A benchmark has documents made
// while it measures, so this is written for speed.

#include <charconv>
#include <chrono>
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
        begin(key);
        append(value);
    }
    void fraction(std::string_view key, std::uint64_t whole, std::uint64_t digits) {
        begin(key);
        append(whole);
        out_ += '.';
        append(digits);
    }
    // A string of several parts: text that needs no escape, and whole numbers.
    template <class... Part>
    void joined(std::string_view key, Part const&... parts) {
        begin(key);
        out_ += '"';
        (append(parts), ...);
        out_ += '"';
    }
    template <class... Part>
    void joined_element(Part const&... parts) {
        separate();
        out_ += '"';
        (append(parts), ...);
        out_ += '"';
    }
    // The time in UTC to the millisecond, then `ending`: a zone, further digits, or nothing.
    void time(std::string_view key, std::int64_t millis, std::string_view ending) {
        using namespace std::chrono;
        auto const at = sys_time<milliseconds>{milliseconds{millis}};
        auto const day = floor<days>(at);
        year_month_day const date{day};
        hh_mm_ss const clock{at - day};
        begin(key);
        out_ += '"';
        append_digits(static_cast<unsigned>(static_cast<int>(date.year())), 4);
        out_ += '-';
        append_digits(static_cast<unsigned>(date.month()), 2);
        out_ += '-';
        append_digits(static_cast<unsigned>(date.day()), 2);
        out_ += 'T';
        append_digits(static_cast<unsigned>(clock.hours().count()), 2);
        out_ += ':';
        append_digits(static_cast<unsigned>(clock.minutes().count()), 2);
        out_ += ':';
        append_digits(static_cast<unsigned>(clock.seconds().count()), 2);
        out_ += '.';
        append_digits(static_cast<unsigned>(clock.subseconds().count()), 3);
        out_ += ending;
        out_ += '"';
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
    void append(std::string_view text) { out_ += text; }
    void append(std::uint64_t value) {
        char digits[20];
        auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        out_.append(digits, static_cast<std::size_t>(end - digits));
    }
    void append_digits(unsigned value, int count) {
        char digits[4];
        for (int i = count; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
        out_.append(digits, static_cast<std::size_t>(count));
    }
    void separate() {
        if (!first_) out_ += ',';
        first_ = false;
    }
    void begin(std::string_view key) {
        separate();
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
