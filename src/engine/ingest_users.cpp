#include <fmt/core.h>

#include <algorithm>

#include "ingest_parts.hpp"
#include "pass_book.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/profile/stated_id.hpp"
#include "traitsync/store/rest_text.hpp"

namespace traitsync::engine {
namespace {

using profile::mapped_trait;
using profile::trait;
using profile::trait_at;
using profile::trait_count;
using store::profile_kind;

mapped_trait value_of(profile::mapped_company const& c) {
    if (c.text.empty()) return {};
    mapped_trait t;
    t.state = mapped_trait::form::value;
    t.text = c.text;
    t.full = c.full;
    t.trigger = c.trigger;
    return t;
}

bool any_differs(diff::account const& a) {
    return std::ranges::any_of(a.slots, [](diff::slot const& slot) { return slot.differs(); });
}

// The user's row once the document was read: what it does not tell stays as it was.
store::user_row shown_by(profile::mapped_user const& user, store::user_row const& before, std::string_view doc_id,
                         std::int64_t now) {
    auto row = before;
    row.user_id = user.id;
    row.doc_id = std::string{doc_id};
    row.company_id = user.company_id;
    row.modified = user.modified_millis;
    row.embedded_modified.reset();
    if (user.has_embedded_company) row.embedded_modified = user.embedded.modified_millis.value_or(0);
    row.gone_at.reset();
    row.seen_at = now;
    return row;
}

// Where a hit stands in the order is another thing for each kind of pass, and no part of the document.
std::string_view without_place(std::string_view raw) {
    auto const document = profile::document_of(raw);
    return document.empty() ? raw : document;
}

}  // namespace

void ingest::parts::quarantine(store::session& s, store::pass_row& pass, profile_kind kind, std::string_view doc_id,
                               std::string_view reason, std::string_view detail, std::string_view raw, std::int64_t now,
                               std::optional<std::string> stated) {
    // What is kept of the text may not tell it any more.
    if (!stated) stated = store::stated_id(kind, raw);
    store::quarantined q{.kind = kind,
                         .doc_id = doc_id.empty() ? "sha256:" + sha256_hex(without_place(raw)) : std::string{doc_id},
                         .reason = std::string{reason},
                         .detail = std::string{detail},
                         .raw = mapper.quarantine_text(raw, kind == profile_kind::user),
                         .first_seen = now,
                         .last_seen = now,
                         .pass = pass.no,
                         .stated = std::move(stated)};
    if (s.set_aside.put(q)) ++pass.quarantined;
}

void ingest::parts::user_hit(store::session& s, store::pass_row& pass, moesif::hit const& hit, std::int64_t now) {
    std::optional<store::document_row> known;
    auto raw = raw_hash(hit.source);
    if (!hit.id.empty()) {
        known = s.profiles.document(hit.id);
        if (known && known->raw == raw) return;  // the very bytes that were mapped under these very rules
        if (s.forgotten.has_document(hit.id)) {
            ++pass.forgotten;
            return;
        }
    }
    warnings_before = mapper.warnings();
    auto const outcome = has_only_its_id(hit) ? only_an_id : mapper.map_user(hit.id, hit.source, user);
    switch (outcome.what) {
        case profile::verdict::quarantine:
            // Of a document that cannot be used nothing is kept either where it is a forgotten person's.
            if (auto const whose = profile::stated_user_id(hit.raw); whose && s.forgotten.has_user(*whose)) {
                return leave_forgotten(s, pass, hit.id, *whose, known, now);
            }
            quarantine(s, pass, profile_kind::user, hit.id, outcome.reason, outcome.detail, hit.raw, now);
            // Good again, it may have the bytes that are known: they must not be passed by.
            if (known) s.profiles.look_again(hit.id);
            [[fallthrough]];
        case profile::verdict::anonymous:
            // Only an answer of 404 or 410 says that somebody is gone: whom the document told of stays as known.
            if (known) {
                if (auto told = s.profiles.user(known->user_no)) hand_over(s, pass, *told, false);
            }
            return;
        case profile::verdict::mapped:
            break;
    }
    auto const doc_id = hit.id.empty() ? user.id : hit.id;
    if (s.forgotten.has_user(user.id)) {
        return leave_forgotten(s, pass, doc_id, user.id, hit.id.empty() ? std::nullopt : known, now);
    }
    if (hit.id.empty()) known = s.profiles.document(doc_id);
    if (pass.no != 0 && is_newer(user.modified_millis, pass.newest_users)) pass.newest_users = user.modified_millis;
    s.set_aside.drop(profile_kind::user, doc_id);
    apply_user(s, pass, doc_id, std::move(raw), std::move(known), hit, now);
}

void ingest::parts::leave_forgotten(store::session& s, store::pass_row& pass, std::string_view doc_id,
                                    std::string_view user_id, std::optional<store::document_row> const& known,
                                    std::int64_t now) {
    if (!doc_id.empty()) s.forgotten.add_document(doc_id, user_id, now);
    if (!doc_id.empty()) s.set_aside.drop(profile_kind::user, doc_id);
    // The document told of somebody else before.
    if (auto before = known ? s.profiles.user(known->user_no) : std::nullopt) {
        retire(s, pass, *before, moment_of(s, pass, now, false));
    }
    ++pass.forgotten;
}

// True when the document holds nothing that is compared or due: only riding values and context moved. The account is
// not what is stored any more when it is false.
bool ingest::parts::only_riding_changed(store::session& s, diff::account& a, store::document_row const& known,
                                        std::string_view doc_id, std::string const& raw, std::int64_t now) {
    bool moved = false;
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const t = trait_at(i);
        // As a whole, or in members of a value that is there before and after.
        auto const rides = steps.riding.has(t) || (a.slots[i].wanted.state == diff::known::form::value &&
                                                   user.traits[i].state == mapped_trait::form::value);
        if (t != trait::company && rides) moved = diff::want(a, t, user.traits[i], steps) || moved;
    }
    if (!diff::due_traits(a, steps, now).empty()) return false;
    // A riding company that the document embeds is no content either, and was not looked at.
    if (steps.riding.has(trait::company) && user.has_embedded_company) {
        bool unknown = false;
        auto const company = company_trait(s, a, unknown);
        if (company && company->full != a[trait::company].wanted.full) return false;
    }
    // Nothing rides at all: context changed, or the bytes were only written differently. Worth storing once.
    if (moved) return true;
    if (!known.raw.empty() || !stored.has_source) return false;
    if (store::decode_source(stored.source.data).context != user.context) return false;
    if (!any_differs(a)) s.profiles.set_raw(doc_id, raw);
    return true;
}

