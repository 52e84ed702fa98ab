#pragma once
// The addresses in the configuration: well-formed, and encrypted wherever they leave this machine.

#include "assignment.hpp"

namespace traitsync::config {

// Checks and completes: the region's url, /v1 dropped, trailing slashes dropped.
void check_addresses(loaded& config, places const& where, findings& found);

// That the files of admin.tls_cert and admin.tls_key can be read.
void check_tls_files(loaded& config, places const& where, findings& found);

}  // namespace traitsync::config
