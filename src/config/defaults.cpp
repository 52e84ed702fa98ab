#include "traitsync/config/config.hpp"

namespace traitsync::config {

std::vector<std::string> const& riding_by_default() {
    static std::vector<std::string> const paths{
        "lastSeenTime",         "modifiedTime",         "last24HourAggResults", "userAgent",
        "company.lastSeenTime", "company.modifiedTime", "company.ipAddress",
    };
    return paths;
}

}  // namespace traitsync::config
