#pragma once
// Why a trait was or was not sent, in words for an operator: the one owner of these sentences. Private to
// admin/.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lens.hpp"

namespace traitsync::admin {

struct explanation {
    profile::trait name;
    std::string_view state;  // unchanged waiting offered retrying riding excluded held too_large dead discarded gone
    std::string policy;
    std::string reason;
    std::string moesif_value;   // JSON
    std::string segment_value;  // JSON
    std::string message_id;     // empty: none
    std::int64_t at = 0;        // 0: never
};

explanation explain(store::reader& r, lens const& l, delivery_now const& now, seen_profile& p, profile::trait t,
                    std::optional<store::quarantined> const& aside);

}  // namespace traitsync::admin
