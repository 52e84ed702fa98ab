#pragma once
// The file beside the store: it keeps a second process out, and remembers that there was a store, so that one which
// lost all its bytes is not taken for one that was never made. Private to store/.

#include <string>

#include "traitsync/core/error.hpp"

namespace traitsync::store {

// Advisory: freed by the kernel whatever way the process ends.
class store_lock {
public:
    store_lock() = default;
    ~store_lock();
    store_lock(store_lock const&) = delete;
    store_lock& operator=(store_lock const&) = delete;

    // Errors: conflict (another process holds it: its pid is named), storage.
    result<void> take(std::string const& store);
    // From now on there is a store. While the lock is held.
    void remember_store() const;

private:
    int descriptor_ = -1;
};

bool is_locked(std::string const& store);

// An absent store can be made, and an empty file too: a crash while one is made leaves it. But not where the file
// beside it remembers a store, or a log is left of it: then it was cut off, and to begin anew would send every profile
// again.
result<void> check_not_lost(std::string const& store);

}  // namespace traitsync::store
