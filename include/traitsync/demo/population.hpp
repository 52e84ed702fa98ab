#pragma once
// Plausible API users and their companies, as Moesif would hold them: about 1.2 KB of JSON a user, some without a
// company, some with one embedded, Unicode names, and a few odd documents (a numeric id, camelCase, no modification
// time, nulls and large numbers). A document is a function of the seed, its index and the changes made to it, so a
// million users cost some 30 MB. Not thread-safe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/clock.hpp"
#include "traitsync/demo/moesif_service.hpp"

namespace traitsync::demo {

struct population_options {
    std::uint64_t seed = 1;
    std::size_t users = 1000;
    std::optional<std::size_t> companies = {};          // one for every ten users when absent
    wall_time newest = from_millis(1'777'593'600'000);  // 2026-05-01: modification times lie in the 90 days before
    double odd_share = 0.02;                            // of users
};

struct profile_document {
    std::string id;      // `_id`
    std::string source;  // `_source`
    std::optional<std::int64_t> modified;
};

enum class change_kind : std::uint8_t {
    trait,          // one trait that is sent when it differs
    volatile_only,  // last seen, rollup, browser, address
    removal,        // one trait goes; one that had gone comes back
};

struct change {
    change_kind kind = change_kind::trait;
    std::string_view what;  // the Moesif field that changed, e.g. "metadata.plan"
};

class population {
public:
    explicit population(population_options options = {});

    std::size_t users() const { return users_.size(); }
    std::size_t companies() const { return companies_.size(); }

    // `_id`s grow in byte order with the index.
    std::string user_key(std::size_t index) const;
    std::string company_key(std::size_t index) const;
    std::string user_id(std::size_t index) const;  // what Segment is to call the user; differs for a numeric id

    profile_document user(std::size_t index) const;
    profile_document company(std::size_t index) const;
    void append_user(std::size_t index, std::string& out) const;  // the `_source` text
    void append_company(std::size_t index, std::string& out) const;
    std::optional<std::int64_t> user_modified(std::size_t index) const;
    std::int64_t company_modified(std::size_t index) const;

    // Changes the document and sets its modification time to `now` (later than it was in any case).
    change change_user(std::size_t index, change_kind kind, wall_time now);
    // Seven of ten changes touch a trait, two only what is volatile, one removes or restores.
    change change_user(std::size_t index, wall_time now);
    change change_company(std::size_t index, wall_time now);

    std::size_t any_user();  // a random index; likewise below
    std::size_t any_company();

private:
    enum field : std::uint8_t { full_name, email, user_name, link, plan, seats, note, campaign, clearbit, field_count };
    struct user_state {
        std::int64_t modified = 0;
        std::array<std::uint16_t, field_count> revision{};
        std::uint16_t activity = 0;  // revision of what is volatile
        std::uint16_t removed = 0;   // a bit for each field
    };
    struct company_state {
        std::int64_t modified = 0;
        std::uint16_t revision = 0;
    };
    enum class oddity : std::uint8_t { none, numeric_id, camel_case, no_modified_time, nulls_and_numbers };
    enum class company_kind : std::uint8_t { none, linked, embedded };
    class writer;

    std::uint64_t roll(std::size_t index, std::uint64_t what, std::uint64_t revision = 0) const;
    std::uint64_t roll_of(field f, std::size_t index) const { return roll(index, f, users_[index].revision[f]); }
    oddity oddity_of(std::size_t index) const;
    company_kind company_kind_of(std::size_t index) const;
    bool is_removed(user_state const& state, field f) const { return (state.removed >> f & 1) != 0; }
    void write_identity(writer& out, std::size_t index) const;
    void write_company(writer& out, std::size_t index) const;
    void write_activity(writer& out, std::size_t index) const;
    void write_enrichment(writer& out, std::size_t index) const;
    void write_metadata(writer& out, std::size_t index) const;

    population_options options_;
    std::vector<user_state> users_;
    std::vector<company_state> companies_;
    std::mt19937_64 random_;
};

// For moesif_service::set_generated_users and set_generated_companies. The population must outlive their use and
// must not change while the service serves them.
generated_documents generated_users(population const& people);
generated_documents generated_companies(population const& people);

}  // namespace traitsync::demo
