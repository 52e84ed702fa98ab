// Two documents of one user id: which of them the user is read from, and what becomes of the other.
#include <fmt/core.h>

#include "ingest_parts.hpp"
#include "traitsync/store/rest_text.hpp"

namespace traitsync::engine {

using store::profile_kind;

namespace {

// The user's row and text are another document's, from which this one took over: it is still to be read by its id.
bool is_unread(store::session& s, std::string_view doc_id) {
    auto const document = s.profiles.document(doc_id);
    return document && document->content == unknown_content && s.passes.is_missing(profile_kind::user, doc_id);
}

}  // namespace

// Two documents claim one user id: the newest modified_time wins, but never by an id that only reads the
// same.
bool ingest::parts::displace(store::session& s, store::pass_row& pass, store::user_row const& holder,
                             std::string_view doc_id, moesif::hit const& hit, std::int64_t now) {
    auto const& older = *holder.doc_id;
    auto const unread = is_unread(s, older);
    // Where the time is still that of the document before, that one may be here again.
    auto const is_older =
        unread ? is_newer(holder.modified, user.modified_millis) : !is_newer(user.modified_millis, holder.modified);
    if (user.id_altered || is_older) {
        quarantine(s, pass, profile_kind::user, doc_id, store::duplicate_user_id,
                   fmt::format("another document with the same user id is {}: {}",
                               user.id_altered ? "spelled without the characters that were taken out" : "newer", older),
                   hit.raw, now);
        return false;
    }
    quarantine(s, pass, profile_kind::user, older, store::duplicate_user_id,
               fmt::format("another document with the same user id is newer: {}", doc_id),
               unread ? "{}" : stored_document(s, holder.no), now, holder.user_id);
    s.profiles.remove_document(older);
    // Where only riding values moved since, it may be the newer one after all.
    if (holder.seen_at < pass.started) s.passes.add_missing(profile_kind::user, older, pass.counts ? pass.no : 0);
    return true;
}

// An older document of the same user id that was only kept from the store by the present one takes its place, and is
// read by its id now. What is known stays until it says otherwise. Where the present one is gone, one that could not be
// used will do: the user is there as long as any document tells of them.
bool ingest::parts::hand_over(store::session& s, store::pass_row const& pass, store::user_row& row, bool is_gone) {
    auto other = s.set_aside.duplicate_of(profile_kind::user, row.user_id);
    auto const is_usable = other.has_value();
    if (!other && is_gone) other = s.set_aside.any_of(profile_kind::user, row.user_id);
    if (!other || other == row.doc_id) return false;
    auto const before = row;
    // What the policies kept out of the store it lacks under the other document too.
    auto const left = row.doc_id ? s.profiles.document(*row.doc_id) : std::nullopt;
    if (row.doc_id) s.profiles.remove_document(*row.doc_id);
    if (is_usable) s.set_aside.drop(profile_kind::user, *other);
    s.profiles.put_document(*other, {row.no, {}, unknown_content, left ? left->lacking : profile::trait_set{}});
    s.passes.add_missing(profile_kind::user, *other, pass.no);
    row.doc_id = std::move(other);
    s.profiles.update(row, before);
    return true;
}

std::string ingest::parts::stored_document(store::session& s, std::int64_t user_no) {
    auto const source = s.profiles.source(user_no);
    if (!source) return "{}";
    auto const view = store::decode_source(source->data);
    return profile::restore_document(store::unpack_rest(view.rest), view.texts);
}

}  // namespace traitsync::engine
