#pragma once
// What the files of ingest share: the rules, one mapper, and the bookkeeping of a pass. Private to engine/.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "traitsync/engine/ingest.hpp"
#include "traitsync/moesif/page.hpp"
#include "traitsync/profile/stated_id.hpp"

namespace traitsync::engine {

// Whether what happens to a trait while it lives is a reason to send it.
class trigger_watch {
public:
    explicit trigger_watch(diff::slot const& s) : slot_{s}, state_{s.wanted.state}, trigger_{s.wanted.trigger} {}
    bool saw_cause() const {
        return (slot_.wanted.state != state_ || slot_.wanted.trigger != trigger_) && slot_.triggers();
    }

private:
    diff::slot const& slot_;
    diff::known::form state_;
    std::uint64_t trigger_;
};

// Of two documents of one thing, by Moesif's time: strictly newer, and one without a time is older than any with one.
inline bool is_newer(std::optional<std::int64_t> a, std::optional<std::int64_t> b) { return a && (!b || *a > *b); }

// Of a company that a user embeds against the company's own document, which wins where one of them tells no time.
inline bool outdoes(std::optional<std::int64_t> a, std::optional<std::int64_t> b) { return a && b && *a > *b; }

// Where the document is not there, or is empty: Moesif's `_id` alone says nothing of anybody.
inline profile::map_outcome const only_an_id{profile::verdict::quarantine, "source_not_object",
                                             "the document has no _source, or an empty one"};
bool has_only_its_id(moesif::hit const& hit);

// Of a document that is to be read into the store again even where it shows the same: no content has this hash.
inline constexpr std::uint64_t unknown_content = 0;

struct ingest::parts {
    explicit parts(config::trait_settings s);

    config::trait_settings settings;
    profile::rules policies;
    diff::diff_rules steps;
    std::string rules_text;
    std::uint64_t rules_seed;
    profile::mapper mapper;
    std::optional<std::int64_t> rules_no;
    std::map<std::int64_t, std::unique_ptr<profile::rules>> old_rules;

    // Reused from document to document.
    profile::mapped_user user;
    profile::mapped_company company;
    store::accounts::whole_user stored;
    std::string source_bytes;
    std::string packed_rest;

    // A document that is read again and again, unchanged, is told of once: when it is stored.
    profile::warning_counts warnings_before;
    profile::warning_counts odd_values;
    void note_odd_values();

    // What a transaction that did not take effect has left here: its odd values will be seen again.
    class undone_unless_kept {
    public:
        explicit undone_unless_kept(parts& p) : parts_{p}, odd_values_{p.odd_values} {}
        ~undone_unless_kept() {
            if (!kept_) parts_.odd_values = odd_values_;
        }
        undone_unless_kept(undone_unless_kept const&) = delete;
        undone_unless_kept& operator=(undone_unless_kept const&) = delete;
        void keep() { kept_ = true; }

    private:
        parts& parts_;
        profile::warning_counts odd_values_;
        bool kept_ = false;
    };

    // What a change of the policies means for a user that was stored under others.
    struct rules_change {
        profile::trait_set hidden;   // what stands in the store may hold what the present policies hide
        profile::trait_set lacking;  // the store may lack what they want: a full pass brings it
        profile::trait_set borrows;  // of `lacking`: only for want of a member that they may be read from now
        bool lacks_context = false;  // the same of the context
    };

    std::map<std::int64_t, std::optional<rules_change>> changes_since;  // by the number of the old rules

    std::int64_t rules_number(store::session& s);
    profile::rules const& rules_numbered(store::session& s, std::int64_t no);
    std::string raw_hash(std::string_view source) const;

    // The present time and wait bits for a message that this pass causes.
    diff::moment moment_of(store::session& s, store::pass_row& pass, std::int64_t now, bool company_unknown);
    // Counts a user's message for the brake; closes it when the pass changes too much to be believed.
    void save_and_count(store::session& s, store::pass_row& pass, diff::account& a, diff::refreshed const& r);

    // One document may be shown twice in one pass, by a search that lags the second time: the newer one stays. From
    // pass to pass an older time counts, a writer may have set it back. (Copies that follow each other are told apart
    // where the page is read, also where the newer one is what the store has.)
    static bool was_newer_in(store::pass_row const& pass, std::int64_t seen_at, std::optional<std::int64_t> known,
                             std::optional<std::int64_t> shown) {
        return pass.no != 0 && seen_at >= pass.started && is_newer(known, shown);
    }

