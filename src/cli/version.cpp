#include "commands.hpp"
#include "exit.hpp"

namespace traitsync::cli {

int run_version(console& c) {
    c.out << "traitsync " TRAITSYNC_VERSION "\n";
    return exit_done;
}

}  // namespace traitsync::cli