std::optional<mapped_trait> ingest::parts::company_trait(store::session& s, diff::account const& a, bool& unknown) {
    auto const& mapped = user.traits[profile::index_of(trait::company)];
    if (!user.company_id) return mapped;
    auto const stored = s.companies.find(*user.company_id);
    if (user.has_embedded_company && (!stored || outdoes(user.embedded.modified_millis, stored->modified))) {
        if (stored) note_rival(s, stored->no);
        return value_of(user.embedded);
    }
    if (!stored) {
        unknown = !user.has_embedded_company;
        return value_of(profile::company_of_id(*user.company_id, policies));
    }
    return object_for(s, a, *user.company_id, stored->gone, stored->value);
}

// Whether the user's own copy of the company and the company's document have changed places as the newer one: by the
// time alone that the user's document states, which is no content.
bool ingest::parts::company_takes_turns(store::session& s, store::user_row const& before) {
    auto const own = before.embedded_modified.value_or(0);
    auto const stated = user.embedded.modified_millis.value_or(0);
    if (!user.company_id || !user.has_embedded_company || stated == own) return false;
    auto const company = s.companies.find(*user.company_id);
    if (!company) return false;
    auto const known = own > 0 ? std::optional{own} : std::nullopt;
    return outdoes(user.embedded.modified_millis, company->modified) != outdoes(known, company->modified);
}

