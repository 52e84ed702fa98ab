#pragma once
// What a user's waiting message would carry if it were offered now: the one place where stored state becomes
// the draft of a message, for offering it and for showing it before. Works on any connection; throws
// SQLite::Exception.

#include <array>
#include <string>
#include <string_view>

#include "traitsync/diff/life.hpp"
#include "traitsync/store/companies.hpp"
#include "traitsync/store/draft.hpp"
#include "traitsync/store/profiles.hpp"

namespace traitsync::store {

class composer {
public:
    explicit composer(companies& c) : companies_{c} {}

    // Wanted texts come from the source. The draft's views are valid until the next call and while `user_id` and
    // `source` live. No traits: nothing is left to send. `nested_nulls`: the policies under which members that went
    // are sent as null, where the value fits with them; nullptr where they are not.
    going plan(message_writer& writer, std::string_view user_id, std::string_view source, diff::account const& a,
               diff::message const& pending, diff::diff_rules const& rules, profile::rules const* nested_nulls);

    // The JSON text of one of a slot's values, with references to companies resolved.
    std::string text_of(diff::slot const& s, diff::known const& k);

private:
    // Without nulls in the `bare` traits.
    draft const& compose(std::string_view user_id, std::string_view source, diff::account const& a,
                         diff::message const& pending, diff::diff_rules const& rules,
                         profile::rules const* nested_nulls, profile::trait_set bare);
    // Views into `text`, or into `buffer` where it refers to a company.
    std::string_view resolved(std::string_view text, std::string& buffer);

    companies& companies_;
    draft draft_;
    std::array<std::string, profile::trait_count> texts_;
};

}  // namespace traitsync::store
