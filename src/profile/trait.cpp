#include "traitsync/profile/trait.hpp"

#include <array>

namespace traitsync::profile {
namespace {

constexpr std::array<std::string_view, trait_count> names{
    "id",       "createdAt", "modifiedTime", "firstSeenTime", "lastSeenTime",         "name",     "email",
    "username", "company",   "campaign",     "clearbit",      "last24HourAggResults", "metadata", "userAgent"};

}  // namespace

std::string_view name_of(trait t) { return names[index_of(t)]; }

std::vector<std::string> trait_names() { return {names.begin(), names.end()}; }

std::optional<trait> trait_named(std::string_view name) {
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (names[i] == name) return trait_at(i);
    }
    return std::nullopt;
}

}  // namespace traitsync::profile
