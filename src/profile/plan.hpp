#pragma once
// The policies laid out for the mapper: for each trait, company member and context member what to do, without
// a look-up by name. Private to profile/.

#include <array>
#include <cstdint>
#include <string_view>

#include "rule_node.hpp"
#include "traitsync/profile/trait.hpp"

namespace traitsync::profile {

enum class company_member : std::uint8_t { id, created, modified, first_seen, last_seen, ip, domain, ttfhw, metadata };
inline constexpr std::size_t company_member_count = 9;
inline constexpr std::array<std::string_view, company_member_count> company_member_names{
    "id",        "created",       "modifiedTime", "firstSeenTime", "lastSeenTime",
    "ipAddress", "companyDomain", "ttfhw_s",      "metadata"};

// Members of `metadata` that stand in for a missing field.
enum class borrowed_member : std::uint8_t { name, first_name, last_name, email, username, user_name };
inline constexpr std::array<std::string_view, 6> borrowed_names{"name",  "first_name", "last_name",
                                                                "email", "username",   "user_name"};

struct context_plan {
    bool ip = true, city = true, country = true, region = true, latitude = true, longitude = true, timezone = true,
         user_agent = true;
    bool place = true;  // whatever else says where the user is
    bool all_of_geo() const { return ip && city && country && region && latitude && longitude && timezone && place; }
};

struct plan {
    explicit plan(rules::node root, trait_set riding);
    plan(plan const&) = delete;
    plan& operator=(plan const&) = delete;

    rules::node const& at(trait t) const { return *traits[index_of(t)]; }
    action of(trait t) const { return at(t).does; }
    // The trait's value is not stored as it is: its fields leave the stored document.
    bool hides(trait t) const { return of(t) != action::send && of(t) != action::ride; }
    rules::node const& at(company_member m) const { return *company[static_cast<std::size_t>(m)]; }
    bool may_borrow(borrowed_member m) const { return borrow[static_cast<std::size_t>(m)]; }

    rules::node tree;
    trait_set riding;
    std::array<rules::node const*, trait_count> traits{};
    std::array<rules::node const*, company_member_count> company{};
    std::array<bool, borrowed_names.size()> borrow{};
    context_plan context;
};

}  // namespace traitsync::profile
