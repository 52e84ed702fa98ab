#include "traitsync/store/reader.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "statement.hpp"
#include "traitsync/store/database.hpp"

namespace traitsync::store {
namespace {

// In KiB. The upper levels of the trees; the rest is in the kernel's cache.
constexpr int reader_cache_kib = 4 * 1024;

}  // namespace

result<std::unique_ptr<reader>> reader::open(std::string const& path) {
    try {
        auto db = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY, 5000);
        sqlite3_extended_result_codes(db->getHandle(), 1);
        db->exec("PRAGMA cache_size = -" + std::to_string(reader_cache_kib));
        db->exec("PRAGMA temp_store = 2");
        return std::unique_ptr<reader>{new reader{std::move(db)}};
    } catch (SQLite::Exception const& e) {
        return error_of(e.getErrorCode(), e.what());
    }
}

reader::reader(std::unique_ptr<SQLite::Database> db)
    : db_{std::move(db)},
      meta{*db_},
      profiles{*db_},
      companies{*db_},
      accounts{*db_},
      composer{companies},
      passes{*db_},
      lookups{*db_},
      forgotten{*db_},
      replays{*db_},
      catalogue{*db_},
      activity{*db_} {}
reader::~reader() = default;

void reader::end_reads() { reset_all(*db_); }

reader::snapshot::snapshot(reader& r) : reader_{r} {
    // What another connection wrote meanwhile is not in this one's cache of companies.
    r.companies.forget_cache();
    r.db_->exec("BEGIN");
}

reader::snapshot::~snapshot() {
    // Nothing was written: ending it cannot lose anything.
    sqlite3_exec(reader_.db_->getHandle(), "COMMIT", nullptr, nullptr, nullptr);
}

}  // namespace traitsync::store
