#pragma once
// One variable of the process's environment. Private to cli/.

#include <cstdlib>
#include <string>

namespace traitsync::cli {

// Empty where it is not set.
inline std::string environment(char const* name) {
    auto const* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

}  // namespace traitsync::cli
