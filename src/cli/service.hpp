#pragma once
// The engine as a process: store, loop, signals, and the words at the end. Used by run and demo.

#include <functional>

#include "console.hpp"
#include "traitsync/config/load.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/ops/log.hpp"

namespace traitsync::cli {

struct service_hooks {
    // Called on the loop every `every` with the engine's state, e.g. to draw progress.
    std::function<void(engine::status const&)> tick;
    std::chrono::milliseconds every = std::chrono::milliseconds{200};
    // Called when the API is served: its address, and the token that opens it.
    std::function<void(std::string const& address, std::string const& token)> serving;
    // Where to listen instead when the address is in use by another program; without it that is a failure.
    std::function<std::string()> elsewhere;
    // Loads the configuration anew at SIGHUP; without it the signal stops in order, as the others do (where nobody
    // had it ignored).
    std::function<config::load_result()> reload;
    // Called once the engine has ended, before the last words.
    std::function<void()> ended;
    // Called before a second signal ends the process at once: no destructor runs.
    std::function<void()> abandoned;
};

// Runs until a signal (SIGINT, SIGTERM; a second one exits at once), or until the work is done with `once`. Returns the
// exit code; what kept it from starting or finishing is printed. The API is served unless `once`.
int run_service(config::loaded config, engine::engine_options options, ops::log& log, console& c, service_hooks hooks);

// The log that the settings ask for, with every secret of theirs hidden.
std::unique_ptr<ops::log> make_log(config::settings const& settings);

}  // namespace traitsync::cli
