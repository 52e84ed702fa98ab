#pragma once
// The table traits.policy: which paths there are, which policies they take, what is ridden by default.

#include <span>

#include "assignment.hpp"

namespace traitsync::config {

inline constexpr std::string_view policy_prefix = "traits.policy.";

// Sets `policies` with their origins from the layers (weakest first): the operator's, then the default rides
// that none of them covers.
void assign_policies(loaded& out, std::span<std::vector<assignment> const> layers, findings& found);

}  // namespace traitsync::config
