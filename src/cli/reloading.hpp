#pragma once
// SIGHUP: secrets and the log's level are read anew and put in place; nothing is closed or opened, and other settings
// wait for the next start. All or nothing: what cannot be read leaves everything as it is. Loop thread only.

#include <boost/asio/signal_set.hpp>

#include <functional>

#include "service_manager.hpp"
#include "traitsync/admin/server.hpp"
#include "traitsync/config/load.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/ops/log.hpp"

namespace traitsync::cli {

class reloading {
public:
    // All of them outlive it; `server` may be null. `config` is what is in force, with the admin token set.
    reloading(config::loaded& config, engine::engine& e, admin::server* server, ops::log& log, service_manager& manager,
              std::function<config::load_result()> load);

    // For every signal of the set.
    void watch(boost::asio::signal_set& signals);

private:
    void reload();
    bool adopt(config::loaded& fresh);

    config::loaded& config_;
    engine::engine& engine_;
    admin::server* server_;
    ops::log& log_;
    service_manager& manager_;
    std::function<config::load_result()> load_;
};

}  // namespace traitsync::cli
