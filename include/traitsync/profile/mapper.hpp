#pragma once
// From the vendor's document to the traits of the seed table. Pure: no I/O, no clock. One mapper per
// thread; its outputs are reused, so that an unchanged profile costs no allocation.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/profile/rules.hpp"
#include "traitsync/profile/trait.hpp"

namespace traitsync::profile {

// One trait as Moesif and the policies say now.
struct mapped_trait {
    enum class form : std::uint8_t { absent, null, value };
    form state = form::absent;  // null: explicitly null in the document (always counts as removal)
    std::string text;           // value: the JSON text to send, numbers by their source text
    std::uint64_t full = 0;     // value: hash of the canonical form, never 0; else 0
    std::uint64_t trigger = 0;  // the same without riding members; equals `full` where no member rides
};

// The mapped `company` object, from a company document or from one embedded in a user.
struct mapped_company {
    std::string id;
    std::string text;  // empty when policy `never` covers the whole trait
    std::uint64_t full = 0;
    std::uint64_t trigger = 0;
    std::optional<std::int64_t> modified_millis;
    // Compact JSON of the document as it may be stored (policies applied). Under `company = hash` the digest
    // stands in it as the member `company`, in place of the fields that it was made of.
    std::string stored;
    std::uint64_t content = 0;  // see mapped_user::content
};

struct mapped_user {
    std::string id;  // userId
    // U+0000 or a broken character was taken out of the id: another document's may read the same without.
    bool id_altered = false;
    std::optional<std::string> company_id;  // the link, where there is one
    // `embedded` holds more than an id, and no other id than the link. Else `embedded` is unspecified.
    bool has_embedded_company = false;
    mapped_company embedded;
    // All but `company`, which needs the company documents of the store; see resolve_company.
    std::array<mapped_trait, trait_count> traits;
    std::string context;  // members of `context` without braces: "ip":"…","timezone":"…"
    std::string rest;     // the rest of the document, see below
    std::optional<std::int64_t> modified_millis;
    // Hash of everything that is compared or kept except riding values and context: equal content means
    // that only riding traits or context can differ.
    std::uint64_t content = 0;
};

// `rest` is the document as compact JSON (policies applied) in which each member whose value is exactly a
// trait's text is replaced by the two bytes 0x01 and 'A' + trait index, so that nothing is stored twice.
// Raw control characters cannot occur in JSON text, so the mark is unambiguous. This puts them back; a trait
// without a text gives null. Throws damaged_content for a mark that we did not write.
std::string restore_document(std::string_view rest, std::array<std::string_view, trait_count> const& texts);

struct warning_counts {
    std::uint32_t wrong_type = 0, bad_time = 0, id_mismatch = 0, duplicate_key = 0, replaced_character = 0,
                  number_out_of_range = 0, large_integer = 0, removed_nul = 0;
    // An array held objects with a member that a policy names by a path through the array: it stayed as it was.
    std::uint32_t policy_in_array = 0;

    bool operator==(warning_counts const&) const = default;
};

// What came since `before`, added to `sum`.
void add_since(warning_counts& sum, warning_counts const& before, warning_counts const& now);

enum class verdict : std::uint8_t { mapped, anonymous, quarantine };

struct map_outcome {
    verdict what = verdict::mapped;
    std::string_view reason = {};  // quarantine: missing_id, source_not_object, too_deep, too_large, bad_json
    std::string detail = {};       // one line for the operator, without values
};

class mapper {
public:
    explicit mapper(rules const& r);  // keeps a reference
    ~mapper();

    // `document_key` is the hit's `_id` (may be empty), `source` the bytes of its `_source`, or of a flat
    // document. `applied`: the rules under which `source` was stored, for documents out of our own store
    // (what was hashed then is taken as it is, or is lost; see rules::lacking); nullptr for documents from
    // Moesif. `out` is unspecified unless the verdict is mapped.
    map_outcome map_user(std::string_view document_key, std::string_view source, mapped_user& out,
                         rules const* applied = nullptr);
    map_outcome map_company(std::string_view document_key, std::string_view source, mapped_company& out,
                            rules const* applied = nullptr);

    // Raw text as the quarantine may keep it: fields covered by `never` removed and by `hash` hashed; a text
    // that cannot be parsed is kept only when no such policy is in force and it names no session token, else
    // replaced by its size and hash. `raw`: a hit with its `_source`, or a document alone.
    std::string quarantine_text(std::string_view raw, bool is_user);

    warning_counts const& warnings() const;  // since this mapper was made

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// {"id": …} alone: the company of a user whose company document is not known.
mapped_company company_of_id(std::string_view id, rules const& r);

// Hash of a JSON text's canonical form (key order, white space, 1.0 against 1 and \u escapes are no
// difference), under `r` for trait `t`: full and without riding members. For texts that we wrote.
struct text_hashes {
    std::uint64_t full = 0, trigger = 0;
};
text_hashes hashes_of(std::string_view text, trait t, rules const& r);

// `now` with a null for each member that `before` had and `now` has not, at any depth of objects
// (traits.nested_nulls), but for members that `r` hides. Both are texts of trait `t`.
std::string with_nested_nulls(std::string_view now, std::string_view before, trait t, rules const& r);

// Stands where a text, or a member of it, was taken out because of a policy; the hashes beside it stay.
inline constexpr std::string_view not_kept = "\"(not kept)\"";

// A text of which a policy took something out begins with this byte, as no JSON text does: it says which members there
// were, and is never sent, nor shown as if it were the value.
inline constexpr char cut_mark = '\x03';
bool is_cut(std::string_view text);
std::string_view without_cut_mark(std::string_view text);

// What may stay stored of an earlier text of trait `t`: the text itself where `r` hides nothing of it, else with its
// mark: members that are never kept are left out, hashed ones give `not_kept`; all of it does where `r` does not say
// which part is hidden (a trait that may have been read from metadata). An empty text stays empty.
std::string kept_text(std::string_view text, trait t, rules const& r);

}  // namespace traitsync::profile