bool ingest::parts::want_all(store::session& s, diff::account& a, bool& company_unknown, rules_change const& change,
                             bool from_store) {
    auto const excluded = policies.never();
    bool causes = false;
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const t = trait_at(i);
        auto const hidden = change.hidden.has(t);
        auto const has_value = user.traits[i].state == mapped_trait::form::value;  // in a field of its own
        trigger_watch const watch{a[t]};
        if (excluded.has(t)) {
            diff::exclude(a, t);
        } else if (from_store && change.lacking.has(t) && !(change.borrows.has(t) && has_value)) {
            // Not gone from Moesif, but as the old policies left it: the full pass brings it as these do.
            diff::exclude(a, t);
        } else {
            auto const is_company = t == trait::company;
            auto const company = is_company ? company_trait(s, a, company_unknown) : std::nullopt;
            auto const& found = company ? *company : user.traits[i];
            // A removed trait that kept its value kept it as the old policies left it.
            if ((is_company && !company) || (hidden && diff::keeps(found, steps))) {
                diff::exclude(a, t);
            } else {
                diff::want(a, t, found, steps);
            }
        }
        causes = causes || (!steps.riding.has(t) && watch.saw_cause());
    }
    return causes;
}

void ingest::parts::encode_source(store::session& s, diff::account const& a, store::lookup_keys const& before) {
    s.lookups.change(a.user_no, before, store::lookup_keys_of(a));
    store::pack_rest(packed_rest, user.rest);
    store::source_view view{.texts = {}, .context = user.context, .rest = packed_rest};
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (a.slots[i].wanted.state == diff::known::form::value) view.texts[i] = a.slots[i].wanted.text;
    }
    store::encode_source(source_bytes, view);
}

// The user is gone from Moesif, or lives on under another id.
bool ingest::parts::retire(store::session& s, store::pass_row& pass, store::user_row& row, diff::moment const& m) {
    if (hand_over(s, pass, row, true)) return true;
    auto const before = row;
    if (row.doc_id) s.profiles.remove_document(*row.doc_id);
    row.doc_id.reset();
    row.gone_at = m.now;
    s.profiles.update(row, before);
    auto a = s.accounts.load(row.no, row.user_id, false);
    if (auto const source = s.profiles.source(row.no)) store::set_wanted_texts(a, source->data);
    auto const findable = store::lookup_keys_of(a);
    auto const queued = diff::leave(a, steps, m);
    s.lookups.change(row.no, findable, store::lookup_keys_of(a));
    save_and_count(s, pass, a, queued);
    return false;
}

void ingest::parts::look_again(store::session& s, diff::account& a, store::user_row const& row) {
    if (row.doc_id && !a.pending() && diff::riding_differs(a, steps)) s.profiles.look_again(*row.doc_id);
}

bool ingest::parts::find_user(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string const& raw,
                              std::optional<store::document_row> const& known, moesif::hit const& hit, std::int64_t now,
                              bool& is_new) {
    is_new = true;
    if (known && s.accounts.load_whole(known->user_no, stored)) {
        if (stored.user.user_id != user.id) {
            // Renamed under the same `_id`: the old id counts as gone.
            retire(s, pass, stored.user, moment_of(s, pass, now, false));
        } else {
            is_new = false;
            // What was handed over from another document has that one's times.
            auto const is_its_own = known->content != unknown_content;
            if (is_its_own && was_newer_in(pass, stored.user.seen_at, stored.user.modified, user.modified_millis))
                return false;
            if (known->content == user.content && known->lacking.empty() && !company_takes_turns(s, stored.user)) {
                if (only_riding_changed(s, stored.account, *known, doc_id, raw, now)) return false;
                s.accounts.load_whole(known->user_no, stored);
            }
        }
    }
    if (!is_new) return true;
    auto const same_id = s.profiles.user_by_id(user.id);
    if (same_id && same_id->doc_id && *same_id->doc_id != doc_id && !displace(s, pass, *same_id, doc_id, hit, now)) {
        return false;
    }
    is_new = !same_id || !s.accounts.load_whole(same_id->no, stored);
    return true;
}

