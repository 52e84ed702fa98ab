#include "remembered.hpp"

#include "push_loop.hpp"

namespace traitsync::engine {
namespace {

// An older version stored 1 in the place of the time.
std::optional<wall_time> paused_since(store::session& s, char const* key, std::int64_t now) {
    auto const since = s.meta.integer(key);
    if (!since || *since == 0) return std::nullopt;
    return from_millis(*since == 1 ? now : *since);
}

}  // namespace

remembered remember(store::session& s, std::int64_t now) {
    remembered r;
    r.numbers = s.read_numbers();
    r.pull_paused = paused_since(s, "pull_paused", now);
    r.deliver_paused = paused_since(s, "deliver_paused", now);
    r.last_pass = s.passes.last_good();
    for (auto const kind : {store::pass_kind::full, store::pass_kind::incremental, store::pass_kind::rediff}) {
        r.last_ends[static_cast<std::size_t>(kind)] = s.passes.last_end(kind);
    }
    r.failing = s.passes.failing();
    r.last_read = s.meta.integer("read_up_to");
    r.last_acknowledged = s.outbox.last_acknowledged();
    r.refused_in_a_row = s.meta.integer(push_loop::refused_key).value_or(0);
    return r;
}

}  // namespace traitsync::engine
