#pragma once
// How much work SQLite had, in hundreds of its virtual machine's instructions: what grows with the rows that are read,
// and with nothing else.

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cstdint>

namespace traitsync::test {

class steps_of_sqlite {
public:
    explicit steps_of_sqlite(SQLite::Database& db) : handle_{db.getHandle()} {
        sqlite3_progress_handler(
            handle_, 100,
            [](void* count) {
                ++*static_cast<std::int64_t*>(count);
                return 0;
            },
            &count_);
    }
    ~steps_of_sqlite() { sqlite3_progress_handler(handle_, 0, nullptr, nullptr); }
    steps_of_sqlite(steps_of_sqlite const&) = delete;
    steps_of_sqlite& operator=(steps_of_sqlite const&) = delete;

    std::int64_t count() const { return count_; }

private:
    sqlite3* handle_;
    std::int64_t count_ = 0;
};

}  // namespace traitsync::test
