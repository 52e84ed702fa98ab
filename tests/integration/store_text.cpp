#include "store_text.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <vector>

#include "support/temp_dir.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/embedded/migrations.hpp"
#include "traitsync/store/copied.hpp"

namespace traitsync::test {
namespace {

constexpr std::int64_t application_id = 0x5453594e;

std::vector<std::string> texts(SQLite::Database& db, std::string const& query) {
    std::vector<std::string> out;
    SQLite::Statement s{db, query};
    while (s.executeStep()) out.push_back(s.getColumn(0).getString());
    return out;
}

std::vector<std::string> columns(SQLite::Database& db, std::string const& schema, std::string const& table) {
    return texts(db, fmt::format("SELECT name FROM pragma_table_info('{}', '{}') ORDER BY cid", table, schema));
}

std::string joined(std::vector<std::string> const& names, std::string const& before = "",
                   std::string const& after = "") {
    std::string out;
    for (auto const& n : names) out += (out.empty() ? "" : ", ") + before + '"' + n + '"' + after;
    return out;
}

// The form of a version, empty, with `whole` attached beside it.
void make_form(SQLite::Database& db, int version) {
    db.exec("CREATE TABLE migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT");
    for (int v = 1; v <= version; ++v) {
        for (auto const& file : embedded::migrations()) {
            if (std::stoi(std::string{file.name.substr(0, 4)}) != v) continue;
            db.exec(std::string{file.content});
            db.exec(fmt::format("INSERT INTO migrations VALUES ({}, '{}')", v, sha256_hex(file.content)));
        }
    }
}

void copy_rows(SQLite::Database& db, std::string const& table) {
    std::vector<std::string> common;
    auto const there = columns(db, "whole", table);
    for (auto const& name : columns(db, "main", table)) {
        if (std::find(there.begin(), there.end(), name) != there.end()) common.push_back(name);
    }
    if (common.empty() || table == "migrations") return;
    db.exec(fmt::format("DELETE FROM main.\"{0}\"", table));
    db.exec(fmt::format("INSERT INTO main.\"{0}\" ({1}) SELECT {1} FROM whole.\"{0}\"", table, joined(common)));
}

}  // namespace

void text_from_store(std::string const& path, std::filesystem::path const& to, int version) {
    temp_dir folder;
    SQLite::Database db{(folder / "form.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    make_form(db, version);
    db.exec(fmt::format("ATTACH '{}' AS whole", path));
    auto const tables = texts(
        db, "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
    for (auto const& table : tables) copy_rows(db, table);
    if (!db.tableExists("messages")) {
        // A form without a queue was never in the middle of a delivery: who has messages is not in it.
        for (auto const* statement :
             {"DELETE FROM documents WHERE user_no IN (SELECT user_no FROM whole.messages WHERE state IN (0, 1, 3, 4))",
              "DELETE FROM sources WHERE no IN (SELECT user_no FROM whole.messages WHERE state IN (0, 1, 3, 4))",
              "DELETE FROM ledgers WHERE no IN (SELECT user_no FROM whole.messages WHERE state IN (0, 1, 3, 4))",
              "DELETE FROM users WHERE no IN (SELECT user_no FROM whole.messages WHERE state IN (0, 1, 3, 4))"}) {
            db.exec(statement);
        }
    }
    std::ofstream out{to};
    for (auto const& sql : texts(db,
                                 "SELECT sql FROM main.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE "
                                 "'sqlite_%' ORDER BY type DESC, name")) {
        out << sql << ";\n";
    }
    for (auto const& table : tables) {
        auto const names = columns(db, "main", table);
        SQLite::Statement rows{db, fmt::format("SELECT {} FROM main.\"{}\"", joined(names, "quote(", ")"), table)};
        while (rows.executeStep()) {
            std::string values;
            for (int i = 0; i < rows.getColumnCount(); ++i)
                values += (i == 0 ? "" : ",") + rows.getColumn(i).getString();
            out << fmt::format("INSERT INTO {} ({}) VALUES ({});\n", table, joined(names), values);
        }
    }
    out << fmt::format("PRAGMA application_id = {};\nPRAGMA user_version = {};\n", application_id, version);
    BOOST_REQUIRE(out.flush());
}

void store_from_text(std::string const& path, std::filesystem::path const& from) {
    std::ifstream file{from};
    std::string const sql{std::istreambuf_iterator<char>{file}, {}};
    BOOST_REQUIRE(!sql.empty());
    SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    db.exec("PRAGMA page_size = 16384");
    db.exec("PRAGMA auto_vacuum = INCREMENTAL");
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("BEGIN");
    db.exec(sql);
    // As a store that lies where it always lay: the text is no copy of it.
    db.exec(fmt::format("UPDATE meta SET value = '{}' WHERE key = 'file'", store::file_identity(path)));
    db.exec("DELETE FROM meta WHERE key = 'run'");
    db.exec("COMMIT");
}

}  // namespace traitsync::test
