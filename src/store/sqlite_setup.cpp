#include "sqlite_setup.hpp"

#include <sqlite3.h>

namespace traitsync::store {

void configure_sqlite() {
    static bool const once = [] {
        ::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        return true;
    }();
    static_cast<void>(once);
}

}  // namespace traitsync::store
