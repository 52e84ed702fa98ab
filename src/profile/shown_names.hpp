#pragma once
// Names of an object's members without U+0000, which Segment refuses: of several that read the same then, one is sent.
// Private to profile/.

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "traitsync/core/json.hpp"

namespace traitsync::profile {

// For one object, whose members stay alive. Names are strangers' text: an ordered map, because a hash could be made
// to collide, and built once, because a document of 4 MB holds some 300,000 such names.
class shown_names {
public:
    // Whether the member `key`, which has U+0000 in it, is the one that is sent as `shown`: no member has that name
    // as it stands, and no earlier one reads the same.
    bool keeps(json::value const& object, std::string_view key, std::string_view shown);

private:
    std::map<std::string, char const*, std::less<>> owners_;  // where the key begins; null: the name as it stands
};

}  // namespace traitsync::profile
