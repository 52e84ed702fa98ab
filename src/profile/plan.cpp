#include "plan.hpp"

namespace traitsync::profile {
namespace {

using node = rules::node;

node leaf(action a) {
    node n;
    n.does = a;
    n.plain = a == action::send;
    return n;
}

// What stands for paths without a node.
node const& leaf_that(action a) {
    static std::array<node, 5> const leaves{leaf(action::send), leaf(action::ride), leaf(action::drop),
                                            leaf(action::hash), leaf(action::as_is)};
    return leaves[static_cast<std::size_t>(a)];
}

node const& below(node const& parent, std::string_view key) {
    auto const* found = parent.child(key);
    if (found != nullptr) return *found;
    // Below a hash everything is there to be covered by it.
    auto const hashed = parent.does == action::hash || parent.does == action::as_is;
    return leaf_that(hashed ? action::send : parent.does);
}

context_plan context_of(node const& root) {
    auto const& context = below(root, "context");
    auto const sends = [](node const& n) { return n.does != action::drop; };
    auto const& location = below(context, "location");
    return {.ip = sends(below(context, "ip")),
            .city = sends(below(location, "city")),
            .country = sends(below(location, "country")),
            .region = sends(below(location, "region")),
            .latitude = sends(below(location, "latitude")),
            .longitude = sends(below(location, "longitude")),
            .timezone = sends(below(context, "timezone")),
            .user_agent = sends(below(context, "userAgent")),
            .place = sends(location)};
}

}  // namespace

plan::plan(rules::node root, trait_set rides) : tree{std::move(root)}, riding{rides} {
    for (std::size_t i = 0; i < trait_count; ++i) traits[i] = &below(tree, name_of(trait_at(i)));
    auto const& object = at(trait::company);
    for (std::size_t i = 0; i < company.size(); ++i) company[i] = &below(object, company_member_names[i]);
    auto const& metadata = at(trait::metadata);
    for (std::size_t i = 0; i < borrow.size(); ++i) borrow[i] = profile::may_borrow(&metadata, borrowed_names[i]);
    context = context_of(tree);
}

}  // namespace traitsync::profile
