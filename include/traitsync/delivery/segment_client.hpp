#pragma once
// The only writer to Segment: POST /v1/batch of the HTTP API
// (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/). Loop thread only.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

#include "traitsync/config/config.hpp"
#include "traitsync/net/https_client.hpp"

namespace traitsync::delivery {

class segment_client {
public:
    // The settings' address must be one that config::load accepts; a /v1 at its end is dropped. `ca_file`: further
    // trust anchors, or empty.
    segment_client(boost::asio::io_context& loop, config::segment_settings const& settings, std::string ca_file);

    // Any HTTP answer is a reply, with the key out of its texts; what it means is delivery/lane's business. Errors are
    // https_client's. `attempt` counts from 1. With gzip the same body gives the same bytes each time. `may_repeat` as
    // in net::request.
    boost::asio::awaitable<result<net::reply>> post_batch(std::shared_ptr<std::string const> body, int attempt,
                                                          std::function<bool()> may_repeat = {});

    // For requests from now on. Only while none is under way.
    void use_key(secret const& write_key);

    // Ends what is under way with `cancelled`.
    void stop();

private:
    bool gzip_;
    net::url base_;
    std::string key_;
    std::string credentials_;  // the key as base64
    net::https_client http_;
};

}  // namespace traitsync::delivery
