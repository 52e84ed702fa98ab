#pragma once
// A thread that owns a session of the store. Jobs run one after the other in the order they were asked for; a
// slow disk holds up jobs, never the loop. The one place where exceptions of SQLite and of damaged content become
// errors.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "traitsync/core/error.hpp"

namespace traitsync::store {

// Turns what a job threw into an error. Anything but SQLite's exceptions and damaged_content is a bug and is thrown on.
error error_of_exception(std::exception_ptr thrown);

template <class Session>
class job_thread {
public:
    explicit job_thread(std::unique_ptr<Session> s) : session_{std::move(s)} {}
    ~job_thread() { finish_jobs(); }  // waits for jobs that were asked for
    job_thread(job_thread const&) = delete;
    job_thread& operator=(job_thread const&) = delete;

    // Runs `job(Session&)`, which returns result<T>, on the thread and resumes the caller on its own
    // executor. Name the job before passing it: a lambda written inside the awaited expression is destroyed twice by
    // g++ 12 (docs/decisions.md).
    template <class Job>
    boost::asio::awaitable<std::invoke_result_t<Job&, Session&>> run(Job job) {
        using answer = std::invoke_result_t<Job&, Session&>;
        auto const executor = co_await boost::asio::this_coro::executor;
        auto shared = std::make_shared<Job>(std::move(job));
        auto initiate = [this, executor, shared](auto handler) {
            auto keep = std::make_shared<decltype(handler)>(std::move(handler));
            boost::asio::post(
                pool_, [this, executor, shared, keep, work = boost::asio::make_work_guard(executor)]() mutable {
                    std::exception_ptr bug;
                    auto outcome = std::make_shared<answer>(call(*shared, bug));
                    boost::asio::post(executor, [keep, outcome, bug]() mutable { (*keep)(bug, std::move(*outcome)); });
                });
        };
        auto finished =
            boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(std::exception_ptr, answer)>(
                std::move(initiate), boost::asio::use_awaitable);
        auto outcome = co_await std::move(finished);
        co_return outcome;
    }

    // For the start, before the first job: on the caller's thread.
    Session& owner() { return *session_; }
    // Waits for the jobs that were asked for; none may follow. Call before the loop that awaits them is destroyed: a
    // job holds its executor until it has ended.
    void finish_jobs() { pool_.join(); }

private:
    template <class Job>
    std::invoke_result_t<Job&, Session&> call(Job& job, std::exception_ptr& bug) {
        try {
            return job(*session_);
        } catch (...) {
            auto const thrown = std::current_exception();
            session_->end_reads();
            try {
                return error_of_exception(thrown);
            } catch (...) {
                bug = thrown;
                return error{fault::cancelled, "a bug"};
            }
        }
    }

    std::unique_ptr<Session> session_;
    boost::asio::thread_pool pool_{1};
};

}  // namespace traitsync::store
