#pragma once
// The body of POST /v1/replays: whom a replay reaches, and what is done with it. Private to admin/.

#include <optional>
#include <string>

#include "exchange.hpp"
#include "traitsync/engine/replay_survey.hpp"

namespace traitsync::admin {

struct replay_order {
    engine::replay_selector which;
    bool has_selector = false;
    bool dry_run = false;
    std::optional<std::string> preview_token;
};

outcome<replay_order> order_of(std::string const& body);

}  // namespace traitsync::admin
