#pragma once
// From a page of Moesif to the store: recognise what did not change, map what did, compare, queue. Every
// function is one transaction: the rows, the messages that they cause and the cursor that says they were
// read commit together. Store thread only.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/config/config.hpp"
#include "traitsync/diff/life.hpp"
#include "traitsync/moesif/page.hpp"
#include "traitsync/profile/mapper.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::engine {

class ingest {
public:
    // The rules are those of the configuration.
    explicit ingest(config::trait_settings settings);
    ~ingest();

    // Before anything else: notes the rules in the store. True when the store's profiles were mapped under others and
    // must be compared again; `lacks_values` when only a full pass brings what the new rules want.
    struct rules_state {
        bool changed = false;
        bool lacks_values = false;
    };
    result<rules_state> prepare(store::session& s);
    // After the pass that applied changed rules.
    result<void> rules_applied(store::session& s);

    // A step of taking out clear text that stricter rules hide, within the caller's transaction; true while more can be
    // done now.
    bool strip(store::session& s);

    struct page_result {
        std::size_t hits = 0;  // 0: the stage is at its end
        bool brake_closed_now = false;
        // Incremental: the modification time up to which this page has read, where the order of the pages tells.
        std::optional<std::int64_t> reaches = {};
    };
    // One page of the pass's present stage. Advances `pass` and saves it. Errors: unavailable (timed out), invalid (the
    // service ignored the cursor), storage.
    result<page_result> page(store::session& s, store::pass_row& pass, moesif::page const& page, std::int64_t now);

    // After the empty page of a full pass: what was not shown at all behind `after` is noted as missing, some thousands
    // at a time. Where to go on; nothing at the end.
    result<std::optional<std::string>> note_missing(store::session& s, store::pass_row const& pass,
                                                    std::string_view after);

    // A document read by id because a full pass did not show it: still there, or gone.
    // True where another document of the user takes the place of this one, and is to be read by its id now.
    result<bool> found(store::session& s, store::missing_row const& missing, std::string_view body, std::int64_t now);
    result<bool> gone(store::session& s, store::missing_row const& missing, bool hold, std::int64_t now);

    // Compares users of changed companies again, some at a time; true while more remain.
    result<bool> compare_company_users(store::session& s, store::pass_row& pass, std::int64_t now);

    // A step of the pass over the store after the policies changed; true while more remain.
    result<bool> apply_rules(store::session& s, store::pass_row& pass, std::int64_t now);

    profile::rules const& rules() const;
    diff::diff_rules const& diff_rules() const;
    config::trait_settings const& settings() const;
    profile::rules const* nested_nulls() const;  // as store::composer takes them
    // Odd values in documents that were stored since the last call. Store thread only.
    profile::warning_counts take_odd_values();
    // How many users a pass may cause messages for before the brake closes, or nothing when it cannot close.
    static std::optional<std::int64_t> brake_limit(config::trait_settings const& settings, std::int64_t live_users);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::engine
