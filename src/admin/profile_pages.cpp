#include "profile_pages.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "explain.hpp"
#include "list_page.hpp"
#include "message_pages.hpp"
#include "traitsync/store/rest_text.hpp"

namespace traitsync::admin {
namespace {

using diff::known;
using profile::trait;
using profile::trait_at;
using profile::trait_count;

constexpr int newest_messages = 20;

void write_values(json_writer& w, store::reader& r, diff::account const& a, known diff::slot::*which, bool with_nulls) {
    w.begin_object();
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const& s = a.slots[i];
        auto const& k = s.*which;
        if (k.state == known::form::none || (k.state == known::form::null && !with_nulls)) continue;
        w.key(profile::name_of(trait_at(i))).raw(json_of(r, s, k));
    }
    w.end_object();
}

std::string stored_document(store::reader& r, store::stored_source const& source) {
    auto view = store::decode_source(source.data);
    auto& company = view.texts[profile::index_of(trait::company)];
    std::string resolved;
    if (auto const reference = store::referred_value(company)) {
        resolved = profile::without_cut_mark(r.companies.value_text(*reference));
        company = resolved;
    }
    return profile::restore_document(store::unpack_rest(view.rest), view.texts);
}

std::string words_for_quarantine(std::string_view kind, store::quarantined const& aside) {
    return fmt::format("the {} was never stored: its document is in quarantine ({}: {})", kind, aside.reason,
                       aside.detail);
}

void write_quarantined(json_writer& w, store::quarantined const* aside) {
    w.key("quarantined");
    if (aside == nullptr) {
        w.null();
        return;
    }
    w.begin_object()
        .key("reason")
        .text(aside->reason)
        .key("detail")
        .text(aside->detail)
        .key("last_seen")
        .time(aside->last_seen)
        .end_object();
}

problem unknown_profile(store::reader& r, std::string_view user_id) {
    r.forgotten.recount();
    if (r.forgotten.has_user(user_id)) {
        return not_found("this person was forgotten at an operator's request: nothing is stored and nothing is sent");
    }
    if (auto const aside = r.catalogue.quarantine_of(store::profile_kind::user, user_id, user_id)) {
        return not_found(words_for_quarantine("profile", *aside));
    }
    return not_found(
        "no profile with this user id is stored: Moesif never showed one, or it is gone and its time is over "
        "(store.history_days); ids are compared exactly, with upper and lower case");
}

void write_pending(json_writer& w, store::reader& r, lens const& l, seen_profile& p) {
    diff::message const* shown = p.account.pending();
    profile::trait_set traits;
    if (shown != nullptr) {
        traits = diff::contents(p.account, *shown, l.steps);
    } else {
        // The parts of one that was split count as one message.
        for (auto const& m : p.account.open) {
            if (m.state != diff::message_state::offered) continue;
            if (shown == nullptr || m.id < shown->id) shown = &m;
            traits = traits | m.traits;
        }
    }
    if (shown == nullptr) {
        w.null();
        return;
    }
    w.begin_object()
        .key("message_id")
        .text(shown->id.text())
        .key("state")
        .text(diff::name_of(shown->state))
        .key("traits")
        .begin_object();
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (!traits.has(trait_at(i))) continue;
        auto const& s = p.account.slots[i];
        auto const& value = shown->is_pending() ? s.wanted : s.in_flight ? *s.in_flight : s.baseline;
        w.key(profile::name_of(trait_at(i))).raw(json_of(r, s, value));
    }
    w.end_object().end_object();
}

void write(json_writer& w, explanation const& e) {
    w.begin_object();
    w.key("trait").text(profile::name_of(e.name));
    w.key("state").text(e.state);
    w.key("policy").text(e.policy);
    w.key("reason").text(e.reason);
    w.key("moesif_value").raw(e.moesif_value);
    w.key("segment_value").raw(e.segment_value);
    w.key("message_id").text_or_null(e.message_id);
    w.key("at").time_or_null(e.at);
    w.end_object();
}

std::vector<explanation> explain_all(store::reader& r, lens const& l, delivery_now const& now, seen_profile& p,
                                     std::optional<store::quarantined> const& aside) {
    std::vector<explanation> all;
    for (std::size_t i = 0; i < trait_count; ++i) all.push_back(explain(r, l, now, p, trait_at(i), aside));
    return all;
}

}  // namespace

