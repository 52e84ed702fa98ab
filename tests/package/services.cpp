// A Moesif with some users and a Segment that counts, for a service that runs elsewhere on this machine.
// Usage: services MOESIF_PORT SEGMENT_PORT TOKEN USERS. Each line of standard input makes a line of counts, after
// "change" each user has changed before; the end of the input ends it.

#include <cstdlib>
#include <iostream>
#include <string>

#include "traitsync/core/clock.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace {

void put_users(traitsync::demo::moesif_service& moesif, int users, int round) {
    auto const now = traitsync::to_millis(traitsync::system_clock().wall());
    for (int i = 0; i < users; ++i) {
        auto const id = "user" + std::to_string(1000 + i);
        moesif.put_user(id, "{\"user_id\":\"" + id + "\",\"metadata\":{\"round\":" + std::to_string(round) + "}}",
                        now + i);
    }
}

}  // namespace

int main(int argc, char** argv) {
    using namespace traitsync;
    if (argc != 5) return EXIT_FAILURE;
    demo::moesif_options source;
    source.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    source.token = argv[3];
    source.faults.requests_per_minute = 0;
    demo::moesif_service moesif{source};
    demo::segment_options sink;
    sink.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
    demo::segment_service segment{sink};
    auto const users = std::atoi(argv[4]);
    int round = 1;
    put_users(moesif, users, round);
    std::cout << moesif.url() << ' ' << segment.url() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "change") put_users(moesif, users, ++round);
        auto const counts = segment.counts();
        std::cout << counts.distinct_messages << " messages, " << counts.unchanged_messages << " unchanged, "
                  << counts.violations << " violations" << std::endl;
    }
    return EXIT_SUCCESS;
}
