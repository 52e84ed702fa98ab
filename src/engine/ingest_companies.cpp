#include <fmt/core.h>

#include "ingest_parts.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::engine {
namespace {

using profile::mapped_trait;
using profile::trait;
using store::profile_kind;

bool refers_to(store::session& s, diff::known const& wanted, std::int64_t company_no) {
    if (wanted.state != diff::known::form::value) return false;
    auto const reference = store::referred_value(wanted.text);
    auto const value = reference ? s.companies.value(*reference) : std::nullopt;
    return value && value->company_no == company_no;
}

// The row's values are another document's, from which this one took over: it is still to be read by its id.
bool is_unread(store::session& s, store::company_row const& row) {
    return row.raw.empty() && s.passes.is_missing(profile_kind::company, *row.doc_id);
}

std::string rival_key(std::int64_t company_no) { return "company_rival:" + std::to_string(company_no); }

}  // namespace

void ingest::parts::company_hit(store::session& s, store::pass_row& pass, moesif::hit const& hit, std::int64_t now) {
    auto raw = raw_hash(hit.source);
    std::optional<store::company_row> known;
    if (!hit.id.empty()) {
        known = s.companies.by_document(hit.id);
        if (known && known->raw == raw) return;
    }
    warnings_before = mapper.warnings();
    auto const outcome = has_only_its_id(hit) ? only_an_id : mapper.map_company(hit.id, hit.source, company);
    if (outcome.what == profile::verdict::anonymous) return;
    if (outcome.what == profile::verdict::quarantine) {
        quarantine(s, pass, profile_kind::company, hit.id, outcome.reason, outcome.detail, hit.raw, now);
        if (known) hand_over(s, pass, *known);
        return;
    }
    auto const doc_id = hit.id.empty() ? company.id : hit.id;
    if (pass.no != 0 && is_newer(company.modified_millis, pass.newest_companies)) {
        pass.newest_companies = company.modified_millis;
    }
    s.set_aside.drop(profile_kind::company, doc_id);
    apply_company(s, pass, doc_id, std::move(raw), hit, now);
}

void ingest::parts::apply_company(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string raw,
                                  moesif::hit const& hit, std::int64_t now) {
    auto row = s.companies.by_document(doc_id);
    if (row && row->company_id == company.id &&
        was_newer_in(pass, row->seen_at, row->modified, company.modified_millis)) {
        return;
    }
    if (row && row->company_id != company.id) {
        retire_company(s, *row, pass.no, now);
        // As where it is gone: another document of the old id, which only this one kept from the store, is read by its
        // id.
        auto const other = s.set_aside.duplicate_of(profile_kind::company, row->company_id);
        if (other) s.passes.add_missing(profile_kind::company, *other, pass.counts ? pass.no : 0);
        row.reset();
    }
    if (!row) {
        row = s.companies.by_id(company.id);
        if (row && row->doc_id && *row->doc_id != doc_id) {
            // As of users: where the time is still that of the document before, that one may be here again.
            auto const unread = is_unread(s, *row);
            auto const newer = unread ? !is_newer(row->modified, company.modified_millis)
                                      : is_newer(company.modified_millis, row->modified);
            auto const other = newer ? std::string_view{*row->doc_id} : doc_id;
            auto const counting = newer ? doc_id : std::string_view{*row->doc_id};
            auto const text = !newer ? hit.raw : unread ? std::string_view{"{}"} : std::string_view{row->source};
            quarantine(s, pass, profile_kind::company, other, store::duplicate_company_id,
                       fmt::format("another document with the same company id {}: {}",
                                   newer ? "is newer" : "counts, which is not older", counting),
                       text, now, company.id);
            if (!newer) return;
            // Where only riding values moved since, it may be the newer one after all.
            if (row->seen_at < pass.started)
                s.passes.add_missing(profile_kind::company, *row->doc_id, pass.counts ? pass.no : 0);
        }
    }
    auto const is_new = !row;
    store::company_row next = row.value_or(store::company_row{});
    next.company_id = company.id;
    next.doc_id = std::string{doc_id};
    next.raw = std::move(raw);
    next.content = company.content;
    next.modified = company.modified_millis;
    next.gone_at.reset();
    next.seen_at = now;
    next.rules_no = rules_number(s);
    next.source = company.stored;
    if (is_new) {
        next.no = s.companies.add(next);
        next.value_no = s.companies.add_value(next.no, company.full, company.trigger, company.text, now);
        s.companies.update(next);
        // Users that were read before their company arrived.
        if (!s.profiles.users_of_company(company.id, 0, 1).empty()) s.companies.mark_for_rediff(next.no, pass.no);
        ++pass.changed;
        note_odd_values();
        return;
    }
    auto const value = s.companies.value(next.value_no);
    auto const has_rivals = s.meta.integer(rival_key(next.no)).has_value();
    auto const moved = next.modified != row->modified;
    // Behind its old time, or with the first one, what a user embeds may be the newer one now.
    auto const compares = moved && (has_rivals || !outdoes(next.modified, row->modified));
    auto const causes = value->trigger != company.trigger || value->cut || compares;
    if (value->full != company.full || value->cut) {
        // Riding members alone are no reason to write: a busy company changes them with every call.
        auto const is_young = value->stored_at <= now && now - value->stored_at < steps.volatile_millis;
        auto const is_as_it_was = row->content == company.content && row->doc_id == doc_id && !row->gone_at;
        if (!causes && is_young && is_as_it_was) return;
        next.value_no = s.companies.add_value(next.no, company.full, company.trigger, company.text, now);
    }
    if (causes) s.companies.mark_for_rediff(next.no, pass.no);
    if (compares && has_rivals) s.meta.remove(rival_key(next.no));
    s.companies.update(next);
    ++pass.changed;
    note_odd_values();
}

