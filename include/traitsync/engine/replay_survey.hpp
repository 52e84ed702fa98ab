#pragma once
// Whom a replay would reach and what it would send, found out a step at a time on the reading connection so
// that other questions are answered between. What is counted is composed as delivery would compose it; of a replay of
// everybody that nobody has to look at first, only the first thousands are, and the rest is reckoned from those.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "traitsync/diff/life.hpp"
#include "traitsync/store/reader.hpp"
#include "traitsync/store/user_set.hpp"

namespace traitsync::engine {

// Combined by AND; at least one of the first five is given.
struct replay_selector {
    std::vector<std::string> user_ids;
    std::optional<std::string> company_id;
    std::optional<std::int64_t> modified_since;
    std::optional<std::pair<std::int64_t, std::int64_t>> acknowledged_between;
    bool all = false;
    profile::trait_set traits = profile::trait_set::all();

    // Every trait of every profile: who is reached needs no look at what is stored of them.
    bool is_everything() const;
};

// How a survey counts: a preview is exact. `reckoned` may stop composing once enough was seen to tell the rest: then
// every present profile behind is one of the set, and messages and bytes are in proportion to those that were composed.
enum class counting : std::uint8_t { exact, reckoned };

class replay_survey {
public:
    static constexpr std::size_t sample_size = 5;

    // `now`: the moment that the simulated messages are made.
    replay_survey(replay_selector which, counting how, diff::diff_rules rules, profile::rules const* nested_nulls,
                  std::int64_t now);

    // Some hundred profiles; true while more remain. A snapshot must be open.
    bool step(store::reader& r);

    store::user_set const& users() const { return users_; }
    std::int64_t profiles() const { return profiles_; }
    std::int64_t messages() const { return messages_; }
    std::int64_t bytes() const { return bytes_; }
    // Exact bodies but for messageId and timestamp, which are null.
    std::vector<std::string> const& sample() const { return sample_; }

private:
    bool composed_enough() const;
    bool reckon(store::reader& r);
    std::vector<std::int64_t> next_users(store::reader& r);
    void look_at(store::reader& r, store::accounts::whole_user& seen);

    replay_selector which_;
    counting how_;
    diff::diff_rules rules_;
    profile::rules const* nested_nulls_;
    std::int64_t now_;
    std::int64_t after_ = 0;
    std::size_t next_id_ = 0;
    store::user_set users_;
    std::int64_t profiles_ = 0, messages_ = 0, bytes_ = 0;
    struct {
        std::int64_t profiles = 0, messages = 0, bytes = 0;
    } composed_;  // of these, once the rest is reckoned
    std::vector<std::string> sample_;
    std::vector<store::accounts::whole_user> seen_;  // its room is used again
    std::string body_;
};

}  // namespace traitsync::engine
