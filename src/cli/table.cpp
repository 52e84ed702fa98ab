#include "table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "traitsync/core/clock.hpp"
#include "traitsync/ops/escape.hpp"

namespace traitsync::cli {
namespace {

constexpr std::size_t widest_column = 60;

// Characters, not bytes: continuation bytes of UTF-8 take no place, and neither do colours.
std::size_t width_of(std::string_view text) {
    std::size_t n = 0;
    bool in_colour = false;
    for (char const ch : text) {
        if (ch == '\x1b') in_colour = true;
        if (!in_colour && (static_cast<unsigned char>(ch) & 0xc0U) != 0x80U) ++n;
        if (in_colour && ch == 'm') in_colour = false;
    }
    return n;
}

// 1,234,567 of 1234567, whatever its sign.
std::string grouped_digits(std::string_view digits) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        auto const left = digits.size() - i;
        if (i > 0 && left % 3 == 0 && digits[i - 1] != '-') out += ',';
        out += digits[i];
    }
    return out;
}

// So many that it counts something; a longer one is rather a name.
bool is_count(std::string_view number) {
    constexpr std::size_t most_digits = 18;
    if (number.starts_with('-')) number.remove_prefix(1);
    return number.size() <= most_digits && number.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

void table::print(console& c) const {
    std::vector<std::size_t> widths(width_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        auto const heading = i < width_;
        auto const right = rows_[i % width_].starts_with('>');
        auto const width = width_of(rows_[i]) - (heading && right ? 1 : 0);
        // One value of thousands of characters must not move all other lines: it stands out, whole.
        widths[i % width_] = std::max(widths[i % width_], std::min(width, widest_column));
    }
    std::string line;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        auto const column = i % width_;
        auto const right = rows_[column].starts_with('>');
        std::string_view text = rows_[i];
        if (i < width_ && right) text.remove_prefix(1);
        auto const width = width_of(text);
        std::string const pad(widths[column] > width ? widths[column] - width : 0, ' ');
        if (right) line += pad;
        line += text;
        if (!right && column + 1 < width_) line += pad;
        if (column + 1 < width_) {
            line += "  ";
        } else {
            line.erase(line.find_last_not_of(' ') + 1);
            c.out << line << '\n';
            line.clear();
        }
    }
}

std::string grouped(std::int64_t n) { return grouped_digits(std::to_string(n)); }

std::string shown(json::value const& v) {
    if (v.is_null()) return "-";
    if (v.is_string()) return ops::plain(v.text);
    if (v.is_number() && is_count(v.text)) return grouped_digits(v.text);
    std::string out;
    json::append(out, v);
    return ops::plain(out);
}

std::string brief(json::value const& v) {
    constexpr std::size_t most = 60;
    auto text = shown(v);
    std::size_t at = 0;
    for (std::size_t characters = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) continue;
        if (++characters > most) break;
    }
    if (at < text.size()) {
        text.resize(at);
        text += "…";
    }
    return text;
}

std::string shown(json::value const& object, std::string_view name) {
    auto const* v = object.find(name);
    return v == nullptr ? "-" : shown(*v);
}

std::string utc_time(json::value const& v) {
    if (!v.is_string()) return "-";
    auto const parsed = parse_time(v.text);
    if (!parsed) return shown(v);
    auto const seconds = static_cast<std::time_t>(to_millis(*parsed) / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%SZ", &parts);
    return text.data();
}

std::string duration_text(std::int64_t seconds) {
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
    return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

std::string state_word(console const& c, std::string_view state) {
    if (!c.out_colour) return std::string{state};
    constexpr std::array<std::string_view, 8> good{"running", "synced",    "acknowledged", "done",
                                                   "idle",    "unchanged", "pulling",      "delivering"};
    constexpr std::array<std::string_view, 6> bad{"blocked", "dead", "failed", "too_large", "refused", "stopping"};
    auto const in = [&](auto const& words) { return std::ranges::find(words, state) != words.end(); };
    auto const colour = in(good) ? "\x1b[32m" : in(bad) ? "\x1b[31m" : "\x1b[33m";
    return fmt::format("{}{}\x1b[0m", colour, state);
}

}  // namespace traitsync::cli
