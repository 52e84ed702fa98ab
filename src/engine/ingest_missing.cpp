// What a full pass did not show: noted, read by its id, and only then gone.
#include <fmt/core.h>

#include <algorithm>

#include "ingest_parts.hpp"
#include "ingest_shown.hpp"
#include "pass_book.hpp"
#include "traitsync/profile/stated_id.hpp"

namespace traitsync::engine {
namespace {

// Noted in one transaction. An index that was just built anew shows none of millions.
constexpr std::size_t missing_chunk = 5000;
// Documents that left the quarantine unseen, with their texts.
constexpr int unseen_chunk = 500;

// An answer of 200 that is not the document which was asked for, an error's text perhaps, says nothing of it. The id
// may be that of the document or, in a flat one, that of the profile.
bool is_answer_of(store::session& s, store::missing_row const& missing, moesif::hit const& hit) {
    auto const is_user = missing.kind == store::profile_kind::user;
    // {"_id": …, "found": false} is no document either.
    auto const own = is_user ? profile::has_own_user_id : profile::has_own_company_id;
    if (has_only_its_id(hit) || (!hit.has_source && !own(hit.source))) return false;
    if (!hit.id.empty()) return hit.id == missing.doc_id;
    auto const stated = is_user ? profile::stated_user_id(hit.source) : profile::stated_company_id(hit.source);
    if (!stated) return false;
    if (*stated == missing.doc_id) return true;
    if (!is_user) {
        auto const company = s.companies.by_document(missing.doc_id);
        if (company) return company->company_id == *stated;
        // One that another document of the same company has kept in quarantine.
        return s.set_aside.duplicate_of(missing.kind, *stated) == missing.doc_id;
    }
    auto const document = s.profiles.document(missing.doc_id);
    auto const user = document ? s.profiles.user(document->user_no) : std::nullopt;
    return user && user->user_id == *stated;
}

}  // namespace

result<std::optional<std::string>> ingest::note_missing(store::session& s, store::pass_row const& pass,
                                                        std::string_view after) {
    store::session::transaction tx{s};
    auto const users = pass.stage == store::pass_stage::users;
    auto const kind = users ? store::profile_kind::user : store::profile_kind::company;
    std::string last{after};
    if (pass.ordered && note_missing_behind(s, pass, last, missing_chunk)) {
        tx.commit();
        return std::optional{std::move(last)};
    }
    auto const more = s.set_aside.drop_unseen(kind, pass.no, unseen_chunk);
    tx.commit();
    return more ? std::optional{std::move(last)} : std::nullopt;
}

// Nobody is nulled under on_delete = "ignore": then only a brake that is closed on the pass itself holds who is there.
bool ingest::parts::holds_found(store::session& s, store::missing_row const& missing) {
    if (!holds_gone(s, missing)) return false;
    if (settings.on_delete == config::on_delete::null) return true;
    auto const pass = s.passes.find(pass_that_holds(s));
    return pass && pass->brake_closed;
}

result<bool> ingest::found(store::session& s, store::missing_row const& missing, std::string_view body,
                           std::int64_t now) {
    TRY_ASSIGN(auto hit, moesif::single_document(body));
    if (!is_answer_of(s, missing, hit)) {
        return error{fault::unavailable,
                     fmt::format("expected the document {}, got one that does not state that id", missing.doc_id)};
    }
    hit.id = missing.doc_id;
    store::session::transaction tx{s};
    if (!s.passes.is_missing(missing)) return false;
    // Whom it displaces is asked for in turn, but not by the answer to that: two that move on and on would be asked for
    // without end.
    store::pass_row none{.started = missing.pass == 0 ? 0 : now};
    // What the brake holds of its pass it holds of this one too.
    if (missing.kind == store::profile_kind::user && parts_->holds_found(s, missing)) {
        none.no = pass_that_holds(s);
        none.counts = false;
        none.brake_closed = true;
    }
    if (missing.kind == store::profile_kind::user) {
        parts_->user_hit(s, none, hit, now);
    } else {
        parts_->company_hit(s, none, hit, now);
    }
    s.passes.remove_missing(missing.kind, missing.doc_id);
    tx.commit();
    return false;
}

result<bool> ingest::gone(store::session& s, store::missing_row const& missing, bool hold, std::int64_t now) {
    bool handed_over = false;
    store::session::transaction tx{s};
    if (!s.passes.is_missing(missing)) return false;
    s.set_aside.drop(missing.kind, missing.doc_id);
    if (missing.kind == store::profile_kind::user) {
        if (auto const document = s.profiles.document(missing.doc_id)) {
            if (auto user = s.profiles.user(document->user_no)) {
                // Of a pass that is over, whose end decided for all of them: nothing is counted any more.
                store::pass_row pass{.no = missing.pass, .counts = false};
                // Nor does a message that waits for the end of the running pass go over to that one: nothing would open
                // its gate then. Only what is held names the pass that is to blame.
                auto const blamed = hold ? std::max(missing.pass, pass_that_holds(s)) : 0;
                handed_over = parts_->retire(s, pass, *user, {.now = now, .pass = blamed, .hold = hold});
                if (!handed_over) s.passes.count_gone(missing.pass);
            }
        }
    } else if (auto company = s.companies.by_document(missing.doc_id)) {
        // Another document of the same id, which only this one kept from the store, is read in its place. One that
        // cannot be used tells at least that the company is there.
        auto other = s.set_aside.duplicate_of(missing.kind, company->company_id);
        auto const unusable = other ? std::nullopt : s.set_aside.any_of(missing.kind, company->company_id);
        if (unusable) {
            company->doc_id = other = unusable;
            company->raw.clear();
            s.companies.update(*company);
        } else {
            parts_->retire_company(s, *company, missing.pass, now);
        }
        handed_over = other.has_value();
        if (other) s.passes.add_missing(missing.kind, *other, missing.pass);
        if (!other) s.passes.count_gone(missing.pass);
    }
    s.passes.remove_missing(missing.kind, missing.doc_id);
    tx.commit();
    return handed_over;
}

}  // namespace traitsync::engine
