// The sentences that tell an operator why a trait was or was not sent.
#include <fmt/core.h>

#include <algorithm>

#include "explained_trait.hpp"
#include "traitsync/core/text_start.hpp"
#include "traitsync/diff/taken.hpp"

namespace traitsync::admin {
namespace {

using diff::known;
using diff::message_state;
using profile::trait;

std::string at_time(std::int64_t millis) { return to_rfc3339(from_millis(millis)); }

bool has_id(message_id const& id) { return id != message_id{}; }

// The whole one stands with the message.
std::string start_of(std::string const& answer) {
    constexpr std::size_t most = 300;
    if (answer.empty()) return "no answer";
    return answer.size() > most ? std::string{text_start(answer, most)} + " …" : answer;
}

}  // namespace

void explained_trait::set(std::string_view state, std::string reason, message_id const& id, std::int64_t at) {
    out_.state = state;
    out_.reason = std::move(reason);
    if (has_id(id)) out_.message_id = id.text();
    out_.at = at;
}

void explained_trait::tell_excluded() {
    auto words = fmt::format("The policy of {} is never: it is neither stored nor sent.", name_);
    if (slot_.acknowledged.state == known::form::value) words += " What Segment got before stays there.";
    for (auto const& m : profile_.account.open) {
        if (m.state == message_state::offered && m.traits.has(trait_))
            words += fmt::format(" Message {} was frozen before, still carries it and is on its way.", m.id.text());
    }
    set("excluded", std::move(words), slot_.acknowledged_in, slot_.acknowledged_at);
}

void explained_trait::tell_taken_out() {
    set("excluded",
        fmt::format("What was stored of {} was taken out when its policies changed: it is compared again when a full "
                    "pass finds it in Moesif. What Segment got before stays there until then.",
                    name_),
        slot_.acknowledged_in, slot_.acknowledged_at);
}

void explained_trait::tell_offered(diff::message const& m) {
    auto const row = reader_.catalogue.message(m.row);
    auto const failed = row ? row->attempts : 0;
    std::string words;
    if (failed == 0) {
        words = fmt::format("Offered to Segment at {}; the answer has not come yet.", at_time(m.first_offered));
        if (m.wait & diff::wait_behind)
            words = "Part of a message that was split because of its size; it goes after the part before it.";
    } else {
        words = fmt::format("Offered first at {}; {} {} failed: {}.", at_time(m.first_offered), failed,
                            failed == 1 ? "attempt" : "attempts", start_of(row->answer));
        auto const next = now_.next_attempt(row->next_attempt);
        words += next != 0 ? fmt::format(" The same message goes again, next at {}.", at_time(next))
                           : " The same message goes again.";
    }
    words += fate_of_newer();
    set(failed == 0 ? "offered" : "retrying", std::move(words), m.id, m.first_offered);
    add_obstacle();
}

// What becomes of a value that is newer than the one on its way.
std::string explained_trait::fate_of_newer() const {
    if (auto const* next = carried_by_pending()) {
        if (!slot_.differs()) return " The same value goes once more after the answer: " + cause_of(*next) + ".";
        if (next->state == message_state::held)
            return " Moesif has a newer value meanwhile, which the brake holds: it goes when the brake is released.";
        if (next->wait & diff::wait_parked)
            return " Moesif had a newer value before the profile was gone: it goes when the profile comes back.";
        return " Moesif has a newer value meanwhile, which goes after the answer.";
    }
    if (slot_.differs())
        return " Moesif has a newer value meanwhile, which goes along with the next other change of this user.";
    if (slot_.in_flight && !slot_.in_flight->same(slot_.baseline))
        return " Moesif has a newer value meanwhile, which an operator discarded: it is sent only when it changes "
               "again.";
    return {};
}

std::string explained_trait::cause_of(diff::message const& m) const {
    for (auto const& claim : m.marks) {
        if (!claim.traits.has(trait_)) continue;
        return claim.replay == 0 ? "an operator retries a dead letter"
                                 : fmt::format("replay {} sends it again", claim.replay);
    }
    if (slot_.baseline.state == known::form::none) return "Segment never got it";
    if (slot_.wanted.state == known::form::null) return "Moesif does not have it any more: null is sent";
    if (lens_.steps.riding.has(trait_)) {
        return m.due.has(trait_) ? "it differs for longer than traits.volatile_interval"
                                 : "it goes along with another change";
    }
    if (!slot_.differs() && lens_.steps.always.has(trait_)) return "its policy is always: it goes with every message";
    if (!slot_.triggers()) {
        return m.due.has(trait_) ? "members that ride differ for longer than traits.volatile_interval"
                                 : "only members that ride have changed, and they go along with another change";
    }
    if (slot_.baseline.in_doubt()) return "a retry of a dead letter left open what Segment has of it";
    if (kept_)
        return "Moesif had it before it was removed there, and the removal is ignored (traits.on_remove = ignore)";
    return "its value in Moesif changed";
}

void explained_trait::tell_pending(diff::message const& m) {
    if (m.state == message_state::held) {
        return set(
            "held",
            fmt::format("Held by the brake, because one pass changed too many profiles: {}. It goes when the brake is "
                        "released, and not at all when it is discarded.",
                        cause_of(m)),
            m.id, m.created);
    }
    auto words = fmt::format("Waits to be sent: {}.", cause_of(m));
    if (m.wait & diff::wait_behind)
        words += " It goes after the answer to the message of this user that is offered now.";
    if (m.wait & diff::wait_company) words += " It waits within this pass for the company, which was not read yet.";
    if (m.wait & diff::wait_gate) words += " It waits for the end of the pass: the brake may still close.";
    set("waiting", std::move(words), m.id, m.created);
    add_obstacle();
}

void explained_trait::tell_gone() {
    auto words = fmt::format("The profile is gone from Moesif since {}", at_time(*profile_.user.gone_at));
    if (lens_.traits.on_delete == config::on_delete::ignore) {
        words += "; nothing more is sent (traits.on_delete = ignore).";
        if (auto const* pending = profile_.account.pending(); pending != nullptr && slot_.differs()) {
            words += " This value had not been sent by then: it goes when the profile comes back";
            words += pending->state == message_state::held ? " and the brake is released." : ".";
            return set("gone", std::move(words), pending->id, pending->created);
        }
    } else if (slot_.acknowledged.state == known::form::null) {
        words += "; Segment took null for it (traits.on_delete = null).";
    } else if (slot_.baseline.state == known::form::value) {
        words += "; its null follows when the settings as they are now have come to this profile.";
    } else if (slot_.baseline.state == known::form::none) {
        words += fmt::format("; {} was never sent, so no null is (traits.on_delete = null).", name_);
    } else {
        words += fmt::format("; the null of {} was discarded by an operator (traits.on_delete = null).", name_);
    }
    set("gone", std::move(words), slot_.acknowledged_in, slot_.acknowledged_at);
}

void explained_trait::tell_dead(diff::message const& m) {
    auto const row = reader_.catalogue.message(m.row);
    auto const answer = row ? row->answer : std::string{};
    if (m.reason == diff::dead_reason::too_large) {
        auto const* advice = kept_ ? "Moesif does not have it any more, and the removal is ignored (traits.on_remove = "
                                     "ignore): discard the dead letter."
                                   : "Make it smaller in Moesif, or give it the policy never.";
        return set("too_large", fmt::format("Too large to be sent: {}. {}", answer, advice), m.id, m.settled);
    }
    auto words = fmt::format(
        "{} at {}: {}.",
        m.reason == diff::dead_reason::gave_up ? "Given up after segment.give_up_after" : "Segment refused it",
        at_time(m.settled), start_of(answer));
    if (slot_.acknowledged.state != known::form::none && slot_.acknowledged.same(slot_.wanted))
        words += fmt::format(" Segment took this very value at {}.", at_time(slot_.acknowledged_at));
    words += " It is not sent again by itself: retry or discard the dead letter, or change the value.";
    set("dead", std::move(words), m.id, m.settled);
}

void explained_trait::tell_riding() {
    auto words = slot_.triggers() ? fmt::format("{} changes too often to be sent by itself (policy ride)", name_)
                                  : fmt::format("Only members of {} that ride have changed", name_);
    words += ": it goes along with the next other change of this user";
    if (lens_.steps.riding.has(trait_) || trait_ != trait::company) {
        auto const due = diff::due_at(profile_.account, trait_, lens_.steps);
        words += due ? fmt::format(", or by itself when it is read after {}", at_time(*due))
                     : ", or by itself after traits.volatile_interval";
    }
    set("riding", words + ".", slot_.acknowledged_in, slot_.acknowledged_at);
}

void explained_trait::tell_to_be_compared() {
    set("waiting", fmt::format("{} has another value in Moesif.", name_), {}, 0);
    add_obstacle();
}

void explained_trait::tell_discarded() {
    set("discarded",
        fmt::format(
            "An operator discarded this value (message of {}): it is sent again only when it changes in Moesif.",
            at_time(slot_.offered_at)),
        slot_.offered_in, slot_.offered_at);
}

void explained_trait::tell_unchanged() {
    std::string words;
    switch (slot_.acknowledged.state) {
        case known::form::none:
            words = fmt::format("Moesif has no {}, and none was ever sent.", name_);
            break;
        case known::form::null:
            words = fmt::format("Moesif has no {} any more; Segment took null at {}.", name_,
                                at_time(slot_.acknowledged_at));
            break;
        case known::form::value:
            words = diff::was_taken(slot_)
                        ? fmt::format("Segment has this value since {}.", at_time(slot_.acknowledged_at))
                        : fmt::format("Taken as known to Segment at the first sync (traits.first_sync = adopt), at {}.",
                                      at_time(slot_.acknowledged_at));
            break;
    }
    if (kept_) words += " Moesif does not have it any more; it stays at Segment (traits.on_remove = ignore).";
    set("unchanged", std::move(words), slot_.acknowledged_in, slot_.acknowledged_at);
}

void explained_trait::add_obstacle() {
    if (now_.obstacle) out_.reason += " At present " + *now_.obstacle + ".";
}

// A company's object may be newer than the user's document.
std::int64_t explained_trait::seen_at() const {
    auto const user = profile_.user.seen_at;
    if (trait_ != trait::company || !profile_.user.company_id) return user;
    auto const company = reader_.companies.by_id(*profile_.user.company_id);
    return company ? std::max(user, company->seen_at) : user;
}

// Of what stands in the company's document and not in the user's.
void explained_trait::add_company_notes() {
    if (trait_ != trait::company || !profile_.user.company_id) return;
    if (lens_.rules.of(trait_) == config::policy::never) return;
    auto const& id = *profile_.user.company_id;
    auto const company = reader_.companies.by_id(id);
    if (company && company->gone_at && !keeps_last_object())
        out_.reason += fmt::format(" The company is gone from Moesif since {}: its last object stays.",
                                   at_time(*company->gone_at));
    auto const of_document = company ? company->doc_id.value_or("") : std::string{};
    auto const aside = reader_.catalogue.quarantine_of(store::profile_kind::company, of_document, id);
    if (!aside || (company && is_another_document(*aside, *company))) return;
    out_.reason += fmt::format(" The newest document of the company is in quarantine ({}): {}", aside->reason,
                               company ? "this is the state before it." : "nothing of it is known.");
}

void explained_trait::add_notes(std::optional<store::quarantined> const& aside) {
    if (old_rules_)
        out_.reason +=
            " The policies have changed since: what is sent shows when this profile was compared again under "
            "those in force.";
    auto const policy = lens_.rules.of(trait_);
    if (policy == config::policy::hash) out_.reason += " It is stored and sent as a SHA-256 digest (policy hash).";
    if (lens_.steps.riding.has(trait_))
        out_.reason += fmt::format(" The value in Moesif is that of {}.", at_time(seen_at()));
    auto const inside = std::string{name_} + ".";
    std::string nested;
    for (auto const& [path, p] : lens_.traits.policies) {
        if (!path.starts_with(inside)) continue;
        nested += fmt::format("{}{} = {}", nested.empty() ? "" : ", ", path, config::name_of(p));
    }
    if (!nested.empty() && policy != config::policy::never) out_.reason += " Policies inside it: " + nested + ".";
    if (aside && is_another_document(*aside, profile_.user)) {
        out_.reason += fmt::format(" Another document of the same user id is set aside, because this one is newer: {}.",
                                   aside->doc_id);
    } else if (aside) {
        out_.reason += fmt::format(
            " The newest document of this profile is in quarantine ({}): this is the state before it.", aside->reason);
    }
    add_company_notes();
}

}  // namespace traitsync::admin
