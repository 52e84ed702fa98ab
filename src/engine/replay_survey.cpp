#include "traitsync/engine/replay_survey.hpp"

#include <algorithm>
#include <cmath>

#include "segment_writer.hpp"
#include "traitsync/diff/taken.hpp"
#include "traitsync/store/number_runs.hpp"

namespace traitsync::engine {
namespace {

constexpr int users_a_step = 250;
// Composing a million messages to count them takes ten seconds, which who asks for everything need not wait for.
constexpr std::int64_t composed_at_least = 2'500;
constexpr int reckoned_a_step = 10'000;
// A replay of its own, for the simulation.
constexpr std::int64_t simulated = INT64_MAX;

// The first `"name":"…"` of a message becomes `"name":null`; ids and times hold nothing that is escaped.
void make_null(std::string& body, std::string_view name, std::size_t from) {
    auto const key = "\"" + std::string{name} + "\":\"";
    auto const at = body.find(key, from);
    if (at == std::string::npos) return;
    auto const begin = at + key.size() - 1;
    auto const end = body.find('"', begin + 1);
    if (end != std::string::npos) body.replace(begin, end - begin + 1, "null");
}

bool acknowledged_in(diff::account const& a, std::int64_t from, std::int64_t to) {
    return std::ranges::any_of(a.slots, [&](diff::slot const& s) {
        return diff::was_taken(s) && s.acknowledged_at >= from && s.acknowledged_at <= to;
    });
}

}  // namespace

bool replay_selector::is_everything() const {
    return all && user_ids.empty() && !company_id && !modified_since && !acknowledged_between &&
           traits == profile::trait_set::all();
}

replay_survey::replay_survey(replay_selector which, counting how, diff::diff_rules rules,
                             profile::rules const* nested_nulls, std::int64_t now)
    : which_{std::move(which)}, how_{how}, rules_{rules}, nested_nulls_{nested_nulls}, now_{now} {}

bool replay_survey::composed_enough() const {
    return how_ == counting::reckoned && which_.is_everything() && profiles_ >= composed_at_least;
}

bool replay_survey::reckon(store::reader& r) {
    if (composed_.profiles == 0) composed_ = {profiles_, messages_, bytes_};
    auto const users = r.catalogue.present_users_after(after_, reckoned_a_step);
    for (auto const no : users) users_.add(no);
    if (!users.empty()) after_ = users.back();
    profiles_ += static_cast<std::int64_t>(users.size());
    auto const times = static_cast<double>(profiles_) / static_cast<double>(composed_.profiles);
    messages_ = std::llround(times * static_cast<double>(composed_.messages));
    bytes_ = std::llround(times * static_cast<double>(composed_.bytes));
    return static_cast<int>(users.size()) == reckoned_a_step;
}

std::vector<std::int64_t> replay_survey::next_users(store::reader& r) {
    std::vector<std::int64_t> list;
    if (!which_.user_ids.empty()) {
        for (int i = 0; i < users_a_step && next_id_ < which_.user_ids.size(); ++i, ++next_id_) {
            if (auto const user = r.profiles.user_by_id(which_.user_ids[next_id_])) list.push_back(user->no);
        }
        return list;
    }
    list = which_.company_id ? r.catalogue.users_of_company(*which_.company_id, after_, users_a_step)
                             : r.catalogue.users_after(after_, users_a_step);
    if (!list.empty()) after_ = list.back();
    return list;
}

bool replay_survey::step(store::reader& r) {
    if (composed_enough()) return reckon(r);
    auto users = next_users(r);
    auto const full = static_cast<int>(users.size()) == users_a_step;
    store::read_by_runs(users, users.size(), [&](std::int64_t first, std::int64_t last) {
        auto const read = r.accounts.load_whole(first, last, seen_);
        for (std::size_t i = 0; i < read.count; ++i) look_at(r, seen_[i]);
        return read.through;
    });
    return which_.user_ids.empty() ? full : next_id_ < which_.user_ids.size();
}

void replay_survey::look_at(store::reader& r, store::accounts::whole_user& seen) {
    auto const no = seen.user.no;
    if (users_.has(no) || !seen.has_source) return;
    auto& a = seen.account;
    auto const& user = seen.user;
    if (a.gone) return;
    if (which_.company_id && user.company_id != which_.company_id) return;
    if (which_.modified_since && user.modified.value_or(INT64_MIN) < *which_.modified_since) return;
    if (which_.acknowledged_between) {
        auto const [from, to] = *which_.acknowledged_between;
        if (!acknowledged_in(a, from, to) && !r.catalogue.was_acknowledged(no, from, to)) return;
    }
    if (!diff::mark_for_replay(a, simulated, which_.traits, rules_, {.now = now_})) return;
    auto const* pending = a.pending();
    if (pending == nullptr) return;
    users_.add(no);
    ++profiles_;
    segment_writer writer;
    auto const going = r.composer.plan(writer, user.user_id, seen.source.data, a, *pending, rules_, nested_nulls_);
    for (auto const& part : going.plan.parts) {
        body_.clear();
        writer.write(body_, *going.message, part, pending->id);
        ++messages_;
        bytes_ += static_cast<std::int64_t>(body_.size());
        if (sample_.size() >= sample_size) continue;
        auto shown = body_;
        make_null(shown, "messageId", 0);
        make_null(shown, "timestamp", shown.find("\"userId\":"));
        sample_.push_back(std::move(shown));
    }
}

}  // namespace traitsync::engine
