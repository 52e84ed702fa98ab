#include "traitsync/store/session.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "statement.hpp"

namespace traitsync::store {

session::session(std::unique_ptr<database> db) : session{db->connection(), std::move(db)} {}

session::session(SQLite::Database& connection, std::unique_ptr<database> db)
    : db_{std::move(db)},
      meta{connection},
      profiles{connection},
      companies{connection},
      accounts{connection},
      totals{connection},
      activity{connection},
      outbox{connection, accounts, profiles, companies, totals},
      passes{connection},
      set_aside{connection},
      lookups{connection},
      forgotten{connection},
      replays{connection} {}

session::~session() = default;

void session::end_reads() { reset_all(db_->connection()); }

session::transaction::transaction(session& s) : session_{s}, counts_before_{s.accounts.counts()} {
    if (s.owes_recount_) s.recount();
    session_.db_->connection().exec("BEGIN IMMEDIATE");
}

void session::transaction::commit() {
    session_.db_->connection().exec("COMMIT");
    open_ = false;
}

session::transaction::~transaction() {
    if (!open_) return;
    // SQLite may have rolled back by itself (disk full, I/O error): then there is nothing to do here.
    auto* const handle = session_.db_->connection().getHandle();
    if (sqlite3_get_autocommit(handle) == 0) sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
    session_.accounts.restore_counts(counts_before_);
    session_.companies.forget_cache();
    session_.owes_recount_ = true;
    try {
        session_.recount();
    } catch (std::exception const&) {
        // The store cannot even be read now: the next transaction does not begin before it can.
    }
}

void session::recount() {
    set_aside.recount();
    outbox.recount();
    profiles.recount();
    forgotten.recount();
    lookups.recount();
    owes_recount_ = false;
}

session::numbers session::read_numbers() {
    auto const& counts = accounts.counts();
    return {.users = profiles.live_users(),
            .gone = profiles.gone_users(),
            .companies = companies.live_companies(),
            .quarantined = set_aside.count(),
            .waiting = counts[diff::message_state::waiting],
            .offered = counts[diff::message_state::offered],
            .held = counts[diff::message_state::held],
            .dead = counts[diff::message_state::dead],
            .missing = passes.count_missing(),
            .oldest_created = outbox.oldest_created(),
            .held_since = outbox.oldest_held(),
            .dead_since = outbox.oldest_dead(),
            .history_bytes = outbox.history_bytes(),
            .offered_bytes = outbox.offered_bytes(),
            .replaying = replays.count_open(),
            .totals = totals.read()};
}

}  // namespace traitsync::store
