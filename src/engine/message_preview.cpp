#include "traitsync/engine/message_preview.hpp"

#include "segment_writer.hpp"

namespace traitsync::engine {

std::optional<std::string> body_now(store::reader& r, store::user_row const& user, store::stored_source const& source,
                                    diff::account const& a, diff::message const& pending, diff::diff_rules const& rules,
                                    profile::rules const* nested_nulls) {
    segment_writer writer;
    auto const [draft, plan, left] =
        r.composer.plan(writer, user.user_id, source.data, a, pending, rules, nested_nulls);
    if (plan.parts.empty()) return std::nullopt;
    std::string body;
    writer.write(body, *draft, plan.parts.front(), pending.id);
    return body;
}

}  // namespace traitsync::engine
