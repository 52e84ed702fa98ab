#pragma once
// The full structural check of a store, on a connection of its own, which another thread may break off.

#include <atomic>
#include <memory>
#include <string>

#include "traitsync/core/error.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

class checking {
public:
    // Opens the store; where that fails run() says why.
    explicit checking(std::string const& path);
    ~checking();  // after run() has returned

    // Once, on any thread, for as long as reading the whole file takes: empty when sound, else SQLite's words; fault
    // `cancelled` where it was broken off.
    result<std::string> run();

    // Any thread, while run() is at work or before. SQLite hears it only within a statement, and one may be about to
    // begin: said again until run() has returned.
    void break_off();

private:
    std::unique_ptr<SQLite::Database> db_;
    result<void> opened_;
    std::atomic<bool> broken_off_ = false;
};

}  // namespace traitsync::store
