#pragma once
// Everything a job on the store may use, and its transactions. One session a process; store thread only.

#include <memory>
#include <optional>

#include "traitsync/store/accounts.hpp"
#include "traitsync/store/activity.hpp"
#include "traitsync/store/companies.hpp"
#include "traitsync/store/database.hpp"
#include "traitsync/store/forgotten.hpp"
#include "traitsync/store/lookups.hpp"
#include "traitsync/store/meta.hpp"
#include "traitsync/store/outbox.hpp"
#include "traitsync/store/passes.hpp"
#include "traitsync/store/profiles.hpp"
#include "traitsync/store/replays.hpp"
#include "traitsync/store/set_aside.hpp"
#include "traitsync/store/totals.hpp"

namespace traitsync::store {

class session {
public:
    explicit session(std::unique_ptr<database> db);
    ~session();

    database& file() { return *db_; }
    // Behind a job that threw: a statement left within its rows would keep this connection at the store of that moment.
    void end_reads();

private:
    std::unique_ptr<database> db_;  // first: its statements below go before it

public:
    store::meta meta;
    store::profiles profiles;
    store::companies companies;
    store::accounts accounts;
    store::totals totals;
    store::activity activity;
    store::outbox outbox;
    store::passes passes;
    store::set_aside set_aside;
    store::lookups lookups;
    store::forgotten forgotten;
    store::replays replays;

    // Everything between its making and commit() takes effect together or not at all; the counts kept in
    // memory follow.
    class transaction {
    public:
        explicit transaction(session& s);
        ~transaction();
        transaction(transaction const&) = delete;
        transaction& operator=(transaction const&) = delete;
        void commit();

    private:
        session& session_;
        message_counts counts_before_;
        bool open_ = true;
    };

    // Read-only numbers for status. Cheap: counters in memory and look-ups by index.
    struct numbers {
        std::int64_t users = 0, gone = 0, companies = 0, quarantined = 0;
        std::int64_t waiting = 0, offered = 0, held = 0, dead = 0;
        std::int64_t missing = 0;
        std::optional<std::int64_t> oldest_created;
        std::optional<std::int64_t> held_since, dead_since;  // the oldest of them
        std::int64_t history_bytes = 0;
        std::int64_t offered_bytes = 0;  // of frozen messages without an answer
        std::int64_t replaying = 0;      // messages that carry a replay's claim
        total_values totals{};
    };
    numbers read_numbers();

private:
    session(SQLite::Database& connection, std::unique_ptr<database> db);
    void recount();  // what is counted in memory, after a rolled back transaction

    bool owes_recount_ = false;
};

}  // namespace traitsync::store