void write_profile_head(json_writer& w, store::reader& r, seen_profile const& p) {
    w.key("user_id").text(p.user.user_id);
    w.key("name").raw(json_of(r, p.account[trait::name], p.account[trait::name].wanted));
    w.key("email").raw(json_of(r, p.account[trait::email], p.account[trait::email].wanted));
    w.key("company_id").maybe_text(p.user.company_id);
    w.key("state").text(state_of(p));
    w.key("modified_time").time(p.user.modified);
    w.key("acknowledged_at").time_or_null(acknowledged_at(p.account));
}

outcome<std::string> show_profile(store::reader& r, lens const& l, delivery_now const& now, std::string_view user_id) {
    auto const user = r.profiles.user_by_id(user_id);
    auto p = user ? see(r, user->no) : std::nullopt;
    if (!p) return unknown_profile(r, user_id);
    auto const aside = r.catalogue.quarantine_of(store::profile_kind::user, p->user.doc_id.value_or(""), user_id);
    json_writer w;
    w.begin_object();
    write_profile_head(w, r, *p);
    w.key("read_at").time(p->user.seen_at);
    w.key("gone_at").time(p->user.gone_at);
    w.key("source").raw(stored_document(r, p->source));
    w.key("context").raw("{" + std::string{store::decode_source(p->source.data).context} + "}");
    w.key("traits");
    write_values(w, r, p->account, &diff::slot::wanted, false);
    w.key("acknowledged");
    write_values(w, r, p->account, &diff::slot::acknowledged, true);
    w.key("pending");
    write_pending(w, r, l, *p);
    auto all = explain_all(r, l, now, *p, aside);
    std::ranges::stable_partition(all, [](explanation const& e) { return e.state != "unchanged"; });
    w.key("diff").begin_array();
    for (auto const& e : all) write(w, e);
    w.end_array();
    w.key("messages").begin_array();
    auto const newest = r.catalogue.messages(std::nullopt, p->user.no, 0, newest_messages, newest_messages);
    for (auto const& m : newest.rows) write_message(w, r, l, now, m);
    w.end_array();
    write_quarantined(w, aside && !is_another_document(*aside, p->user) ? &*aside : nullptr);
    w.end_object();
    return w.take();
}

outcome<std::string> explain_profile(store::reader& r, lens const& l, delivery_now const& now, std::string_view user_id,
                                     std::optional<trait> only) {
    auto const user = r.profiles.user_by_id(user_id);
    auto p = user ? see(r, user->no) : std::nullopt;
    if (!p) return unknown_profile(r, user_id);
    auto const aside = r.catalogue.quarantine_of(store::profile_kind::user, p->user.doc_id.value_or(""), user_id);
    json_writer w;
    w.begin_object().key("items").begin_array();
    for (auto const& e : explain_all(r, l, now, *p, aside)) {
        if (!only || e.name == *only) write(w, e);
    }
    w.end_array().end_object();
    return w.take();
}

outcome<std::string> show_company(store::reader& r, std::string_view company_id) {
    auto const c = r.companies.by_id(company_id);
    auto const users = r.profiles.count_of_company(company_id);
    auto const of_document = c ? c->doc_id.value_or("") : std::string{company_id};
    auto const aside = r.catalogue.quarantine_of(store::profile_kind::company, of_document, company_id);
    json_writer w;
    if (!c && users > 0) {
        // Known from its users alone.
        w.begin_object().key("company_id").text(company_id);
        for (auto const* name : {"modified_time", "read_at", "gone_at"}) w.key(name).null();
        w.key("source").raw("{}").key("company").begin_object().key("id").text(company_id).end_object();
        w.key("users").number(users);
        write_quarantined(w, aside ? &*aside : nullptr);
        w.end_object();
        return w.take();
    }
    if (!c) {
        if (aside) return not_found(words_for_quarantine("company", *aside));
        return not_found(
            "Moesif never showed a company with this id; ids are compared exactly, with upper and lower case");
    }
    auto const text = r.companies.value_text(c->value_no);
    w.begin_object();
    w.key("company_id").text(c->company_id);
    w.key("modified_time").time(c->modified);
    w.key("read_at").time(c->seen_at);
    w.key("gone_at").time(c->gone_at);
    w.key("source").raw(c->source.empty() ? "{}" : c->source);
    auto const shown = profile::without_cut_mark(text);
    w.key("company").raw(shown.empty() ? "null" : shown);
    w.key("users").number(users);
    write_quarantined(w, aside && !is_another_document(*aside, *c) ? &*aside : nullptr);
    w.end_object();
    return w.take();
}

}  // namespace traitsync::admin
