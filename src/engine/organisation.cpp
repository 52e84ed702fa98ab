#include "organisation.hpp"

#include "pass_book.hpp"
#include "salted_hash.hpp"

namespace traitsync::engine {

result<organisation_seen> note_organisation(store::session& s, moesif::page const& page, bool read_whole) {
    auto const told = moesif::organisation_of(page);
    if (!told) return organisation_seen::no_documents;
    if (told->empty()) return organisation_seen::untold;
    store::session::transaction tx{s};
    auto const now = salted_hash(s, *told);
    auto const before = s.meta.text("organisation");
    if (before == now) return organisation_seen::same;
    s.meta.set("organisation", now);
    if (before) owe_full_pass(s);
    if (before && read_whole) full_pass_at_work(s);
    tx.commit();
    return before ? organisation_seen::another : organisation_seen::same;
}

}  // namespace traitsync::engine
