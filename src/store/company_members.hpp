#pragma once
// Who belongs to a company: those that were entered, and new users, of whom their own rows tell. Private to store/.

namespace traitsync::store {

// Numbers after ?2 in order, at most ?3. All that were entered come before all new ones.
inline constexpr char const* users_of_company_sql =
    "SELECT no FROM (SELECT user_no AS no FROM company_members WHERE company_id = ?1 AND user_no > ?2 UNION ALL SELECT "
    "no FROM users WHERE company_id = ?1 AND no > max(?2, (SELECT value FROM meta WHERE key = 'company_members_to'))) "
    "ORDER BY no LIMIT ?3";

}  // namespace traitsync::store
