// What other policies, another on_remove or on_delete mean for what is stored: the pass over the store, and what is
// noted of each profile until Moesif has shown it again.

#include "ingest_parts.hpp"
#include "pass_book.hpp"
#include "traitsync/store/clear_text.hpp"

namespace traitsync::engine {
namespace {

using profile::trait;
using profile::trait_at;
using profile::trait_count;

// Profiles compared in one transaction: some milliseconds.
constexpr int rows_a_step = 500;

}  // namespace

std::string ingest::parts::compared_under(config::trait_settings const& settings, profile::rules const& policies) {
    auto text = policies.text();
    if (settings.on_remove == config::on_remove::ignore) text.insert(text.size() - 1, ",\"on_remove\":\"ignore\"");
    if (settings.on_delete == config::on_delete::null) text.insert(text.size() - 1, ",\"on_delete\":\"null\"");
    return text;
}

result<ingest::rules_state> ingest::prepare(store::session& s) {
    store::session::transaction tx{s};
    parts_->rules_no = s.meta.rules_number(parts_->rules_text);
    auto const before = s.meta.text("rules");
    rules_state state;
    auto const empty = s.profiles.users_after(0, 1).empty() && !s.companies.next_after(0) && s.set_aside.count() == 0;
    if (!before || empty) {
        s.meta.set("rules", parts_->rules_text);
        s.meta.remove("rules_pending");
    } else if (auto const pending = s.meta.text("rules_pending"); pending || *before != parts_->rules_text) {
        state.changed = true;
        // What was compared under the ones that never came to their end is among the stored profiles too.
        for (auto const& text : {*before, pending.value_or(*before)}) {
            auto const old = profile::rules::parse(text);
            state.lacks_values = state.lacks_values || parts_->policies.wants_more_than(old);
            // Stricter: what they hide must not stay behind anywhere.
            if (old.wants_more_than(parts_->policies)) {
                store::begin_strip(s, old.lacking(parts_->policies).has(profile::trait::company));
            }
        }
        if (state.lacks_values) owe_full_pass(s);
        if (pending != parts_->rules_text) {
            s.meta.set("rules_pending", parts_->rules_text);
            if (auto begun = s.passes.unfinished(); begun && begun->kind == store::pass_kind::rediff) {
                begun->stage = store::pass_stage::companies;
                begun->search_after.clear();
                s.passes.save(*begun);
            }
        }
    }
    tx.commit();
    return state;
}

result<void> ingest::rules_applied(store::session& s) {
    store::session::transaction tx{s};
    s.meta.set("rules", parts_->rules_text);
    s.meta.remove("rules_pending");
    // Before what is free is overwritten: the keys of what is hidden now stand there too.
    s.lookups.enter();
    store::end_of_rules_pass(s);
    tx.commit();
    return {};
}

bool ingest::strip(store::session& s) {
    auto& p = *parts_;
    return store::strip(
        s, {.quarantined = [&p](std::string_view raw, bool is_user) { return p.mapper.quarantine_text(raw, is_user); },
            .company =
                [&p](std::string_view text) { return profile::kept_text(text, profile::trait::company, p.policies); }});
}

ingest::parts::rules_change ingest::parts::change_since(store::session& s, std::int64_t old_rules_no) {
    if (old_rules_no == rules_number(s)) return {};
    // Told once: it looks at every policy, and each user of the store asks.
    auto& known = changes_since[old_rules_no];
    if (!known) {
        auto const& old = rules_numbered(s, old_rules_no);
        known = {.hidden = old.lacking(policies),
                 .lacking = policies.lacking(old),
                 .borrows = policies.lacking(old) - policies.lacking_by_itself(old) - policies.hashed(),
                 .lacks_context = policies.lacks_context(old)};
    }
    return *known;
}

void ingest::parts::hide_texts(diff::account& a, profile::trait_set hidden) {
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const t = trait_at(i);
        if (!hidden.has(t)) continue;
        a.slots[i].rewrite_texts([&](std::string_view text) {
            // Earlier company objects are rewritten where they stand (store/clear_text).
            if (!store::referred_value(text)) return profile::kept_text(text, t, policies);
            return profile::cut_mark + std::string{profile::without_cut_mark(text)};
        });
    }
}

bool ingest::parts::compare_earlier_values(store::session& s, diff::account& a) {
    bool causes = false;
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const t = trait_at(i);
        auto& slot = a.slots[i];
        auto& earlier = slot.baseline;
        if (earlier.state != diff::known::form::value || earlier.in_doubt() || !slot.differs()) continue;
        std::string text{slot.text_of(earlier)};
        if (auto const value_no = store::referred_value(text)) text = s.companies.value_text(*value_no);
        // Of what is hidden now, or was cut before, the digests cannot be made again.
        if (text.empty() || profile::is_cut(profile::kept_text(text, t, policies))) continue;
        auto const caused = slot.triggers();
        earlier.trigger = profile::hashes_of(text, t, policies).trigger;
        causes = causes || (!steps.riding.has(t) && !caused && slot.triggers());
    }
    return causes;
}