    // ingest_users.cpp
    void user_hit(store::session& s, store::pass_row& pass, moesif::hit const& hit, std::int64_t now);
    void apply_user(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string raw,
                    std::optional<store::document_row> known, moesif::hit const& hit, std::int64_t now);
    // Brings whom the document tells of into `stored`, where it is not a new user. False where nothing of it is to be
    // applied: only riding values moved, this pass has read a newer copy, or another document is the one that counts.
    bool find_user(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string const& raw,
                   std::optional<store::document_row> const& known, moesif::hit const& hit, std::int64_t now,
                   bool& is_new);
    // What `user` says, into the account, and the message that it causes.
    diff::refreshed queue_changes(store::session& s, store::pass_row& pass, diff::account& a,
                                  rules_change const& change, std::int64_t now);
    // The message of what the account wants; on a first pass that adopts, none.
    diff::refreshed refresh_or_adopt(store::session& s, store::pass_row const& pass, diff::account& a,
                                     diff::moment const& m);
    // What is stored of the user's document no longer tells what it says: the next reading maps it, whatever its bytes.
    void map_anew(store::session& s, store::user_row const& user);
    // Of a forgotten person's document nothing is kept but whose it is.
    void leave_forgotten(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string_view user_id,
                         std::optional<store::document_row> const& known, std::int64_t now);
    bool only_riding_changed(store::session& s, diff::account& a, store::document_row const& known,
                             std::string_view doc_id, std::string const& raw, std::int64_t now);
    bool company_takes_turns(store::session& s, store::user_row const& before);
    // Nothing where `company` is to stay at Segment as it is; see object_for.
    std::optional<profile::mapped_trait> company_trait(store::session& s, diff::account const& a, bool& unknown);
    // True when a trait that causes messages is to be sent because of it. `from_store`: `user` is what the store had,
    // so that what it lacks is not gone from Moesif.
    bool want_all(store::session& s, diff::account& a, bool& company_unknown, rules_change const& change,
                  bool from_store);
    // What `user` and the account say, into source_bytes, and what the user is found by, where it was `before`.
    void encode_source(store::session& s, diff::account const& a, store::lookup_keys const& before);
    // True where another document of the user takes the place of the present one; then the user stays.
    bool retire(store::session& s, store::pass_row& pass, store::user_row& user, diff::moment const& m);
    void quarantine(store::session& s, store::pass_row& pass, store::profile_kind kind, std::string_view doc_id,
                    std::string_view reason, std::string_view detail, std::string_view raw, std::int64_t now,
                    std::optional<std::string> stated = {});
    // A whole trait that rides differs and waits for its time: the document must be looked at when it is read next.
    void look_again(store::session& s, diff::account& a, store::user_row const& row);

    // ingest_missing.cpp
    bool holds_found(store::session& s, store::missing_row const& missing);

    // ingest_duplicates.cpp
    // True where `user` takes the place of what `holder` was read from; where not, its document is in quarantine.
    bool displace(store::session& s, store::pass_row& pass, store::user_row const& holder, std::string_view doc_id,
                  moesif::hit const& hit, std::int64_t now);
    // True where another document of the user takes the place of the present one, which is gone or cannot be used.
    bool hand_over(store::session& s, store::pass_row const& pass, store::user_row& user, bool is_gone);
    std::string stored_document(store::session& s, std::int64_t user_no);

    // ingest_companies.cpp
    void company_hit(store::session& s, store::pass_row& pass, moesif::hit const& hit, std::int64_t now);
    void apply_company(store::session& s, store::pass_row& pass, std::string_view doc_id, std::string raw,
                       moesif::hit const& hit, std::int64_t now);
    // The company is gone, or lives on under another id. Its users keep its last object; who came to it while that
    // lacked something gets it now.
    void hand_over(store::session& s, store::pass_row const& pass, store::company_row& row);
    void retire_company(store::session& s, store::company_row& row, std::int64_t pass, std::int64_t now);
    // A user embeds a newer object than the company's document is: once the document's time moves, whatever else of it
    // does, that user is compared again.
    void note_rival(store::session& s, std::int64_t company_no);
    void compare_user_with_company(store::session& s, store::pass_row& pass, store::company_row const& company,
                                   store::company_value const& value, std::int64_t user_no, std::int64_t now);
    // Compares up to `most` users of the company, and returns how many there were.
    int compare_some_users(store::session& s, store::pass_row& pass, store::company_rediff rediff, int most,
                           std::int64_t now);
    // A company's stored object, as this user gets it. Nothing where it lacks what a policy kept out: the company's
    // document brings the whole one. Of a company that is gone nobody will: who has its last object keeps that, who
    // does not gets what there is.
    std::optional<profile::mapped_trait> object_for(store::session& s, diff::account const& a,
                                                    std::string_view company_id, bool gone,
                                                    store::company_value const& value);

    // ingest_rules.cpp
    // All that decides what a stored profile means for the diff, as one text: another one starts a re-diff.
    static std::string compared_under(config::trait_settings const& settings, profile::rules const& policies);
    rules_change change_since(store::session& s, std::int64_t old_rules_no);
    // Takes what is hidden now out of the texts in the ledger.
    void hide_texts(diff::account& a, profile::trait_set hidden);
    // What rode under the old policies may be compared now, or the other way: in the value sent before too. True where
    // a trait is to be sent because of it.
    bool compare_earlier_values(store::session& s, diff::account& a);
    bool apply_rules_to_user(store::session& s, store::pass_row& pass, std::int64_t no, std::int64_t now);
    void apply_rules_to_company(store::session& s, store::pass_row& pass, std::int64_t no, std::int64_t now);
};

}  // namespace traitsync::engine
