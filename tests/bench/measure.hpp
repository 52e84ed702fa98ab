#pragma once
// A child process measured as the kernel counted it.

#include <string>
#include <vector>

namespace traitsync::bench {

struct measured {
    double items = 0;
    double wall = 0;  // seconds
    double cpu = 0;   // seconds, user and system
    long peak_kib = 0;
    int code = -1;  // exit code; 128 and the signal's number when one ended it
};

// Standard output and errors are appended to `log`.
measured run_child(std::vector<std::string> const& arguments, std::vector<std::string> const& environment,
                   std::string const& log);

}  // namespace traitsync::bench
