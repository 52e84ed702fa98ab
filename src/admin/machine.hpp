#pragma once
// What the kernel says of this process and its disk. Private to admin/.

#include <cstdint>
#include <string>

namespace traitsync::admin {

struct process_facts {
    std::int64_t resident_bytes = 0, virtual_bytes = 0;
    double cpu_seconds = 0;
    std::int64_t open_descriptors = 0, most_descriptors = 0;
    double started = 0;  // seconds since 1970
};
std::int64_t resident_bytes();
process_facts read_process_facts();

struct disk_facts {
    std::int64_t store_bytes = 0;  // file and log
    std::int64_t free_bytes = 0;
};
disk_facts read_disk_facts(std::string const& store_path);

}  // namespace traitsync::admin
