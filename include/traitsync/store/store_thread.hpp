#pragma once
// The thread that owns the connection which writes, and the one for those who only look.

#include "traitsync/store/job_thread.hpp"
#include "traitsync/store/reader.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::store {

class store_thread : public job_thread<session> {
public:
    using job_thread::job_thread;
    // For the end: waits for all jobs and marks the store as closed in order. Nothing may follow.
    void close_cleanly();
};

using reader_thread = job_thread<reader>;

}  // namespace traitsync::store
