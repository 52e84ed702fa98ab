#include "traitsync/profile/mapper.hpp"

#include <fmt/core.h>

#include "scalars.hpp"
#include "traitsync/core/sha256.hpp"
#include "user_mapping.hpp"
#include "value_hash.hpp"

namespace traitsync::profile {
namespace {

// A document larger than this goes to quarantine unread (product contract, Pull).
constexpr std::size_t most_bytes = 4'000'000;

constexpr std::string_view replacement_character = "\xef\xbf\xbd";

// A plan with the mappings that use it.
struct desk {
    desk(rules::node tree, trait_set riding, warning_counts& warnings)
        : policies{std::move(tree), riding}, user{policies, warnings}, company{policies, warnings} {}
    desk(desk const&) = delete;
    desk& operator=(desk const&) = delete;

    plan policies;
    user_mapping user;
    company_mapping company;
};

bool hides_anything(rules::node const& n) {
    if (n.does == action::drop || n.does == action::hash) return true;
    for (auto const& c : n.children) {
        if (hides_anything(c)) return true;
    }
    return false;
}

// Written in its own words, a text that is not read can still hold what is never kept.
bool names_a_secret(std::string_view raw) {
    return raw.find("session_token") != std::string_view::npos || raw.find("sessionToken") != std::string_view::npos ||
           raw.find("\\u") != std::string_view::npos;
}

}  // namespace

void add_since(warning_counts& sum, warning_counts const& before, warning_counts const& now) {
    using counts = warning_counts;
    for (auto const count : {&counts::wrong_type, &counts::bad_time, &counts::id_mismatch, &counts::duplicate_key,
                             &counts::replaced_character, &counts::number_out_of_range, &counts::large_integer,
                             &counts::removed_nul, &counts::policy_in_array}) {
        sum.*count += now.*count - before.*count;
    }
}

struct mapper::parts {
    explicit parts(rules const& r) : base{r}, here{r.root(), r.riding(), warnings}, hides{hides_anything(r.root())} {}

    rules const& base;
    warning_counts warnings;
    json::document document;
    desk here;
    bool hides;
    // For documents out of our own store, written under other rules.
    std::unique_ptr<desk> stored;
    std::uint64_t stored_fingerprint = 0;

    desk& desk_for(rules const* applied) {
        if (applied == nullptr) return here;
        if (!stored || stored_fingerprint != applied->fingerprint()) {
            auto tree = combine(&base.root(), action::send, &applied->root(), action::send);
            stored = std::make_unique<desk>(std::move(tree), base.riding(), warnings);
            stored_fingerprint = applied->fingerprint();
        }
        return *stored;
    }

    // Parses `source` into `document`; an outcome other than mapped says why it cannot be used.
    // What is stored was taken once, and may have grown since: U+FFFD for a byte is three.
    map_outcome read(std::string_view source, bool is_stored) {
        if (source.size() > most_bytes && !is_stored) {
            return {verdict::quarantine, "too_large",
                    fmt::format("the document has {} bytes; the limit is {}", source.size(), most_bytes)};
        }
        switch (document.parse(source)) {
            case json::parse_fault::too_deep:
                return {verdict::quarantine, "too_deep",
                        fmt::format("the document is nested deeper than {} levels", json::max_depth)};
            case json::parse_fault::syntax:
                return {verdict::quarantine, "bad_json", "the document is not JSON"};
            case json::parse_fault::none:
                break;
        }
        warnings.duplicate_key += static_cast<std::uint32_t>(document.duplicate_keys());
        warnings.replaced_character += static_cast<std::uint32_t>(document.replaced_characters());
        if (!document.root().is_object()) {
            return {verdict::quarantine, "source_not_object", "the document is no object"};
        }
        return {};
    }
};

mapper::mapper(rules const& r) : parts_{std::make_unique<parts>(r)} {}
mapper::~mapper() = default;

warning_counts const& mapper::warnings() const { return parts_->warnings; }

map_outcome mapper::map_user(std::string_view document_key, std::string_view source, mapped_user& out,
                             rules const* applied) {
    auto outcome = parts_->read(source, applied != nullptr);
    if (outcome.what != verdict::mapped) return outcome;
    auto& user = parts_->desk_for(applied).user;
    switch (user.identify(parts_->document.root(), document_key, out.id)) {
        case user_mapping::identity::anonymous:
            return {.what = verdict::anonymous};
        case user_mapping::identity::none:
            return {verdict::quarantine, "missing_id", "none of user_id, identified_user_id and _id holds a usable id"};
        case user_mapping::identity::known:
            break;
    }
    out.id_altered = user.removed_nul_from_id() || (parts_->document.replaced_characters() > 0 &&
                                                    out.id.find(replacement_character) != std::string::npos);
    user.map(parts_->document.root(), out);
    return outcome;
}

map_outcome mapper::map_company(std::string_view document_key, std::string_view source, mapped_company& out,
                                rules const* applied) {
    auto outcome = parts_->read(source, applied != nullptr);
    if (outcome.what != verdict::mapped) return outcome;
    auto& company = parts_->desk_for(applied).company;
    if (!company.find_id(parts_->document.root(), document_key, out.id)) {
        return {verdict::quarantine, "missing_id", "none of company_id, id and _id holds a usable id"};
    }
    company.map(parts_->document.root(), out);
    return outcome;
}

std::string mapper::quarantine_text(std::string_view raw, bool is_user) {
    auto const readable = raw.size() <= 4 * most_bytes && parts_->document.parse(raw) == json::parse_fault::none;
    auto const& root = parts_->document.root();
    // A hit with its document inside, or the document alone.
    auto const* source = readable && root.is_object() ? &root : nullptr;
    auto const* inner = source != nullptr ? root.find("_source") : nullptr;
    if (inner != nullptr) source = inner->is_object() ? inner : nullptr;
    if (source == nullptr) {
        if (!parts_->hides && !names_a_secret(raw)) return std::string{raw};
        return fmt::format("{{\"removed\":\"may hold fields that the policies hide\",\"bytes\":{},\"sha256\":\"{}\"}}",
                           raw.size(), sha256_hex(raw));
    }
    auto const counted = parts_->warnings;
    std::string kept;
    if (is_user) {
        mapped_user user;
        std::array<std::string_view, trait_count> texts;
        parts_->here.user.identify(*source, {}, user.id);
        parts_->here.user.map(*source, user);
        for (std::size_t i = 0; i < trait_count; ++i) texts[i] = user.traits[i].text;
        kept = restore_document(user.rest, texts);
    } else {
        mapped_company company;
        parts_->here.company.find_id(*source, {}, company.id);
        parts_->here.company.map(*source, company);
        kept = std::move(company.stored);
    }
    parts_->warnings = counted;
    if (inner == nullptr) return kept;
    std::string out{"{"};
    for (auto const& m : root.members()) {
        if (out.size() > 1) out.push_back(',');
        json::append_quoted(out, m.key);
        out.push_back(':');
        if (&m.val == inner) {
            out += kept;
        } else {
            json::append(out, m.val);
        }
    }
    return out + "}";
}

mapped_company company_of_id(std::string_view id, rules const& r) {
    warning_counts ignored;
    plan const policies{r.root(), r.riding()};
    company_mapping mapping{policies, ignored};
    mapped_company out;
    out.id = id;
    mapping.map_id_alone(out);
    return out;
}

}  // namespace traitsync::profile
