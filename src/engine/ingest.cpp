#include "traitsync/engine/ingest.hpp"

#define XXH_INLINE_ALL
#include <fmt/core.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "ingest_parts.hpp"
#include "ingest_shown.hpp"
#include "pass_book.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/stated_id.hpp"
#include "traitsync/store/clear_text.hpp"

namespace traitsync::engine {
namespace {

// Of an empty `_source`, and of a hit that has nothing but what a search says of a document.
constexpr std::size_t longest_empty = 32;
constexpr std::size_t longest_bare = 4096;

// Users of one company, compared in one transaction: some milliseconds.
constexpr int chunk = 500;

// Documents read with a page, by its hits: those between them are gone, seldom many.
constexpr std::size_t most_ahead = 2;

// The sort value of a missing date in Elasticsearch (Long.MAX_VALUE) is no time.
constexpr std::int64_t no_time = std::int64_t{1} << 62;

// The first element of a hit's sort array as milliseconds, for passes sorted by modified_time.
std::optional<std::int64_t> sort_millis(std::string_view sort) {
    auto const at = sort.find_first_not_of("[ \t\r\n");
    if (at == std::string_view::npos) return std::nullopt;
    std::int64_t value = 0;
    auto const [end, failed] = std::from_chars(sort.data() + at, sort.data() + sort.size(), value);
    if (failed != std::errc{} || value >= no_time) return std::nullopt;
    return value;
}

// What lies behind a cursor that went back is never read: hits must come in the order of their times, from where the
// last page ended. Hits without a time prove nothing.
bool goes_backwards(std::string_view cursor, std::vector<moesif::hit> const& hits) {
    auto before = sort_millis(cursor);
    for (auto const& hit : hits) {
        auto const at = sort_millis(hit.sort);
        if (before && at && *at < *before) return true;
        if (at) before = at;
    }
    return false;
}

// The same document twice in a row: the later one counts where it is not older (Moesif may answer while it changes).
bool is_older_copy(moesif::hit const& hit, moesif::hit const& before, bool users) {
    if (hit.id.empty() || hit.id != before.id) return false;
    auto const modified = users ? profile::stated_user_modified : profile::stated_company_modified;
    return is_newer(modified(before.source), modified(hit.source));
}

error same_page_again() {
    return {fault::invalid, "Moesif answered the same page again: it ignores the cursor (search_after)"};
}

// Why a page cannot be the pass's next one, by what can be told before anything of it is read.
std::optional<error> refusal_of(moesif::page const& page, store::pass_row const& pass) {
    if (page.timed_out) {
        error late{fault::unavailable, fmt::format("Moesif's search for {} timed out on its side and may be incomplete",
                                                   pass.stage == store::pass_stage::users ? "users" : "companies")};
        late.unfinished = true;
        return late;
    }
    if (page.hits.empty()) return std::nullopt;
    if (!pass.search_after.empty() && page.hits.back().sort == pass.search_after) return same_page_again();
    if (pass.kind != store::pass_kind::full && goes_backwards(pass.search_after, page.hits)) {
        return error{fault::invalid, "Moesif's pages went backwards in time: the cursor cannot be trusted"};
    }
    return std::nullopt;
}

// Where the next page begins.
std::string cursor_behind(moesif::hit const& last, bool full, bool users, bool by_own_id) {
    if (!last.sort.empty()) return std::string{last.sort};
    // Moesif's own example has hits without `sort`: the cursor is made from the document.
    std::string cursor = "[";
    if (!full) {
        // From the text: what was forgotten, or lies in quarantine, is not stored.
        auto const stated = users ? profile::stated_user_modified : profile::stated_company_modified;
        auto const modified = stated(last.source);
        cursor += (modified ? std::to_string(*modified) : "null") + ",";
    }
    auto const own = !by_own_id ? std::nullopt
                     : users    ? profile::stated_user_id(last.source)
                                : profile::stated_company_id(last.source);
    json::append_quoted(cursor, own.value_or(std::string{last.id}));
    return cursor + "]";
}

void count_read(store::session& s, store::pass_row& pass, std::size_t hits, bool users) {
    auto const read = static_cast<std::int64_t>(hits);
    ++pass.pages;
    pass.read += read;
    s.totals.add(store::total::pages_read, 1);
    s.totals.add(store::total::profiles_read, read);
    s.totals.add(store::total::traits_compared, users ? read * static_cast<std::int64_t>(profile::trait_count) : read);
}

void keep_largest(std::optional<std::int64_t>& largest, std::optional<std::int64_t> value) {
    if (value && (!largest || *value > *largest)) largest = value;
}

}  // namespace

ingest::parts::parts(config::trait_settings s)
    : settings{std::move(s)},
      policies{settings},
      steps{diff::diff_rules_of(settings, policies)},
      rules_text{compared_under(settings, policies)},
      rules_seed{XXH3_64bits(rules_text.data(), rules_text.size())},
      mapper{policies} {}

std::int64_t ingest::parts::rules_number(store::session&) {
    if (!rules_no) throw broken_invariant{"ingest was used before prepare()"};
    return *rules_no;
}

profile::rules const& ingest::parts::rules_numbered(store::session& s, std::int64_t no) {
    auto& found = old_rules[no];
    if (!found) found = std::make_unique<profile::rules>(profile::rules::parse(s.meta.rules_text(no)));
    return *found;
}

std::string ingest::parts::raw_hash(std::string_view source) const {
    auto const hash = XXH3_128bits_withSeed(source.data(), source.size(), rules_seed);
    std::string bytes(sizeof hash, '\0');
    std::memcpy(bytes.data(), &hash, sizeof hash);
    return bytes;
}

std::optional<std::int64_t> ingest::brake_limit(config::trait_settings const& settings, std::int64_t live_users) {
    if (settings.brake_percent == 0 || settings.brake_min == 0) return std::nullopt;
    auto const limit = std::max<std::int64_t>(settings.brake_min, live_users * settings.brake_percent / 100);
    if (live_users <= limit) return std::nullopt;
    return limit;
}

bool has_only_its_id(moesif::hit const& hit) {
    // Each document comes by here: longer ones hold something.
    if (hit.source.size() > (hit.has_source ? longest_empty : longest_bare)) return false;
    json::document document;
    if (document.parse(hit.source) != json::parse_fault::none || !document.root().is_object()) return false;
    constexpr std::array<std::string_view, 7> of_the_search{"_id",      "_index", "_type", "_score",
                                                            "_version", "sort",   "found"};
    return std::ranges::all_of(document.root().members(), [&](json::member const& m) {
        return !hit.has_source && std::ranges::find(of_the_search, m.key) != of_the_search.end();
    });
}

diff::moment ingest::parts::moment_of(store::session& s, store::pass_row& pass, std::int64_t now,
                                      bool company_unknown) {
    diff::moment m{.now = now, .pass = pass.no};
    if (pass.no == 0) return m;
    if (company_unknown) m.wait |= diff::wait_company;
    if (!pass.brake_closed && !brake_limit(settings, s.profiles.live_users())) return m;
    m.hold = pass.brake_closed && !is_released(s, pass.no);
    // At most brake_min messages of a pass leave before it is known that the brake stays open.
    if (std::max(pass.counted, pass.caused) >= settings.brake_min && !pass.brake_closed) m.wait |= diff::wait_gate;
    return m;
}

void ingest::parts::save_and_count(store::session& s, store::pass_row& pass, diff::account& a,
                                   diff::refreshed const& r) {
    auto const is_first = pass.first_sync && !diff::was_told_before(a, pass.started);
    auto const causes = r.queued && r.caused && pass.no != 0 && pass.counts && !is_first;
    auto const counts = causes && a.counted_pass != pass.no;
    if (counts) {
        a.counted_pass = pass.no;
        a.changed = true;
    }
    s.accounts.save(a);
    if (r.queued) ++pass.queued;
    if (causes) ++pass.caused;
    if (!counts) return;
    ++pass.counted;
    for (std::size_t i = 0; i < profile::trait_count; ++i) {
        auto const& slot = a.slots[i];
        if (slot.wanted.state == diff::known::form::null && slot.triggers()) ++pass.nulls[i];
    }
    auto const limit = brake_limit(settings, s.profiles.live_users());
    if (!limit || pass.brake_closed) return;
    if (pass.counted <= *limit && *std::ranges::max_element(pass.nulls) <= *limit) return;
    pass.brake_closed = true;
    // What may already leave is held in this transaction; the rest waits at the gate and follows.
    s.outbox.hold_pass(pass.no, static_cast<std::size_t>(settings.brake_min) * 2);
}

ingest::ingest(config::trait_settings settings) : parts_{std::make_unique<parts>(std::move(settings))} {}
ingest::~ingest() = default;

profile::rules const& ingest::rules() const { return parts_->policies; }
diff::diff_rules const& ingest::diff_rules() const { return parts_->steps; }
config::trait_settings const& ingest::settings() const { return parts_->settings; }
profile::rules const* ingest::nested_nulls() const {
    return parts_->settings.nested_nulls ? &parts_->policies : nullptr;
}
profile::warning_counts ingest::take_odd_values() { return std::exchange(parts_->odd_values, {}); }

void ingest::parts::note_odd_values() { profile::add_since(odd_values, warnings_before, mapper.warnings()); }

result<ingest::page_result> ingest::page(store::session& s, store::pass_row& pass, moesif::page const& page,
                                         std::int64_t now) {
    if (auto const refusal = refusal_of(page, pass)) return *refusal;
    page_result out{.hits = page.hits.size()};
    if (page.hits.empty()) return out;
    auto const& last = page.hits.back();
    auto const users = pass.stage == store::pass_stage::users;
    auto const kind = users ? store::profile_kind::user : store::profile_kind::company;
    auto const full = pass.kind == store::pass_kind::full;
    std::optional<shown_documents> shown;
    if (full) shown.emplace(page, pass);
    auto const shows = shown && !shown->empty();
    auto next = pass;
    // Who sorts by the profile's own id may do so by other rules than we: then nobody is found to be gone.
    auto const goes_back = pass.fallback_key && shows && shown->first() < next.last_key;
    if (goes_back || (shows && !shown->is_sorted())) next.ordered = false;
    {
        parts::undone_unless_kept memory{*parts_};
        store::session::transaction tx{s};
        store::accounts::together rows{s.accounts};
        std::optional<store::profiles::read_ahead> documents;
        if (users && shows && next.ordered && !pass.fallback_key)
            documents.emplace(s.profiles, next.last_key, shown->last(), page.hits.size() * most_ahead);
        auto& newest = users ? next.newest_users : next.newest_companies;
        auto const some_missing = s.passes.any_missing(kind);
        moesif::hit const* before = nullptr;
        for (auto const& hit : page.hits) {
            if (before != nullptr && is_older_copy(hit, *before, users)) continue;
            before = &hit;
            // It is there: whatever a question about it by its id is answered now, is older.
            if (some_missing && !hit.id.empty()) s.passes.remove_missing(kind, hit.id);
            if (!full) keep_largest(newest, sort_millis(hit.sort));
            if (users) {
                parts_->user_hit(s, next, hit, now);
            } else {
                parts_->company_hit(s, next, hit, now);
            }
        }
        rows.end();
        if (shows && next.ordered) {
            if (shown->last() < next.last_key) {
                return error{fault::invalid, "Moesif's pages went backwards: the cursor cannot be trusted"};
            }
            shown->note_missing_between(s, next);
        }
        next.search_after = cursor_behind(last, full, users, pass.fallback_key);
        if (next.search_after == pass.search_after) return same_page_again();
        next.unnamed_cursor = users && s.forgotten.has_document(last.id);
        count_read(s, next, page.hits.size(), users);
        s.passes.save(next);
        tx.commit();
        memory.keep();
    }
    if (!full) out.reaches = sort_millis(next.search_after);
    out.brake_closed_now = next.brake_closed && !pass.brake_closed;
    pass = std::move(next);
    return out;
}

result<bool> ingest::compare_company_users(store::session& s, store::pass_row& pass, std::int64_t now) {
    auto rediff = s.companies.next_rediff();
    if (!rediff) return false;
    auto next = pass;
    store::session::transaction tx{s};
    // Each company would walk over all new users otherwise.
    s.profiles.enter_members();
    store::accounts::together rows{s.accounts};
    // Small companies share a transaction, whose sync is dearer than they are.
    int left = chunk;
    for (int companies = 0; rediff && left > 0 && companies < chunk; ++companies) {
        left -= parts_->compare_some_users(s, next, *rediff, left, now);
        rediff = s.companies.next_rediff();
    }
    rows.end();
    s.passes.save(next);
    tx.commit();
    pass = std::move(next);
    return rediff.has_value();
}

}  // namespace traitsync::engine
