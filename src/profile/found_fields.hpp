#pragma once
// One pass over a document's members that finds every known field. Private to profile/.

#include <array>
#include <vector>

#include "field_table.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/mapper.hpp"

namespace traitsync::profile {

template <auto const& Table>
class found_fields {
public:
    static constexpr std::uint8_t none = 255;

    void read(json::value const& document) {
        at_.fill(nullptr);
        entries_.clear();
        for (auto const& m : document.members()) {
            auto const entry = Table.find(m.key);
            entries_.push_back(entry);
            if (entry != none) at_[entry] = &m;
        }
    }

    // The first present name of `f` whose value is null or accepted; others count as absent, with a warning.
    template <class Accept>
    json::member const* pick(field f, warning_counts& warnings, Accept accepts) const {
        for (auto i = Table.first(f); i < Table.last(f); ++i) {
            auto const* m = at_[i];
            if (m == nullptr) continue;
            if (m->val.is_null() || accepts(m->val)) return m;
            ++warnings.wrong_type;
        }
        return nullptr;
    }

    // All present names of `f`, in order.
    template <class Function>
    void each(field f, Function call) const {
        for (auto i = Table.first(f); i < Table.last(f); ++i) {
            if (at_[i] != nullptr) call(*at_[i]);
        }
    }

    // Of the document's member at `index`.
    field what(std::size_t index) const {
        return entries_[index] == none ? field::unknown : Table[entries_[index]].what;
    }

    // The name under which a hashed value of `f` is stored.
    static std::string_view first_name(field f) { return Table[Table.first(f)].key; }

private:
    std::array<json::member const*, Table.size()> at_{};
    std::vector<std::uint8_t> entries_;
};

inline bool is_text(json::value const& v) { return v.is_string(); }
inline bool is_object(json::value const& v) { return v.is_object(); }
inline bool is_text_or_number(json::value const& v) { return v.is_string() || v.is_number(); }

}  // namespace traitsync::profile
