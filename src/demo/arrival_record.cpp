#include "arrival_record.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <fmt/format.h>

#include <algorithm>

#include "json_slice.hpp"

namespace traitsync::demo {

namespace {

constexpr std::size_t violations_kept = 1000;

bool is_taken(outcome what) { return what == outcome::accepted || what == outcome::accepted_mute; }

}  // namespace

void arrival_record::violation(std::string text) {
    ++violation_count_;
    if (violations_.size() < violations_kept) violations_.push_back(std::move(text));
}

void arrival_record::take(std::vector<batch_message> const& batch, outcome what) {
    ++batch_;
    bool const alone = batch.size() == 1;
    for (auto const& m : batch) {
        // Without an id or a user there is nothing to follow; the refusal was counted.
        if (m.message_id.empty() || m.user_id.empty()) continue;
        bool const dropped = !m.fault.empty() && is_taken(what);
        arrive(m, dropped ? outcome::refused : what, alone || dropped);
    }
}

void arrival_record::arrive(batch_message const& m, outcome what, bool alone) {
    auto found = users_.find(m.user_id);
    if (found == users_.end()) {
        if (messages_.size() >= max_messages_) {
            overflowed_ = true;
            return;
        }
        found = users_.emplace(m.user_id, std::make_unique<user>()).first;
    }
    user& owner = *found->second;
    message* const present = message_of(m, owner);
    if (!present) return;
    if (owner.last_batch == batch_) {
        violation(fmt::format("two messages of user {} in one batch, the second {}", m.user_id, m.message_id));
    }
    owner.last_batch = batch_;
    check_order(m, *present, owner);
    ++present->attempts;
    bool const answered = what == outcome::accepted || (what == outcome::refused && alone);
    if (!answered) {
        owner.unanswered = present;
    } else if (owner.unanswered == present) {
        owner.unanswered = nullptr;
    }
    if (!is_taken(what)) return;
    bool const first = ++present->accepted == 1;
    ++(first ? distinct_ : repeats_);
    if (!owner.newest || owner.newest->id < present->id) owner.newest = present;
    merge(m, owner, first);
}

arrival_record::message* arrival_record::message_of(batch_message const& m, user& owner) {
    std::uint64_t const content = XXH3_64bits(m.text.data(), m.text.size());
    if (auto const found = messages_.find(m.message_id); found != messages_.end()) {
        auto& present = *found->second;
        if (present.owner != &owner) violation(fmt::format("message {} came for two users", m.message_id));
        if (present.content != content) {
            violation(fmt::format("message {} of user {} came with two contents", m.message_id, m.user_id));
        }
        return &present;
    }
    if (messages_.size() >= max_messages_) {
        overflowed_ = true;
        return nullptr;
    }
    auto fresh = std::make_unique<message>();
    fresh->id = m.message_id;
    fresh->content = content;
    fresh->owner = &owner;
    if (keep_bodies_) fresh->body = m.text;
    owner.messages.push_back(fresh.get());
    std::string_view const key = fresh->id;
    return messages_.emplace(key, std::move(fresh)).first->second.get();
}

void arrival_record::check_order(batch_message const& m, message const& present, user const& owner) {
    if (owner.newest && m.message_id < owner.newest->id) {
        violation(fmt::format("message {} of user {} came {} after {} was accepted", m.message_id, m.user_id,
                              present.attempts == 0 ? "for the first time" : "again", owner.newest->id));
    }
    if (answers_before_next_ && owner.unanswered && owner.unanswered != &present) {
        violation(fmt::format("message {} of user {} came before {} was answered", m.message_id, m.user_id,
                              owner.unanswered->id));
    }
}

void arrival_record::merge(batch_message const& m, user& owner, bool first) {
    bool changed = m.traits.empty();
    for (auto& member : members_of(m.traits)) {
        auto& present = owner.traits[std::move(member.key)];
        if (present == member.value) continue;
        present = member.value;
        changed = true;
    }
    if (first && !changed) ++unchanged_;
}

std::optional<std::map<std::string, std::string>> arrival_record::state_of(std::string_view user_id) const {
    auto const found = users_.find(std::string{user_id});
    if (found == users_.end() || !found->second->newest) return std::nullopt;
    return found->second->traits;
}

std::vector<std::string> arrival_record::user_ids() const {
    std::vector<std::string> ids;
    for (auto const& [id, owner] : users_) {
        if (owner->newest) ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<message_arrival> arrival_record::messages_of(std::string_view user_id) const {
    std::vector<message_arrival> arrivals;
    auto const found = users_.find(std::string{user_id});
    if (found == users_.end()) return arrivals;
    for (auto const* m : found->second->messages) arrivals.push_back({m->id, m->attempts, m->accepted, m->body});
    return arrivals;
}

}  // namespace traitsync::demo
