#pragma once
// Company documents, their mapped objects, and which companies' users are still to be compared again.
// Store thread only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/store/named_document.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

struct company_row {
    std::int64_t no = 0;
    std::string company_id;
    std::optional<std::string> doc_id;
    std::string raw;
    std::uint64_t content = 0;
    std::optional<std::int64_t> modified;
    std::optional<std::int64_t> gone_at;
    std::int64_t seen_at = 0;
    std::int64_t rules_no = 0;
    std::int64_t value_no = 0;
    std::string source;
};

// A mapped `company` object. Users' wanted texts refer to it as reference_of(no).
struct company_value {
    std::int64_t no = 0;
    std::int64_t company_no = 0;
    std::uint64_t full = 0;
    std::uint64_t trigger = 0;
    std::int64_t stored_at = 0;
    bool cut = false;  // it lacks what a policy kept out before, until the company is read again
};

struct company_rediff {
    std::int64_t company_no = 0;
    std::int64_t pass = 0;
    std::int64_t after_user_no = 0;
};

class companies {
public:
    explicit companies(SQLite::Database& db);
    ~companies();

    std::optional<company_row> by_id(std::string_view company_id);
    std::optional<company_row> by_document(std::string_view doc_id);
    std::optional<company_row> by_number(std::int64_t no);
    std::int64_t add(company_row const& row);
    void update(company_row const& row);
    // Live documents in byte order; see profiles.
    template <class Visit>
    void each_document(std::string_view after, std::string_view last, Visit&& visit) {
        for (auto id = next_document(after); id && *id <= last; id = next_document(*id)) visit(std::string_view{*id});
    }
    std::vector<std::string> documents_after(std::string_view after, std::size_t limit);
    std::vector<named_document> by_own_id(std::string_view after, std::size_t limit);
    std::optional<std::string> next_document(std::string_view after);

    // Id, content and value of a company, from a bounded cache: read once for each user of a page.
    struct brief {
        std::int64_t no = 0;
        std::optional<std::int64_t> modified;
        bool gone = false;
        company_value value;
    };
    std::optional<brief> find(std::string_view company_id);
    void forget_cache();  // after a rolled back transaction

    std::int64_t add_value(std::int64_t company_no, std::uint64_t full, std::uint64_t trigger, std::string_view text,
                           std::int64_t now);
    std::optional<company_value> value(std::int64_t value_no);
    std::string value_text(std::int64_t value_no);

    void mark_for_rediff(std::int64_t company_no, std::int64_t pass);  // from the first user again
    // Those that are gone from Moesif and lack what a policy kept out: their users' `company` is what they got of them.
    void mark_gone_and_cut_for_rediff();
    std::optional<company_rediff> next_rediff();
    void advance_rediff(company_rediff const& r);
    void finish_rediff(std::int64_t company_no);

    // Companies after `after`, for passes over the store.
    std::optional<std::int64_t> next_after(std::int64_t after);
    std::int64_t live_companies();

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

// A text that refers to a company value: byte 0x02 and the number, behind a cut mark (profile/mapper) where a policy
// took some of that value out. No JSON text begins so.
std::string reference_of(std::int64_t value_no);
std::optional<std::int64_t> referred_value(std::string_view text);

}  // namespace traitsync::store
