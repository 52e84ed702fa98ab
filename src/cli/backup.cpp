#include <filesystem>

#include "commands.hpp"
#include "exit.hpp"
#include "traitsync/ops/escape.hpp"
#include "traitsync/store/database.hpp"

namespace traitsync::cli {

int run_backup(backup_arguments const& arguments, console& c) {
    if (arguments.file.empty()) {
        print_failure(c, "the name of the file is empty");
        return exit_usage;
    }
    auto const loaded = load_for(arguments.config, c, config::secrets_needed::none);
    if (!loaded) return exit_usage;
    auto const& path = loaded->values.store.path;
    auto const done = store::database::backup(path, arguments.file);
    if (!done) {
        print_failure(c, done.error().what);
        return exit_of(done.error().kind);
    }
    std::error_code unknown;
    auto const size = std::filesystem::file_size(arguments.file, unknown);
    c.out << "Copied " << ops::plain(path) << " to " << ops::plain(arguments.file) << ", " << (unknown ? 0 : size)
          << " bytes, checked. To restore: stop traitsync, put the copy in the store's place, remove "
          << "its -wal and -shm files, start.\n";
    return exit_done;
}

}  // namespace traitsync::cli
