#pragma once
// Loads and saves diff::account: a user's ledger and open messages. All steps of diff/life on a stored user
// go through here, so the counts by state and the replay marks have one owner. Store thread only; throws
// SQLite::Exception.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/diff/account.hpp"
#include "traitsync/store/codec.hpp"
#include "traitsync/store/profiles.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

class statement;

// Messages by state. Kept in memory, read once at the start.
struct message_counts {
    std::array<std::int64_t, 8> by_state{};
    std::int64_t& operator[](diff::message_state s) { return by_state[static_cast<std::size_t>(s)]; }
    std::int64_t operator[](diff::message_state s) const { return by_state[static_cast<std::size_t>(s)]; }
};

// An offer that its message's row tells alone.
struct row_offer {
    std::int64_t row = 0;
    profile::trait_set traits;
    std::string_view body;
};

struct acknowledged_alone {
    std::int64_t traits = 0;           // how many those that are done carried
    std::vector<std::int64_t> others;  // rows whose users need the steps of diff/life
};

class accounts {
public:
    explicit accounts(SQLite::Database& db);
    ~accounts();

    // Ledger and open messages; wanted texts are the caller's (set_wanted_texts). An unknown number gives an
    // empty account.
    diff::account load(std::int64_t user_no, std::string_view user_id, bool gone);
    diff::account load(std::int64_t user_no);  // the same, the user's id and absence read with it
    // Of the users between these numbers, with one statement: how many were read, and up to which number; those behind
    // it are left for another call where these are large. What stands behind them in `users` is of an earlier call,
    // whose room is used again.
    struct range_read {
        std::size_t count = 0;
        std::int64_t through = 0;
    };
    struct known_user {
        diff::account account;
        std::optional<earlier_ledger> earlier;
    };
    range_read load_known(std::int64_t first_no, std::int64_t last_no, std::vector<known_user>& users);
    // The same with all that is stored of the user, read at once. False: no such user.
    struct whole_user : known_user {
        user_row user;
        bool has_source = false;
        stored_source source;
    };
    bool load_whole(std::int64_t user_no, whole_user& into);
    range_read load_whole(std::int64_t first_no, std::int64_t last_no, std::vector<whole_user>& users);
    // What a new user gets: no look-ups.
    static void start(diff::account& a, std::int64_t user_no, std::string_view user_id);

    // Users whose waiting messages may be offered, in the queue's order after a row, at most `limit`: what load() gives
    // and the user's stored source, with one statement for all. Returns how many; what stands behind them in `users` is
    // of an earlier call, whose room is used again.
    struct ready_user {
        std::int64_t row = 0;  // of the message
        diff::account account;
        std::string user_id;
        std::string source;
        std::optional<earlier_ledger> earlier;
    };
    std::size_t ready(std::int64_t after_row, std::size_t limit, std::vector<ready_user>& users);
    bool any_ready(std::int64_t after_row);

    // Writes what changed and counts it; rows of new messages are set.
    void save(diff::account& a);
    // While one lives, in an open transaction, rows of new messages are written some at a time. All of accounts sees
    // them at once; who asks the store for messages by another way calls write_new() before. end() writes the last;
    // without it the transaction must not be committed.
    class together {
    public:
        explicit together(accounts& a);
        together(together const&) = delete;
        together& operator=(together const&) = delete;
        ~together();
        void end();

    private:
        accounts& accounts_;
    };
    void write_new();
    // Whether the offer of the waiting message, whole and as the only thing that happens, may stand in its row alone.
    static bool row_tells_offer(diff::account const& a);
    // Whether, besides, the row is stored, nothing else of the user is open and its claims stay as they are: such
    // offers of many users are written together, in the order of their rows, without their accounts. The bodies are
    // stored with them; gives what those take (outbox::history_bytes).
    static bool only_row_changes(diff::account const& a, diff::message const& pending, profile::trait_set offered);
    std::int64_t offer_rows(std::span<row_offer const> offers, std::int64_t now);

    // Acknowledges offered messages by their rows alone, where nothing else of the user is open: load() reads the
    // answers from there. Consecutive numbers, as batches are, go together.
    acknowledged_alone acknowledge_alone(std::span<std::int64_t const> rows, std::int64_t now);
    // Writes into the ledgers of these users what stands in rows alone. Before acknowledged rows are removed.
    void keep_answers(std::vector<std::int64_t> users);

    std::optional<std::int64_t> user_of_message(std::int64_t row);
    std::optional<std::int64_t> row_of_message(message_id const& id);

    // Gives what it takes, as above.
    std::int64_t put_body(std::int64_t row, std::string_view body);
    std::optional<std::string> body(std::int64_t row);

    message_counts const& counts() const;
    void restore_counts(message_counts const& before);  // after a rolled back transaction
    std::int64_t count_state(diff::message_state s);    // from the table, for tests and the start

private:
    struct statements;
    std::unique_ptr<statements> sql_;

    template <class Place, class Take>
    range_read read_users(statement& s, int no_column, std::int64_t last_no, Place place, Take take);
    template <class Place>
    range_read read_known(std::int64_t first_no, std::int64_t last_no, Place place);
    template <class Place>
    range_read read_whole(std::int64_t first_no, std::int64_t last_no, Place place);
    static std::optional<earlier_ledger> begin_user(diff::account& a, std::int64_t user_no, statement& s);
    void finish(diff::account& a, std::optional<earlier_ledger> const& earlier);
    void read_earlier(diff::account& a, earlier_ledger const& earlier);
    void read_named(diff::account& a, earlier_ledger const& earlier);
    void read_marks(diff::message& m);
    void save_marks(diff::message& m, bool ended, std::int64_t claim);
    void write_ledger(diff::account& a);
    void end_claims(std::int64_t first_row, std::int64_t last_row);
};

// Puts the wanted texts of a stored source into the account's slots, for steps that need old texts.
void set_wanted_texts(diff::account& a, std::string_view source_data);

}  // namespace traitsync::store
