#pragma once
// The admin API and the page over HTTP, in the engine's process and loop. Loop thread only. Limits: 16 KiB of
// head within 5 s, 1 MiB of body within 10 s, 256 connections, 32 listeners to events.

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

#include "traitsync/config/load.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/ops/log.hpp"
#include "traitsync/store/store_thread.hpp"

namespace traitsync::admin {

class server {
public:
    // All of them outlive the server; `config` has its admin token set. Destroy the server before the loop.
    server(boost::asio::io_context& loop, engine::engine& e, store::reader_thread& reader, config::loaded const& config,
           ops::log& log, clock const& time, int schema_version);
    ~server();

    // Listens on admin.listen. Errors: conflict (the address is taken), invalid (certificate, address).
    result<void> listen();
    // The tokens in the configuration were replaced: who listens to events under the old ones has to ask again.
    void use_new_tokens();

    // Where the page is: http://127.0.0.1:8737, with the port that was really taken; unix:/path as configured.
    std::string const& address() const;

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace traitsync::admin
