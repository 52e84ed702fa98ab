#pragma once
// What a request to the built-in Moesif asks for, read from its method and target.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace traitsync::demo {

enum class moesif_call : std::uint8_t { unknown, search, older_search, get, count };

struct moesif_target {
    moesif_call call = moesif_call::unknown;
    bool companies = false;
    std::string id;                            // get: percent-decoded
    std::map<std::string, std::string> query;  // percent-decoded
};

// unknown for any other method or path, and where the percent-encoding is broken.
moesif_target parse_target(std::string_view method, std::string_view target, std::string_view prefix);

}  // namespace traitsync::demo