void ingest::parts::apply_rules_to_company(store::session& s, store::pass_row& pass, std::int64_t no,
                                           std::int64_t now) {
    auto const row = s.companies.by_number(no);
    if (!row || row->rules_no == rules_number(s)) return;
    auto const& applied = rules_numbered(s, row->rules_no);
    auto const doc_id = row->doc_id.value_or(row->company_id);
    if (mapper.map_company(doc_id, row->source, company, &applied).what != profile::verdict::mapped) return;
    auto next = *row;
    next.raw.clear();  // the document must be mapped when it is read next
    next.content = company.content;
    next.rules_no = rules_number(s);
    next.source = company.stored;
    auto const value = s.companies.value(row->value_no);
    // What the old policies kept out is not gone from Moesif; see object_for.
    auto const cut = value->cut || change_since(s, row->rules_no).lacking.has(trait::company);
    if (value->full != company.full || value->trigger != company.trigger || value->cut != cut) {
        auto const text = cut ? profile::cut_mark + company.text : company.text;
        next.value_no = s.companies.add_value(no, company.full, company.trigger, text, now);
    }
    s.companies.update(next);
    // Its users are compared with their own turn in the users stage.
    ++pass.changed;
}

bool ingest::parts::apply_rules_to_user(store::session& s, store::pass_row& pass, std::int64_t no, std::int64_t now) {
    if (!s.accounts.load_whole(no, stored) || !stored.has_source) return false;
    auto const& row = stored.user;
    auto const& source = stored.source;
    if (source.rules_no == rules_number(s)) return false;
    auto const& applied = rules_numbered(s, source.rules_no);
    auto const document = stored_document(s, no);
    auto const doc_id = row.doc_id.value_or(row.user_id);
    if (mapper.map_user(doc_id, document, user, &applied).what != profile::verdict::mapped) return false;
    // The policies may have kept that time out of the stored document: the row has it (0: the object tells none).
    if (auto const own = row.embedded_modified.value_or(0); own > 0) user.embedded.modified_millis = own;
    auto& a = stored.account;
    store::set_wanted_texts(a, source.data);
    auto const findable = store::lookup_keys_of(source.data);
    auto change = change_since(s, source.rules_no);
    auto noted = change.lacking;
    // Nor did the full pass bring yet what rules before those kept out.
    if (auto const known = s.profiles.document(doc_id); known && row.doc_id) {
        change.lacking = change.lacking | known->lacking;
        change.borrows = change.borrows - known->lacking;
        noted = change.lacking;
        // Of metadata that was not brought back yet nothing is stored: what is read from its members is not gone. That
        // follows anew from what is noted, each time.
        if (known->lacking.has(trait::metadata)) {
            auto const borrowed = policies.borrowing() - change.lacking;
            change.lacking = change.lacking | borrowed;
            change.borrows = change.borrows | borrowed;
        }
        change.lacks_context = change.lacks_context || known->content == unknown_content;
    }
    diff::refreshed queued;
    if (row.gone_at) {
        // Its values are not mapped anew: they may hold what is hidden now.
        auto const changed = change.hidden | change.lacking;
        for (std::size_t i = 0; i < trait_count; ++i) {
            if (changed.has(trait_at(i))) diff::exclude(a, trait_at(i));
        }
        if (!changed.empty() && a.pending()) diff::refresh(a, steps, {.now = now});
        queued = diff::leave(a, steps, moment_of(s, pass, now, false));
    } else {
        bool company_unknown = false;
        auto moment = moment_of(s, pass, now, false);
        moment.causes = want_all(s, a, company_unknown, change, true);
        moment.causes = compare_earlier_values(s, a) || moment.causes;
        queued = refresh_or_adopt(s, pass, a, moment);
        // The context is no trait: only a document whose content is another one brings it.
        auto const content = change.lacks_context ? unknown_content : user.content;
        s.profiles.put_document(doc_id, {no, {}, content, noted}, true);
    }
    hide_texts(a, change.hidden);
    a.changed = true;
    encode_source(s, a, findable);
    s.profiles.put_source(row, rules_number(s), source_bytes, true);
    save_and_count(s, pass, a, queued);
    return queued.queued;
}

result<bool> ingest::apply_rules(store::session& s, store::pass_row& pass, std::int64_t now) {
    std::int64_t after = 0;
    if (!pass.search_after.empty()) after = std::stoll(pass.search_after);
    auto next = pass;
    store::session::transaction tx{s};
    std::int64_t done = after;
    if (pass.stage == store::pass_stage::companies) {
        for (int i = 0; i < rows_a_step; ++i) {
            auto const no = s.companies.next_after(done);
            if (!no) {
                next.stage = store::pass_stage::users;
                store::companies_are_mapped(s);
                done = 0;
                break;
            }
            parts_->apply_rules_to_company(s, next, *no, now);
            done = *no;
        }
    } else {
        auto const users = s.profiles.users_after(after, rows_a_step);
        store::accounts::together rows{s.accounts};
        for (auto const no : users) {
            if (parts_->apply_rules_to_user(s, next, no, now)) ++next.changed;
            ++next.read;
            done = no;
        }
        rows.end();
        if (users.empty()) next.stage = store::pass_stage::done;
    }
    ++next.pages;
    next.search_after = std::to_string(done);
    s.passes.save(next);
    tx.commit();
    pass = std::move(next);
    return pass.stage != store::pass_stage::done;
}

}  // namespace traitsync::engine