std::optional<mapped_trait> ingest::parts::object_for(store::session& s, diff::account const& a,
                                                      std::string_view company_id, bool gone,
                                                      store::company_value const& value) {
    mapped_trait found;
    if (value.full == 0 && !value.cut) return found;
    found.state = mapped_trait::form::value;
    found.text = store::reference_of(value.no);
    found.full = value.full;
    found.trigger = value.trigger;
    if (!value.cut) return found;
    auto const& slot = a[trait::company];
    if (!gone || value.full == 0) return std::nullopt;
    auto const had = slot.text_of(slot.baseline);
    if (slot.baseline.state == diff::known::form::value) {
        if (auto const reference = store::referred_value(had)) {
            auto const before = s.companies.value(*reference);
            if (!before || before->company_no == value.company_no) return std::nullopt;
        } else {
            json::document document;
            auto const readable = document.parse(profile::without_cut_mark(had)) == json::parse_fault::none;
            auto const* id = readable ? document.root().find("id") : nullptr;
            if (id == nullptr || !id->is_string() || id->text == company_id) return std::nullopt;
        }
    }
    found.text = profile::without_cut_mark(s.companies.value_text(value.no));
    return found;
}

void ingest::parts::retire_company(store::session& s, store::company_row& row, std::int64_t pass, std::int64_t now) {
    row.doc_id.reset();
    row.gone_at = now;
    if (s.companies.value(row.value_no)->cut) s.companies.mark_for_rediff(row.no, pass);
    s.companies.update(row);
}

// The document cannot be used: one of the same company that only it kept from the store is read by its id. Until then,
// and where there is none, the company stays as known; good again, the document may have the bytes that are known.
void ingest::parts::hand_over(store::session& s, store::pass_row const& pass, store::company_row& row) {
    auto other = s.set_aside.duplicate_of(profile_kind::company, row.company_id);
    if (!other && row.raw.empty()) return;
    row.raw.clear();
    if (other) {
        s.set_aside.drop(profile_kind::company, *other);
        s.passes.add_missing(profile_kind::company, *other, pass.counts ? pass.no : 0);
        row.doc_id = std::move(other);
    }
    s.companies.update(row);
}

void ingest::parts::note_rival(store::session& s, std::int64_t company_no) {
    if (auto const key = rival_key(company_no); !s.meta.integer(key)) s.meta.set(key, 1);
}

void ingest::parts::compare_user_with_company(store::session& s, store::pass_row& pass, store::company_row const& row,
                                              store::company_value const& value, std::int64_t user_no,
                                              std::int64_t now) {
    if (!s.accounts.load_whole(user_no, stored) || stored.user.gone_at || !stored.has_source) return;
    auto& a = stored.account;
    store::set_wanted_texts(a, stored.source.data);
    if (auto const own = stored.user.embedded_modified.value_or(0); own > 0 && outdoes(own, row.modified)) {
        note_rival(s, row.no);
        // The document's time fell behind the embedded object's, which only the user's document holds.
        if (refers_to(s, a[trait::company].wanted, row.no)) map_anew(s, stored.user);
        return;
    }
    // That object may have become newer by its time alone since it was stored: the document tells at its next reading.
    if (stored.user.embedded_modified.value_or(0) > 0 && !refers_to(s, a[trait::company].wanted, row.no)) {
        map_anew(s, stored.user);
    }
    trigger_watch const watch{a[trait::company]};
    auto const found = object_for(s, a, row.company_id, row.gone_at.has_value(), value);
    auto const changed = policies.never().has(trait::company) || !found ? diff::exclude(a, trait::company)
                                                                        : diff::want(a, trait::company, *found, steps);
    auto* const waiting = a.pending();
    if (!changed && !(waiting && (waiting->wait & diff::wait_company))) return;
    auto moment = moment_of(s, pass, now, false);
    moment.causes = watch.saw_cause() && !steps.riding.has(trait::company);
    auto const queued = refresh_or_adopt(s, pass, a, moment);
    auto const view = store::decode_source(stored.source.data);
    // The texts of the account now; context and rest as they were.
    store::source_view next{.texts = {}, .context = view.context, .rest = view.rest};
    for (std::size_t i = 0; i < profile::trait_count; ++i) {
        if (a.slots[i].wanted.state == diff::known::form::value) next.texts[i] = a.slots[i].wanted.text;
    }
    store::encode_source(source_bytes, next);
    s.profiles.put_source(stored.user, stored.source.rules_no, source_bytes, true);
    look_again(s, a, stored.user);
    a.changed = true;
    save_and_count(s, pass, a, queued);
}

int ingest::parts::compare_some_users(store::session& s, store::pass_row& pass, store::company_rediff rediff, int most,
                                      std::int64_t now) {
    auto const company = s.companies.by_number(rediff.company_no);
    if (!company) {
        s.companies.finish_rediff(rediff.company_no);
        return 0;
    }
    auto const value = s.companies.value(company->value_no);
    auto const users = s.profiles.users_of_company(company->company_id, rediff.after_user_no, most);
    for (auto const no : users) compare_user_with_company(s, pass, *company, *value, no, now);
    auto const compared = static_cast<int>(users.size());
    if (compared < most) {
        s.companies.finish_rediff(company->no);
    } else {
        rediff.after_user_no = users.back();
        s.companies.advance_rediff(rediff);
    }
    return compared;
}

}  // namespace traitsync::engine
