#include "shown_names.hpp"

#include "value_writer.hpp"

namespace traitsync::profile {

bool shown_names::keeps(json::value const& object, std::string_view key, std::string_view shown) {
    if (owners_.empty()) {
        std::string buffer;
        for (auto const& m : object.members()) {
            auto const name = without_nul(m.key, buffer);
            if (name.size() != m.key.size()) owners_.try_emplace(std::string{name}, m.key.data());
        }
        for (auto const& m : object.members()) {
            if (auto const same = owners_.find(m.key); same != owners_.end()) same->second = nullptr;
        }
    }
    auto const owner = owners_.find(shown);
    return owner != owners_.end() && owner->second == key.data();
}

}  // namespace traitsync::profile
