// Previews of replays: what was looked at, and the users that it is to go to.
#include "replays_statements.hpp"

namespace traitsync::store {

void replays::put_preview(preview_row const& row, user_set const& users) {
    sql_->put_preview.with(row.token, row.created, row.selector, row.profiles, row.messages, row.bytes).run();
    sql_->put_set(statements::owner_of(std::string_view{row.token}), users);
}

std::optional<preview_row> replays::preview(std::string_view token) {
    auto& s = sql_->preview.with(token);
    if (!s.step()) return std::nullopt;
    preview_row row{.token = std::string{s.text(0)},
                    .created = s.integer(1),
                    .selector = std::string{s.text(2)},
                    .profiles = s.integer(3),
                    .messages = s.integer(4),
                    .bytes = s.integer(5)};
    s.reset();
    return row;
}

user_set replays::preview_users(std::string_view token) {
    user_set users;
    auto const owner = statements::owner_of(token);
    auto& s = sql_->chunks_from.with(owner, 0);
    while (s.step()) users.put_chunk(s.integer(0), std::string{s.text(1)});
    return users;
}

void replays::drop_preview(std::string_view token) {
    sql_->drop_preview.with(token).run();
    sql_->drop_set.with(statements::owner_of(token)).run();
}

std::optional<std::string_view> replays::preview_of(std::string_view set_owner) {
    if (!set_owner.starts_with(statements::preview_prefix)) return std::nullopt;
    return set_owner.substr(statements::preview_prefix.size());
}

std::vector<std::string> replays::previews_that_name(std::string_view user_id) {
    return statements::tokens(sql_->previews_that_name.with(user_id));
}

bool replays::trim_previews(std::int64_t before, int limit) {
    auto const old = statements::tokens(sql_->old_previews.with(before, most_previews, limit));
    for (auto const& token : old) drop_preview(token);
    return static_cast<int>(old.size()) == limit;
}

}  // namespace traitsync::store
