#include "traitsync/config/units.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace traitsync::config {
namespace {

struct unit {
    std::string_view name;
    std::int64_t factor;
};

// Milliseconds, largest first.
constexpr std::array<unit, 5> duration_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::int64_t longest_duration = std::int64_t{36'525} * 86'400'000;  // 100 years

constexpr std::array<unit, 9> size_units{{{"B", 1},
                                          {"KiB", std::int64_t{1} << 10},
                                          {"MiB", std::int64_t{1} << 20},
                                          {"GiB", std::int64_t{1} << 30},
                                          {"TiB", std::int64_t{1} << 40},
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"TB", 1'000'000'000'000}}};

// Takes the digits at the front; nothing when there are none or too many.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t value = 0;
    if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::string_view take_letters(std::string_view& text) {
    auto const end = text.find_first_of("0123456789");
    auto const letters = text.substr(0, end);
    text.remove_prefix(letters.size());
    return letters;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    if (text == "0") return std::chrono::milliseconds{0};
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;
    auto allowed = duration_units.begin();
    while (!text.empty()) {
        auto const count = take_number(text);
        auto const name = take_letters(text);
        if (!count) return std::nullopt;
        auto found = allowed;
        while (found != duration_units.end() && found->name != name) ++found;
        if (found == duration_units.end() || *count > longest_duration / found->factor) return std::nullopt;
        total += *count * found->factor;
        if (total > longest_duration) return std::nullopt;
        allowed = found + 1;
    }
    return std::chrono::milliseconds{total};
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    auto const count = take_number(text);
    if (!count) return std::nullopt;
    if (text.empty()) return count;
    for (auto const& u : size_units) {
        if (u.name == text) {
            if (*count > std::numeric_limits<std::int64_t>::max() / u.factor) return std::nullopt;
            return *count * u.factor;
        }
    }
    return std::nullopt;
}

std::string format_duration(std::chrono::milliseconds value) {
    auto const ms = value.count();
    if (ms == 0) return "0";
    if (ms == 1'000) return "1s";
    for (auto const& u : duration_units) {
        if (ms % u.factor == 0 && ms / u.factor >= 2) return std::to_string(ms / u.factor) + std::string{u.name};
    }
    return std::to_string(ms) + "ms";
}

std::string format_size(std::int64_t bytes) {
    for (auto const* name : {"TiB", "GiB", "MiB", "KiB"}) {
        for (auto const& u : size_units) {
            if (u.name == name && bytes != 0 && bytes % u.factor == 0) {
                return std::to_string(bytes / u.factor) + name;
            }
        }
    }
    return std::to_string(bytes);
}

}  // namespace traitsync::config
