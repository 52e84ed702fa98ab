#pragma once
// What every contender runs in: a source and a receiver in this process, and a folder for its store.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/population.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::bench {

class surroundings {
public:
    surroundings(std::size_t profiles, std::filesystem::path folder);

    std::size_t profiles() const { return people_.users(); }
    std::size_t profile_bytes() const;  // on average
    // Changes a trait of every n-th profile; how many those are.
    std::size_t change(std::size_t every);
    // Throws unless the receiver took exactly so many messages since the last time it was asked.
    void expect(std::string const& stage, std::size_t messages);
    // Until the receiver has taken so many since then; false at the limit.
    bool wait_for(std::size_t messages, std::chrono::milliseconds limit) const;

    std::string store() const { return (folder_ / "store.db").string(); }
    void remove_store() const;
    // With what its log has still to write back.
    std::int64_t store_bytes() const;
    // For a child. An empty `moesif` is the source of this process.
    std::map<std::string, std::string> environment(std::string const& moesif = {}) const;
    static constexpr char const* admin_token = "bench-token-0123456789";

private:
    void show_source();

    std::filesystem::path folder_;
    demo::population people_;
    demo::moesif_service moesif_;
    demo::segment_service segment_;
    std::size_t taken_ = 0;
    std::int64_t clock_ = 0;
};

}  // namespace traitsync::bench
