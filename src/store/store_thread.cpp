#include "traitsync/store/store_thread.hpp"

#include <SQLiteCpp/Exception.h>

namespace traitsync::store {

error error_of_exception(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (SQLite::Exception const& e) {
        return error_of(e.getErrorCode(), e.what());
    }
}

store_thread::store_thread(std::unique_ptr<session> s) : session_{std::move(s)} {}

store_thread::~store_thread() { finish_jobs(); }

void store_thread::finish_jobs() { pool_.join(); }

void store_thread::close_cleanly() {
    finish_jobs();
    session_->file().close_cleanly();
}

}  // namespace traitsync::store
