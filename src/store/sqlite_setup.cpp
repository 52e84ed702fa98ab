#include "sqlite_setup.hpp"

#include <sqlite3.h>

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

}  // namespace traitsync::store
