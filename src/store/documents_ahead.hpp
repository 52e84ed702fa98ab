#pragma once
// Documents that were read together, and what may still be answered from them: whatever was written since is asked of
// the store again. Private to store/; the thread of `profiles`.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/store/profiles.hpp"

namespace traitsync::store {

class documents_ahead {
public:
    // The documents with after < id <= last are added next, in byte order.
    void begin(std::string_view after, std::string_view last);
    void add(std::string_view id, document_row row);
    // There are more than were added: what lies behind the last one stays unknown.
    void cut_off();
    void end() { active_ = false; }

    // Nothing: not known here. An empty row: there is no such document.
    std::optional<std::optional<document_row>> find(std::string_view id);
    // Visits the ids of exactly this range; false, and none visited, where they are not known here.
    bool each(std::string_view after, std::string_view last, std::function<void(std::string_view)> const& visit) const;

    void written(std::string_view id);
    void removed(std::string_view id);

private:
    struct entry {
        std::string id;
        document_row row;
        bool is_stale = false;
    };

    bool covers(std::string_view id) const { return active_ && id > after_ && id <= last_; }
    entry* known(std::string_view id);

    std::vector<entry> entries_;  // their room is used again
    std::size_t count_ = 0;
    std::size_t next_ = 0;  // behind the one found last: questions come in order
    std::string after_, last_;
    std::string added_to_;  // documents up to here may have come since
    bool active_ = false, same_ids_ = false;
};

}  // namespace traitsync::store
