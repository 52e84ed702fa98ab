#include "ingest_shown.hpp"

#include <algorithm>

#include "traitsync/profile/stated_id.hpp"

namespace traitsync::engine {
namespace {

constexpr std::size_t own_ids_at_once = 1000;

store::profile_kind kind_of(store::pass_row const& pass) {
    return pass.stage == store::pass_stage::users ? store::profile_kind::user : store::profile_kind::company;
}

std::vector<store::named_document> by_own_id(store::session& s, store::profile_kind kind, std::string_view after,
                                             std::size_t most) {
    return kind == store::profile_kind::user ? s.profiles.by_own_id(after, most) : s.companies.by_own_id(after, most);
}

}  // namespace

shown_documents::shown_documents(moesif::page const& page, store::pass_row const& pass) {
    auto const stated =
        kind_of(pass) == store::profile_kind::user ? profile::stated_user_id : profile::stated_company_id;
    for (auto const& hit : page.hits) {
        if (!pass.fallback_key) {
            if (!hit.id.empty()) all_.push_back({hit.id, hit.id});
        } else if (auto own = stated(hit.raw)) {
            // One that states none goes by its `_id`, where Moesif has it behind all others: the order is lost then,
            // and nobody is taken for missing.
            all_.push_back({own_ids_.emplace_back(std::move(*own)), hit.id});
        }
    }
}

bool shown_documents::is_sorted() const { return std::ranges::is_sorted(all_, {}, &one::key); }

bool shown_documents::has(std::size_t& at, std::string_view key, std::string_view doc_id) const {
    while (at < all_.size() && all_[at].key < key) ++at;
    // Two documents may state one id.
    for (auto i = at; i < all_.size() && all_[i].key == key; ++i) {
        if (all_[i].doc_id == doc_id || all_[i].doc_id.empty()) return true;
    }
    return false;
}

// The gone ones show by merging the page with the store.
void shown_documents::note_missing_between(store::session& s, store::pass_row& pass) const {
    auto const kind = kind_of(pass);
    std::size_t at = 0;
    auto const merge = [&](std::string_view key, std::string_view doc_id) {
        if (!has(at, key, doc_id)) s.passes.add_missing(kind, doc_id, pass.no);
    };
    auto const merge_document = [&](std::string_view id) { merge(id, id); };
    if (pass.fallback_key) {
        auto after = pass.last_key;
        for (bool more = true; more;) {
            auto const some = by_own_id(s, kind, after, own_ids_at_once);
            more = some.size() == own_ids_at_once && some.back().own_id <= last();
            for (auto const& d : some) {
                if (d.own_id <= last()) merge(d.own_id, d.doc_id);
            }
            if (more) after = some.back().own_id;
        }
    } else if (kind == store::profile_kind::user) {
        s.profiles.each_document(pass.last_key, last(), merge_document);
    } else {
        s.companies.each_document(pass.last_key, last(), merge_document);
    }
    pass.last_key = std::string{last()};
}

bool note_missing_behind(store::session& s, store::pass_row const& pass, std::string& after, std::size_t most) {
    auto const kind = kind_of(pass);
    std::vector<store::named_document> some;
    if (pass.fallback_key) {
        some = by_own_id(s, kind, after, most);
    } else {
        auto ids = kind == store::profile_kind::user ? s.profiles.documents_after(after, most)
                                                     : s.companies.documents_after(after, most);
        for (auto const& id : ids) some.push_back({.own_id = id, .doc_id = id});
    }
    for (auto const& d : some) s.passes.add_missing(kind, d.doc_id, pass.no);
    if (!some.empty()) after = some.back().own_id;
    return some.size() == most;
}

}  // namespace traitsync::engine
