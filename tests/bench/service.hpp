#pragma once
// `traitsync run` as a child, driven through its API and its log as an operator would.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "measure.hpp"
#include "support/api_client.hpp"
#include "support/process.hpp"
#include "surroundings.hpp"

namespace traitsync::bench {

class service {
public:
    // Returns when it listens.
    service(std::string const& binary, std::map<std::string, std::string> environment);

    test::api_client const& api() const { return api_; }
    std::uint64_t peak_bytes() const { return process_.peak_resident_bytes(); }
    stopwatch since_start() const { return {process_, started_}; }
    stopwatch from_now() const { return stopwatch{process_}; }
    // From the start to its first word that it is ready; to be asked directly behind the start.
    double seconds_to_ready() const;

    std::int64_t newest_pass() const;  // its number; waits until there is one
    std::int64_t ask_full_pass() const;
    void pause(std::string const& scope) const;
    void resume(std::string const& scope) const;

    // Waits until the pass has ended; nothing is asked of the service meanwhile. Throws when it failed.
    void await_pass(std::int64_t number);
    // Waits until the receiver has taken so many messages more than at its last count and nothing is left to send.
    void await_delivery(surroundings const& around, std::size_t messages);
    void replay_all(surroundings const& around);

    void stop();  // throws where it does not end cleanly
    void kill() { process_.kill(); }

private:
    void order(std::string const& path, std::string const& scope) const;
    bool has_none(char const* state) const;
    [[noreturn]] void fail(std::string const& what) const;

    std::chrono::steady_clock::time_point started_;
    test::process process_;
    test::api_client api_;
};

}  // namespace traitsync::bench
