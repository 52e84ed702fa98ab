#pragma once
// What POST /v1/replays asks for: read from a body, and told again as it is shown and kept. Private to admin/.

#include <optional>
#include <string>

#include "exchange.hpp"
#include "traitsync/engine/replay_survey.hpp"

namespace traitsync::admin {

struct replay_order {
    engine::replay_selector which;
    bool has_selector = false;
    bool limits_traits = false;
    bool dry_run = false;
    std::optional<std::string> preview_token;
};

// Of a body; or what is wrong with it, field by field.
outcome<replay_order> order_of(std::string const& body);

// As it is shown and kept: what was asked for, without dry_run and token.
std::string selector_json(engine::replay_selector const& s);

}  // namespace traitsync::admin
