#pragma once
// One assignment put into its place in the settings, or the words for why not.

#include <optional>
#include <string>

#include "assignment.hpp"
#include "traitsync/config/keys.hpp"

namespace traitsync::config {

// Sets a key that is not a secret. The words never quote the value of a key that may hold one.
std::optional<std::string> assign(settings& s, key const& k, assignment const& a);

}  // namespace traitsync::config
