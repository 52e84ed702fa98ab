#pragma once
// Secrets: given as text or by the file that `<key>_file` names, never both, never quoted in words.

#include <span>

#include "assignment.hpp"
#include "traitsync/config/keys.hpp"

namespace traitsync::config {

// Sets every secret of the table from the layers (weakest first); reads only the files that count.
void assign_secrets(loaded& out, std::span<std::vector<assignment> const> layers, places& where, findings& found,
                    secrets_needed needed);

// What `run` and `check` cannot do without, with words on where to get it; and secrets that look wrong.
void check_secrets(loaded const& config, places const& where, findings& found);

}  // namespace traitsync::config
