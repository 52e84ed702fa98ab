// Copies of a store, and whether one is sound: on connections of their own, while another process may write.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "soundness.hpp"
#include "sqlite_setup.hpp"
#include "statement.hpp"
#include "traitsync/store/database.hpp"

namespace traitsync::store {

result<void> database::backup(std::string const& path, std::string const& to) {
    configure_sqlite();
    std::error_code code;
    if (std::filesystem::exists(to, code))
        return error{fault::conflict, to + " exists already: a backup does not overwrite"};
    if (!std::filesystem::exists(path, code)) return error{fault::storage, "there is no store at " + path};
    TRY(check_header(path));
    auto const partial = to + ".partial";
    std::filesystem::remove(partial, code);
    auto const old_mask = ::umask(0077);
    struct restore_mask {
        mode_t mask;
        ~restore_mask() { ::umask(mask); }
    } const guard{old_mask};
    try {
        {
            SQLite::Database db{path, SQLite::OPEN_READONLY, 30'000};
            statement copy{db, "VACUUM INTO ?"};
            copy.with(partial).run();
        }
        auto const descriptor = ::open(partial.c_str(), O_RDONLY | O_CLOEXEC);
        auto const synced = descriptor >= 0 && ::fsync(descriptor) == 0;
        if (descriptor >= 0) ::close(descriptor);
        if (!synced) return error{fault::storage, fmt::format("cannot write {}: {}", partial, std::strerror(errno))};
    } catch (SQLite::Exception const& e) {
        std::filesystem::remove(partial, code);
        auto failure = error_of(e.getErrorCode(), e.what());
        failure.what = fmt::format("the copy failed: {}", failure.what);
        return failure;
    }
    TRY_ASSIGN(auto const damage, quick_check(partial));
    if (!damage.empty()) return error{fault::storage, fmt::format("the copy {} is damaged: {}", partial, damage)};
    std::filesystem::rename(partial, to, code);
    if (code) return error{fault::storage, fmt::format("cannot name the copy {}: {}", to, code.message())};
    return {};
}

result<std::string> database::quick_check(std::string const& path) {
    try {
        SQLite::Database db{path, SQLite::OPEN_READONLY, 5000};
        statement check{db, "PRAGMA quick_check(5)"};
        std::string words;
        while (check.with().step()) {
            auto const line = check.text(0);
            if (line == "ok") return std::string{};
            words = std::string{line};
            break;
        }
        return words;
    } catch (SQLite::Exception const& e) {
        return error_of(e.getErrorCode(), e.what());
    }
}

}  // namespace traitsync::store
