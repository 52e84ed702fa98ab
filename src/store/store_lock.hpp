#pragma once
// The file beside the store: it keeps a second process out, and remembers that there was a store, so that one which
// lost all its bytes is not taken for one that was never made, and in which run the store was last, so that an older
// copy in its very place is told from it. Private to store/.

#include <string>
#include <vector>

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
    void remember_store();
    // The names of runs that note_runs() left last; none where the file is new.
    std::vector<std::string> const& runs() const { return memory_.runs; }
    // On the disk when it returns. While the lock is held, and behind remember_store().
    result<void> note_runs(std::string const& store, std::vector<std::string> runs);

    struct memory {
        bool store = false;
        std::vector<std::string> runs;
    };

private:
    int descriptor_ = -1;
    memory memory_;
};

bool is_locked(std::string const& store);
// Whether the file beside it says that there was a store.
bool remembers_store(std::string const& store);

// An absent store can be made, and an empty file too: a crash while one is made leaves it. But not where the file
// beside it remembers a store, or a log is left of it: then it was cut off, and to begin anew would send every profile
// again.
result<void> check_not_lost(std::string const& store);

}  // namespace traitsync::store
