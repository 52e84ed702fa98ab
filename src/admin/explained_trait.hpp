#pragma once
// One trait of one profile while it is explained: explain.cpp decides which case it is, explain_words.cpp has the
// sentences. What it is made of outlives it. Private to admin/.

#include <optional>
#include <string>
#include <string_view>

#include "explain.hpp"

namespace traitsync::admin {

class explained_trait {
public:
    explained_trait(store::reader& r, lens const& l, delivery_now const& now, seen_profile& p, profile::trait t)
        : reader_{r}, lens_{l}, now_{now}, profile_{p}, trait_{t}, slot_{p.account[t]}, name_{profile::name_of(t)} {}

    explanation tell(std::optional<store::quarantined> const& aside);

private:
    void decide();
    std::optional<store::companies::brief> company() const;
    bool keeps_last_object() const;
    bool is_lacking() const;
    bool is_to_be_compared() const;

    // explain_words.cpp
    void set(std::string_view state, std::string reason, message_id const& id, std::int64_t at);
    void tell_excluded();
    void tell_taken_out();
    void tell_offered(diff::message const& m);
    void tell_pending(diff::message const& m);
    void tell_gone();
    void tell_dead(diff::message const& m);
    void tell_riding();
    void tell_to_be_compared();
    void tell_discarded();
    void tell_unchanged();
    void add_obstacle();
    void add_notes(std::optional<store::quarantined> const& aside);
    void add_company_notes();
    std::string cause_of(diff::message const& m) const;
    diff::message const* carried_by_pending() const;  // the waiting or held message, where it carries the trait
    std::string fate_of_newer() const;
    std::int64_t seen_at() const;

    store::reader& reader_;
    lens const& lens_;
    delivery_now const& now_;
    seen_profile& profile_;
    profile::trait trait_;
    diff::slot const& slot_;
    std::string_view name_;
    bool kept_ = false;       // it was removed from Moesif, and the removal is ignored
    bool old_rules_ = false;  // it was compared under other policies, and comes to be compared under those in force
    explanation out_;
};

}  // namespace traitsync::admin
