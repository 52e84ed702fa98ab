#include "json_repair.hpp"

#include "json_bytes.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/core/text.hpp"

#include <optional>
#include <utility>

namespace traitsync::json {
namespace {

constexpr std::string_view replacement_escape = "\\ufffd";
constexpr std::string_view replacement_bytes = "\xef\xbf\xbd";
constexpr std::size_t longest_exponent = 9;  // `e`, sign and digits that are sure to fit an int

// The four hexadecimal digits of a \u escape that begins at `pos`.
std::optional<unsigned> unit_at(std::string_view text, std::size_t pos) {
    if (text.size() < 6 || pos > text.size() - 6 || text[pos] != '\\' || text[pos + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    for (char const c : text.substr(pos + 2, 4)) {
        char const lower = static_cast<char>(c | 0x20);
        if (is_digit(c)) {
            unit = unit << 4 | static_cast<unsigned>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            unit = unit << 4 | static_cast<unsigned>(lower - 'a' + 10);
        } else {
            return std::nullopt;
        }
    }
    return unit;
}

bool is_high(unsigned unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low(unsigned unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

bool has_huge_exponent(std::string_view token) {
    auto const e = token.find_first_of("eE");
    return e != std::string_view::npos && token.size() - e > longest_exponent && is_number(token);
}

class repairer {
public:
    repairer(std::string_view text, std::string& out) : text_{text}, out_{out} {}

    repair_outcome run() {
        while (pos_ < text_.size()) {
            char const c = text_[pos_];
            if (c == '"') {
                copy(1);
                string();
            } else if (c == '-' || is_digit(c)) {
                number();
            } else {
                copy(1);
            }
        }
        return std::move(outcome_);
    }

private:
    void copy(std::size_t n) {
        out_.append(text_.substr(pos_, n));
        pos_ += n;
    }

    void replace(std::size_t n, std::string_view with) {
        out_.append(with);
        pos_ += n;
        ++outcome_.replaced;
    }

    // From after the opening quote to after the closing one, or to the end.
    void string() {
        while (pos_ < text_.size()) {
            char const c = text_[pos_];
            if (c == '"') return copy(1);
            if (c == '\\') {
                escape();
            } else if (utf8_character const s = utf8_at(text_, pos_); s.valid) {
                copy(s.length);
            } else {
                replace(s.length, replacement_bytes);
            }
        }
    }

    void escape() {
        auto const unit = unit_at(text_, pos_);
        if (!unit) return copy(2);
        if (is_high(*unit)) {
            auto const second = unit_at(text_, pos_ + 6);
            return second && is_low(*second) ? copy(12) : replace(6, replacement_escape);
        }
        return is_low(*unit) ? replace(6, replacement_escape) : copy(6);
    }

    void number() {
        std::size_t end = pos_;
        while (end < text_.size() && !ends_scalar(text_[end])) ++end;
        std::string_view const token = text_.substr(pos_, end - pos_);
        if (!has_huge_exponent(token)) return copy(token.size());
        outcome_.numbers.push_back({out_.size(), token});
        out_.push_back('0');
        pos_ = end;
    }

    std::string_view text_;
    std::string& out_;
    std::size_t pos_ = 0;
    repair_outcome outcome_;
};

}  // namespace

repair_outcome repair(std::string_view text, std::string& out) {
    out.clear();
    out.reserve(text.size() + text.size() / 8);
    return repairer{text, out}.run();
}

}  // namespace traitsync::json
