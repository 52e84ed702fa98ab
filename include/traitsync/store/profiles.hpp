#pragma once
// What Moesif says of each user: rows, live documents, stored sources. Store thread only; throws
// SQLite::Exception, which job_thread turns into an error.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/store/codec.hpp"
#include "traitsync/store/named_document.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

struct user_row {
    std::int64_t no = 0;
    std::string user_id;
    std::optional<std::string> doc_id;  // none: gone from Moesif, or taken over by another id
    std::optional<std::string> company_id;
    std::optional<std::int64_t> modified;           // milliseconds, as Moesif stated it in the stored source
    std::optional<std::int64_t> embedded_modified;  // of the company embedded there; 0: without a time of its own
    std::optional<std::int64_t> gone_at;
    std::int64_t seen_at = 0;  // when the stored source was read
};

struct document_row {
    std::int64_t user_no = 0;
    std::string raw;  // hash of source bytes and rules (16 bytes); empty: map it when it is read
    std::uint64_t content = 0;
    // What the stored document lacks because of policies of before, until it is read; then `raw` is empty.
    profile::trait_set lacking = {};
};

struct stored_source {
    std::int64_t rules_no = 0;
    std::string data;  // decode_source
};

class profiles {
public:
    explicit profiles(SQLite::Database& db);
    ~profiles();

    std::optional<document_row> document(std::string_view doc_id);
    // While it lives, within one transaction: the documents with after < id <= last, at most `limit`, are read with one
    // statement, and document() and each_document() answer from them what nothing has changed since.
    class read_ahead {
    public:
        read_ahead(profiles& of, std::string_view after, std::string_view last, std::size_t limit);
        ~read_ahead();
        read_ahead(read_ahead const&) = delete;
        read_ahead& operator=(read_ahead const&) = delete;

    private:
        profiles& of_;
    };
    // `is_known`: it is there most probably, and only changes.
    void put_document(std::string_view doc_id, document_row const& row, bool is_known = false);
    void set_raw(std::string_view doc_id, std::string_view raw);
    // The document is mapped when it is read next, whatever its bytes are. What it lacks stays noted.
    void look_again(std::string_view doc_id);
    void remove_document(std::string_view doc_id);
    // Live documents with after < id <= last, in byte order.
    void each_document(std::string_view after, std::string_view last,
                       std::function<void(std::string_view doc_id)> const& visit);
    // Live documents behind `after`, in byte order.
    std::vector<std::string> documents_after(std::string_view after, std::size_t limit);
    // The same in byte order of whose they are, behind that one.
    std::vector<named_document> by_own_id(std::string_view after, std::size_t limit);

    std::optional<user_row> user(std::int64_t no);
    std::optional<user_row> user_by_id(std::string_view user_id);
    // What a row says of the source, put_source writes.
    std::int64_t add(user_row const& row);                     // the new number
    void update(user_row const& row, user_row const& before);  // `before` as it is stored
    // A user's number and company; what else carries the number is the caller's.
    void remove_user(user_row const& row);
    // Enters new users among their companies' members. Until then their own rows tell, which takes longer to ask.
    void enter_members();

    std::optional<stored_source> source(std::int64_t no);
    // With modified, embedded_modified and seen_at of `of`. `is_known`: there is one most probably, and it changes.
    void put_source(user_row const& of, std::int64_t rules_no, std::string_view data, bool is_known);

    // Numbers of users after `after`, at most `limit`; of a company's users where it is given.
    std::vector<std::int64_t> users_after(std::int64_t after, int limit);
    std::vector<std::int64_t> users_of_company(std::string_view company_id, std::int64_t after, int limit);
    std::int64_t count_of_company(std::string_view company_id);

    std::int64_t live_users();
    std::int64_t gone_users();
    void recount();  // after a rolled back transaction

private:
    struct statements;
    std::unique_ptr<statements> sql_;

    void enter_members(std::int64_t to);
};

}  // namespace traitsync::store
