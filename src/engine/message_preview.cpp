#include "traitsync/engine/message_preview.hpp"

#include "segment_writer.hpp"

namespace traitsync::engine {

std::optional<std::string> body_now(store::reader& r, store::user_row const& user, store::stored_source const& source,
                                    diff::account const& a, diff::message const& pending, diff::diff_rules const& rules,
                                    profile::rules const* nested_nulls) {
    auto const& draft = r.composer.compose(user.user_id, source.data, a, pending, rules, nested_nulls);
    segment_writer writer;
    auto const plan = store::going_of(writer, draft, a, pending, rules).plan;
    if (plan.parts.empty()) return std::nullopt;
    std::string body;
    writer.write(body, draft, plan.parts.front(), pending.id);
    return body;
}

}  // namespace traitsync::engine
