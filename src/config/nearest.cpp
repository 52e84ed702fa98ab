#include "traitsync/config/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "traitsync/core/text.hpp"

namespace traitsync::config {
namespace {

std::string folded(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '_' || c == '-') continue;
        out += ascii_lower(c);
    }
    return out;
}

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = std::min(now[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

// Longer than any of our names: not worth a comparison, and hostile input stays cheap.
constexpr std::size_t longest_name = 200;

}  // namespace

std::optional<std::string> nearest(std::string_view name, std::span<std::string const> known) {
    if (name.size() > longest_name) return std::nullopt;
    auto const wanted = folded(name);
    auto best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    std::optional<std::string> found;
    for (auto const& candidate : known) {
        auto const d = distance(wanted, folded(candidate));
        if (d < best) {
            best = d;
            found = candidate;
        }
    }
    return found;
}

std::string suggestion(std::string_view name, std::span<std::string const> known) {
    auto const found = nearest(name, known);
    return found ? "; did you mean " + *found + "?" : std::string{};
}

}  // namespace traitsync::config
