#pragma once
// What arrived at the built-in Segment and what it thereby holds: the checker of a sender's promises (one id one
// content, order of each user, one message of a user at a time). Bounded by a number of messages.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "batch_rules.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::demo {

// What became of a request that was read.
enum class outcome : std::uint8_t {
    accepted,       // taken and answered
    accepted_mute,  // taken, the answer lost
    not_taken,      // answered with something that is tried again, or not at all
    refused,        // 400 or 413 for its content
};

class arrival_record {
public:
    arrival_record(std::size_t max_messages, bool answers_before_next, bool keep_bodies)
        : max_messages_{max_messages}, answers_before_next_{answers_before_next}, keep_bodies_{keep_bodies} {}

    void take(std::vector<batch_message> const& batch, outcome what);
    void keep_bodies(bool on) { keep_bodies_ = on; }  // of messages that come from now on

    std::size_t distinct() const { return distinct_; }
    std::size_t repeats() const { return repeats_; }
    std::size_t unchanged() const { return unchanged_; }
    bool overflowed() const { return overflowed_; }
    std::size_t violation_count() const { return violation_count_; }
    std::vector<std::string> const& violations() const { return violations_; }

    std::optional<std::map<std::string, std::string>> state_of(std::string_view user_id) const;
    std::vector<std::string> user_ids() const;
    std::vector<message_arrival> messages_of(std::string_view user_id) const;

private:
    struct user;
    struct message {
        std::string id;
        std::uint64_t content = 0;  // hash of the element's bytes
        user const* owner = nullptr;
        std::uint32_t attempts = 0;
        std::uint32_t accepted = 0;
        std::string body = {};
    };
    struct user {
        std::map<std::string, std::string> traits;
        std::vector<message const*> messages;  // by first arrival
        message const* newest = nullptr;       // the largest accepted id
        message const* unanswered = nullptr;   // came and was not answered for good
        std::uint64_t last_batch = 0;          // the number of the batch it was last seen in
    };

    void arrive(batch_message const& m, outcome what, bool alone);
    message* message_of(batch_message const& m, user& owner);
    void check_order(batch_message const& m, message const& present, user const& owner);
    void merge(batch_message const& m, user& owner, bool first);
    void violation(std::string text);

    std::size_t max_messages_;
    bool answers_before_next_;
    bool keep_bodies_;
    std::unordered_map<std::string, std::unique_ptr<user>> users_;
    std::unordered_map<std::string_view, std::unique_ptr<message>> messages_;  // keys view the messages' ids
    std::vector<std::string> violations_;
    std::size_t violation_count_ = 0;
    std::size_t distinct_ = 0;
    std::size_t repeats_ = 0;
    std::size_t unchanged_ = 0;
    std::uint64_t batch_ = 0;
    bool overflowed_ = false;
};

}  // namespace traitsync::demo
