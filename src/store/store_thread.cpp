#include "traitsync/store/store_thread.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace traitsync::store {

error error_of_exception(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (SQLite::Exception const& e) {
        return error_of(e.getErrorCode(), e.what());
    } catch (damaged_content const& e) {
        return error_of(SQLITE_CORRUPT, e.what());
    }
}

void store_thread::close_cleanly() {
    finish_jobs();
    owner().file().close_cleanly();
}

}  // namespace traitsync::store
