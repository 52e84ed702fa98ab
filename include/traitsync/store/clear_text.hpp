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

// What must go too, because values that were taken out may stand there: older copies within pages and free pages, then
// the log.
enum class scrub { nothing, pages, log };
scrub wanted_scrub(session& s);
void want_scrub(session& s);  // from the pages on
void pages_scrubbed(session& s);
void scrubbed(session& s);

}  // namespace traitsync::store
