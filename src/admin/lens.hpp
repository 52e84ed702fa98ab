#pragma once
// What is needed to look at stored profiles with an operator's eyes: the policies in force, and what delivery
// was doing when the question came. Jobs on the reading connection get it by value. Private to admin/.

#include <optional>
#include <string>

#include "traitsync/config/config.hpp"
#include "traitsync/diff/life.hpp"
#include "traitsync/engine/status.hpp"
#include "traitsync/profile/rules.hpp"
#include "traitsync/store/reader.hpp"
#include "traitsync/store/set_aside.hpp"

namespace traitsync::admin {

struct lens {
    config::trait_settings traits;
    profile::rules rules;
    diff::diff_rules steps;

    explicit lens(config::trait_settings const& s) : traits{s}, rules{s}, steps{diff::diff_rules_of(s, rules)} {}
    // As store::composer takes them.
    profile::rules const* nested_nulls() const { return traits.nested_nulls ? &rules : nullptr; }
};

// Delivery at the time of the question.
struct delivery_now {
    std::int64_t at = 0;                  // milliseconds
    std::optional<std::string> obstacle;  // why nothing goes at present
    std::optional<wall_time> retry_at;

    // When a message goes again of which an attempt failed, by what was noted with it; 0: nobody knows.
    std::int64_t next_attempt(std::int64_t noted) const;
};
delivery_now delivery_of(engine::status const& s, wall_time at);

// One stored profile, all of one moment.
struct seen_profile {
    store::user_row user;
    store::stored_source source;
    diff::account account;  // wanted texts loaded
};
std::optional<seen_profile> see(store::reader& r, std::int64_t user_no);
// Whether what is wanted of a trait is only kept: the document as it was read last does not have it (for
// traits.on_remove = ignore).
bool is_kept(store::reader& r, seen_profile const& p, profile::trait t);

// Set aside for the sake of the profile's own document, which is newer.
inline bool is_another_document(store::quarantined const& aside, store::user_row const& user) {
    return aside.reason == store::duplicate_user_id && aside.doc_id != user.doc_id;
}

// Of a company, whichever document of it counts.
inline bool is_another_document(store::quarantined const& aside, store::company_row const& company) {
    return aside.reason == store::duplicate_company_id && aside.doc_id != company.doc_id;
}

// The first that holds of gone, dead, held, offered, waiting, synced.
std::string_view state_of(seen_profile const& p);
std::int64_t acknowledged_at(diff::account const& a);  // the latest, 0: never

// The JSON text of a slot's value, "null" where there is none.
std::string json_of(store::reader& r, diff::slot const& s, diff::known const& k);

}  // namespace traitsync::admin
