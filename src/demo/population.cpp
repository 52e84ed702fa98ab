#include "traitsync/demo/population.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traitsync::demo {

namespace {

constexpr std::uint64_t for_modified = 1000;  // apart from the documents' own purposes
constexpr std::uint64_t for_company_modified = 1001;
constexpr std::uint64_t for_oddity = 1002;
constexpr std::uint64_t for_company_kind = 1003;
constexpr std::int64_t ninety_days = 90LL * 86'400'000;

// splitmix64's finaliser: neighbours in, unrelated numbers out.
std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

constexpr std::array<std::string_view, 9> field_names = {"name",          "email",         "user_name",
                                                         "company_id",    "metadata.plan", "metadata.seats",
                                                         "metadata.note", "campaign",      "clearbit"};

}  // namespace

population::population(population_options options) : options_{options}, random_{mix(options.seed)} {
    users_.resize(options.users);
    companies_.resize(options.companies.value_or((options.users + 9) / 10));
    for (std::size_t i = 0; i < users_.size(); ++i) {
        users_[i].modified = to_millis(options.newest) - static_cast<std::int64_t>(roll(i, for_modified) % ninety_days);
    }
    for (std::size_t i = 0; i < companies_.size(); ++i) {
        companies_[i].modified =
            to_millis(options.newest) - static_cast<std::int64_t>(roll(i, for_company_modified) % ninety_days);
    }
}

std::uint64_t population::roll(std::size_t index, std::uint64_t what, std::uint64_t revision) const {
    return mix(mix(mix(options_.seed ^ (what << 48)) + index) + revision);
}

population::oddity population::oddity_of(std::size_t index) const {
    auto const r = roll(index, for_oddity);
    double const share = static_cast<double>(r >> 11) * 0x1.0p-53;
    if (share >= options_.odd_share) return oddity::none;
    return static_cast<oddity>(1 + (r & 3));
}

population::company_kind population::company_kind_of(std::size_t index) const {
    auto const share = roll(index, for_company_kind) % 10;
    return share < 7 ? company_kind::linked : share < 8 ? company_kind::embedded : company_kind::none;
}

std::string population::user_key(std::size_t index) const { return fmt::format("usr_{:08}", index); }

std::string population::company_key(std::size_t index) const { return fmt::format("cmp_{:07}", index); }

std::string population::user_id(std::size_t index) const {
    if (oddity_of(index) == oddity::numeric_id) return std::to_string(9'000'000'000ULL + index);
    return user_key(index);
}

std::optional<std::int64_t> population::user_modified(std::size_t index) const {
    if (oddity_of(index) == oddity::no_modified_time) return std::nullopt;
    return users_[index].modified;
}

std::int64_t population::company_modified(std::size_t index) const { return companies_[index].modified; }

profile_document population::user(std::size_t index) const {
    profile_document document{user_key(index), {}, user_modified(index)};
    document.source.reserve(1400);
    append_user(index, document.source);
    return document;
}

profile_document population::company(std::size_t index) const {
    profile_document document{company_key(index), {}, company_modified(index)};
    append_company(index, document.source);
    return document;
}

change population::change_user(std::size_t index, change_kind kind, wall_time now) {
    auto& state = users_[index];
    state.modified = std::max(to_millis(now), state.modified + 1);
    ++state.activity;
    if (kind == change_kind::volatile_only) return {kind, "last_seen_time"};
    bool const has_company = company_kind_of(index) != company_kind::none && companies_.size() > 1;
    if (kind == change_kind::removal) {
        std::vector<field> removable = {email, user_name, note};
        if (has_company) removable.push_back(link);
        field const f = removable[random_() % removable.size()];
        state.removed = static_cast<std::uint16_t>(state.removed ^ (1U << f));
        return {kind, field_names[f]};
    }
    // Only what the document carries: a revision of an absent field changes nothing.
    std::vector<field> present = {full_name, plan, seats};
    if (!is_removed(state, email)) present.push_back(email);
    if (has_company && !is_removed(state, link)) present.push_back(link);
    field const f = present[random_() % present.size()];
    std::string before;
    std::string after;
    append_user(index, before);
    do {
        // Another revision may roll the same value again.
        ++state.revision[f];
        after.clear();
        append_user(index, after);
    } while (after == before);
    return {kind, field_names[f]};
}

change population::change_user(std::size_t index, wall_time now) {
    auto const share = random_() % 10;
    change_kind const kind = share < 7   ? change_kind::trait
                             : share < 9 ? change_kind::volatile_only
                                         : change_kind::removal;
    return change_user(index, kind, now);
}

change population::change_company(std::size_t index, wall_time now) {
    auto& state = companies_[index];
    state.modified = std::max(to_millis(now), state.modified + 1);
    ++state.revision;
    return {change_kind::trait, "metadata"};
}

std::size_t population::any_user() { return random_() % std::max<std::size_t>(1, users_.size()); }

std::size_t population::any_company() { return random_() % std::max<std::size_t>(1, companies_.size()); }

generated_documents generated_users(population const& people) {
    return {people.users(), [&people](std::size_t i) { return people.user_key(i); },
            [&people](std::size_t i) { return people.user_modified(i); },
            [&people](std::size_t i, std::string& out) { people.append_user(i, out); }};
}

generated_documents generated_companies(population const& people) {
    return {people.companies(), [&people](std::size_t i) { return people.company_key(i); },
            [&people](std::size_t i) -> std::optional<std::int64_t> { return people.company_modified(i); },
            [&people](std::size_t i, std::string& out) { people.append_company(i, out); }};
}

}  // namespace traitsync::demo
