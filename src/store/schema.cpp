#include "schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "statement.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/embedded/migrations.hpp"
#include "traitsync/store/set_aside.hpp"

namespace traitsync::store {
namespace {

// "TSYN": tells our files from other people's SQLite files.
constexpr std::int64_t application_id = 0x5453594e;

struct migration {
    int version;
    std::string_view sql;
    std::string checksum;
};

std::vector<migration> const& migrations() {
    static auto const all = [] {
        std::vector<migration> list;
        for (auto const& file : embedded::migrations()) {
            list.push_back({std::stoi(std::string{file.name.substr(0, 4)}), file.content, sha256_hex(file.content)});
        }
        std::ranges::sort(list, {}, &migration::version);
        return list;
    }();
    return all;
}

// What 0012 cannot say in SQL.
constexpr int stated_ids = 12;
void fill_stated_ids(SQLite::Database& db) {
    statement all{db, "SELECT no, kind, raw FROM quarantine"};
    statement set{db, "UPDATE quarantine SET stated = ?2 WHERE no = ?1"};
    all.with();
    while (all.step())
        set.with(all.integer(0), stated_id(static_cast<profile_kind>(all.integer(1)), all.text(2))).run();
}

void apply(SQLite::Database& db, migration const& step) {
    SQLite::Transaction tx{db, SQLite::TransactionBehavior::IMMEDIATE};
    if (step.version == 1) {
        db.exec("CREATE TABLE migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT");
        db.exec(fmt::format("PRAGMA application_id = {}", application_id));
    }
    db.exec(std::string{step.sql});
    if (step.version == stated_ids) fill_stated_ids(db);
    db.exec(fmt::format("INSERT INTO migrations VALUES ({}, '{}')", step.version, step.checksum));
    db.exec(fmt::format("PRAGMA user_version = {}", step.version));
    tx.commit();
}

// "table users", in order.
std::vector<std::string> named_things(SQLite::Database& db) {
    statement find{db, "SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"};
    std::vector<std::string> names;
    find.with();
    while (find.step()) names.emplace_back(find.text(0));
    std::ranges::sort(names);
    return names;
}

// What the migrations up to `version` make and the file lacks; empty where it has all. Further things do not matter.
std::string missing_thing(SQLite::Database& db, int version) {
    SQLite::Database made{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    for (auto const& step : migrations()) {
        if (step.version <= version) apply(made, step);
    }
    std::vector<std::string> missing;
    std::ranges::set_difference(named_things(made), named_things(db), std::back_inserter(missing));
    // A table takes its indexes along.
    auto const table = std::ranges::find_if(missing, [](auto const& name) { return name.starts_with("table"); });
    if (table != missing.end()) return *table;
    return missing.empty() ? std::string{} : missing.front();
}

}  // namespace

int newest_schema_version() { return migrations().back().version; }

result<int> our_version(SQLite::Database& db, std::string const& path) {
    // All of it at one moment: another process may be bringing the store up meanwhile.
    SQLite::Transaction const moment{db};
    auto const id = pragma(db, "application_id");
    auto const version = static_cast<int>(pragma(db, "user_version"));
    // Version and id of ours change in one transaction with what is in it.
    auto const foreign = version == 0 ? id != 0 || db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() != 0
                                      : id != application_id;
    if (foreign) return error{fault::storage, path + " is an SQLite file of another program. It was not touched"};
    if (version > newest_schema_version()) {
        return error{fault::conflict,
                     fmt::format("the store {} was written by a newer traitsync: its schema version is {}, this "
                                 "program knows {}. Install the newer program again, or restore a backup made before "
                                 "the upgrade",
                                 path, version, newest_schema_version())};
    }
    if (auto const missing = missing_thing(db, version); !missing.empty()) {
        return error{fault::storage, fmt::format("the store {} is damaged: its {} is missing. It was not touched; stop "
                                                 "traitsync and restore a backup",
                                                 path, missing)};
    }
    return version;
}

result<void> migrate(SQLite::Database& db, int version, std::string const& path) {
    for (auto const& step : migrations()) {
        if (step.version > version) {
            apply(db, step);
            continue;
        }
        auto const recorded =
            db.execAndGet(fmt::format("SELECT checksum FROM migrations WHERE version = {}", step.version)).getString();
        if (recorded != step.checksum) {
            return error{fault::conflict,
                         fmt::format("the store {} was made with another migration {}: it does not belong to this "
                                     "program",
                                     path, step.version)};
        }
    }
    return {};
}

}  // namespace traitsync::store
