#pragma once
// After a policy became `never` or `hash`: takes the clear text that was written before out of frozen messages that are
// closed, quarantined documents, kept answers and earlier company objects, some rows at a time. Sources and ledgers are
// rewritten by the pass that applies the rules. Part of the caller's transaction; store thread only.

#include <functional>
#include <string>
#include <string_view>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

// The rules became stricter: notes what there is now. `company`: they hide some of the company objects.
void begin_strip(session& s, bool company);
// Every company was mapped under the new rules; its earlier objects go once `end_of_rules_pass` was called.
void companies_are_mapped(session& s);
void end_of_rules_pass(session& s);

// How a text looks under the present rules.
struct rewritten_texts {
    std::function<std::string(std::string_view raw, bool is_user)> quarantined;
    std::function<std::string(std::string_view text)> company;
};
// A step. True while more can be done now; frozen messages that are offered are waited for.
bool strip(session& s, rewritten_texts const& rewritten);

// Whether free pages and the log must go too, because stripped values may stand in them.
bool wants_scrub(session& s);
void scrubbed(session& s);

}  // namespace traitsync::store
