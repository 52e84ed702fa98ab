#pragma once
// What every contender runs in: a source and a receiver in this process, and a folder for its store.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

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

    std::string store() const { return (folder_ / "store.db").string(); }
    std::string log() const { return (folder_ / "log").string(); }
    void remove_store() const;
    std::size_t store_bytes() const;
    // For a child. An empty `segment` is the receiver of this process.
    std::vector<std::string> environment(std::string segment = {}) const;

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
