#pragma once
// The operator's policies compiled for the mapper: one tree of paths in which the most specific policy
// wins. The one owner of what may be stored, compared and sent of a trait.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "traitsync/config/config.hpp"
#include "traitsync/profile/trait.hpp"

namespace traitsync::profile {

class rules {
public:
    // The paths were validated by config/load: a trait name or a dotted path below one, or below `context`.
    // A path goes through objects only and its parts are whole keys. Below `hash` only `never` counts (left out
    // of what is hashed). name, email and username are not read from members of metadata that are hidden.
    explicit rules(config::trait_settings const& settings);
    rules(rules&&) noexcept;
    rules& operator=(rules&&) noexcept;
    ~rules();

    // The policy of the whole trait. A nested `always` makes its trait `always`.
    config::policy of(trait t) const;

    trait_set riding() const;  // whole-trait policy `ride`
    trait_set always() const;
    trait_set never() const;
    trait_set hashed() const;

    // All policies and the version of the mapping, as one canonical text: equal texts map alike. Kept in the
    // store so that a changed policy is seen at the next start; `parse` reads it back.
    std::string text() const;
    static rules parse(std::string_view text);

    // Whether the store may lack values that these rules want, after a store written under `old` (a path
    // that was `never` or `hash` and is not any more, or a digest that may cover what is hidden now): then only
    // a full pass brings them.
    bool wants_more_than(rules const& old) const;
    // The traits that this concerns: mapped from such a store they are absent, or lack members, without
    // having been removed in Moesif.
    trait_set lacking(rules const& old) const;
    // Of them those whose own field is concerned: the others may be read from a member of metadata that was hidden.
    trait_set lacking_by_itself(rules const& old) const;
    // The traits that are read from a member of metadata where the profile has no such field of its own.
    trait_set borrowing() const;
    bool lacks_context(rules const& old) const;  // the same of the context

    struct node;
    node const& root() const { return *root_; }                 // for the mapper
    std::uint64_t fingerprint() const { return fingerprint_; }  // hash of text()

private:
    rules();
    void compile();

    std::unique_ptr<node> root_;
    trait_set riding_;
    trait_set always_;
    trait_set never_;
    trait_set hashed_;
    std::uint64_t fingerprint_ = 0;
};

}  // namespace traitsync::profile
