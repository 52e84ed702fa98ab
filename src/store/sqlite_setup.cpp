#include "sqlite_setup.hpp"

#include <sqlite3.h>

#include <deque>

namespace traitsync::store {

void configure_sqlite() {
    static bool const once = [] {
        ::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        // A name that begins with file: is a file's like any other. Debian's build reads an address there, and a copy
        // went to another file than the one that was then checked and named.
        ::sqlite3_config(SQLITE_CONFIG_URI, 0);
        return true;
    }();
    static_cast<void>(once);
}

void keep_temporary_files_in(std::string const& folder) {
    // A name that was given once may still be read.
    static std::deque<std::string> names;
    if (!names.empty() && names.back() == folder) return;
    names.push_back(folder);
    sqlite3_temp_directory = names.back().data();
}

}  // namespace traitsync::store