diff::refreshed ingest::parts::queue_changes(store::session& s, store::pass_row& pass, diff::account& a,
                                             rules_change const& change, std::int64_t now) {
    bool company_unknown = false;
    auto const causes = want_all(s, a, company_unknown, change, false);
    hide_texts(a, change.hidden);
    a.changed = true;
    auto moment = moment_of(s, pass, now, company_unknown);
    moment.causes = causes;
    return refresh_or_adopt(s, pass, a, moment);
}

// A first pass that failed in its midst has told of some already: their changes are changes, as in any other pass.
diff::refreshed ingest::parts::refresh_or_adopt(store::session& s, store::pass_row const& pass, diff::account& a,
                                                diff::moment const& m) {
    if (!pass.first_sync) return diff::refresh(a, steps, m);
    auto const was_offered = [](diff::slot const& slot) { return slot.offered_in != message_id{}; };
    auto const adopts = settings.first_sync == config::first_sync::adopt && std::ranges::none_of(a.slots, was_offered);
    if (adopts && may_adopt(s)) {
        diff::adopt(a, m.now);
        // A message of before adopting was asked for says nothing any more, unless a replay or a retry claims it.
        if (a.pending()) diff::refresh(a, steps, m);
        return {};
    }
    if (diff::was_told_before(a, pass.started)) return diff::refresh(a, steps, m);
    auto first = m;
    first.hold = false;
    first.wait = static_cast<std::uint8_t>(first.wait & ~diff::wait_gate);
    auto const queued = diff::refresh(a, steps, first);
    // The brake holds by the pass: this message is none of it.
    if (auto* p = a.pending(); p && p->pass == m.pass) p->pass = 0;
    return queued;
}

void ingest::parts::map_anew(store::session& s, store::user_row const& user) {
    auto row = user.doc_id ? s.profiles.document(*user.doc_id) : std::nullopt;
    if (!row) return;
    row->raw.clear();
    row->content = unknown_content;
    s.profiles.put_document(*user.doc_id, *row, true);
}

void ingest::parts::apply_user(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string raw,
                               std::optional<store::document_row> known, moesif::hit const& hit, std::int64_t now) {
    bool is_new = true;
    if (!find_user(s, pass, doc_id, raw, known, hit, now, is_new)) return;
    auto const& row = stored.user;
    auto& a = stored.account;
    rules_change change;
    if (is_new) {
        stored.user = {};
    } else if (stored.has_source) {
        store::set_wanted_texts(a, stored.source.data);
        change = change_since(s, stored.source.rules_no);
    }
    auto const was_gone = row.gone_at.has_value();
    auto next = shown_by(user, row, doc_id, now);
    if (is_new) {
        next.no = s.profiles.add(next);
        store::accounts::start(a, next.no, user.id);
    } else {
        s.profiles.update(next, row);
    }
    auto const findable = store::lookup_keys_of(a);
    if (was_gone) diff::come_back(a);
    auto const queued = queue_changes(s, pass, a, change, now);
    // Riding values that wait for their time must be looked at again at the next reading.
    if (!a.pending() && any_differs(a)) raw.clear();
    s.profiles.put_document(doc_id, {next.no, std::move(raw), user.content}, known.has_value());
    encode_source(s, a, findable);
    s.profiles.put_source(next, rules_number(s), source_bytes, !is_new);
    ++pass.changed;
    save_and_count(s, pass, a, queued);
    note_odd_values();
}

}  // namespace traitsync::engine
