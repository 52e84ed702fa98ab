#include "traitsync/delivery/message.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "traitsync/core/json.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery {
namespace {

using profile::trait_set;

constexpr std::string_view before_id = R"({"type":"identify","messageId":")";
constexpr std::string_view before_user = R"(","userId":)";
constexpr std::string_view before_time = R"(,"timestamp":")";
constexpr std::string_view before_traits = R"(","traits":{)";
constexpr std::string_view before_context = R"(},"context":{)";
constexpr std::string_view after_context =
    R"("active":false,"library":{"name":"traitsync","version":")" TRAITSYNC_VERSION R"("}}})";

// Escaping makes six bytes of one at most, quotes are two more.
constexpr std::size_t quoted_bound(std::string_view text) { return 6 * text.size() + 2; }

constexpr std::size_t fixed_bytes = before_id.size() + limits::message_id_characters + before_user.size() +
                                    before_time.size() + std::string_view{"2026-05-02T10:00:00.000Z"}.size() +
                                    before_traits.size() + before_context.size() + after_context.size() + 1;

// "name":text and a comma; the last trait of a message has none, so a sum of these is one too large.
std::size_t bytes_of(outgoing_trait const& t) { return profile::name_of(t.name).size() + t.text.size() + 4; }

struct extent {
    std::size_t bytes = 0;
    std::size_t leaves = 0;
    extent operator+(extent const& other) const { return {bytes + other.bytes, leaves + other.leaves}; }
    bool fits() const { return bytes <= limits::max_message_bytes && leaves <= limits::max_message_leaves; }
};

extent extent_of(outgoing_trait const& t) { return {bytes_of(t), count_leaves(t.text)}; }

// Everything but the traits; one byte less for the comma that the last trait does not have.
extent envelope_of(message_parts const& m) {
    message_parts bare{.user = m.user, .timestamp_millis = m.timestamp_millis, .context = m.context, .traits = {}};
    std::string bytes;
    append_message(bytes, bare, {});
    // The empty traits object counts as one leaf, which is the one that a first trait would not add.
    return {bytes.size() - 1, count_leaves(bytes) - 1};
}

oversize named(outgoing_trait const& t, extent const& alone) {
    std::string reason;
    auto const name = profile::name_of(t.name);
    if (alone.bytes > limits::max_message_bytes) {
        reason = fmt::format("{} makes a message of {} bytes; Segment drops those over {}", name, alone.bytes,
                             limits::max_message_bytes);
    } else {
        reason = fmt::format("{} makes a message of {} values; Segment keeps 10000, of which {} are used", name,
                             alone.leaves, limits::max_message_leaves);
    }
    return {.name = t.name, .bytes = alone.bytes, .leaves = alone.leaves, .reason = std::move(reason)};
}

struct open_part {
    std::vector<outgoing_trait> traits;
    extent taken;
};

void put(std::vector<open_part>& parts, outgoing_trait const& t, extent const& needs, open_part const& fresh) {
    auto found = std::ranges::find_if(parts, [&](open_part const& p) { return (p.taken + needs).fits(); });
    if (found == parts.end()) {
        parts.push_back(fresh);
        found = std::prev(parts.end());
    }
    found->traits.push_back(t);
    found->taken = found->taken + needs;
}

struct measured {
    outgoing_trait trait;
    extent needs;
};

// Splits traits, each of which fits alone. Two classes of parts: those that carry the `always` traits too, and those
// of a trait that leaves no room for them. `always` traits that do not even fit together are split like any other.
std::vector<std::vector<outgoing_trait>> spread(std::vector<measured> const& able, trait_set always,
                                                extent const& envelope) {
    open_part const bare{.traits = {}, .taken = envelope};
    auto along = bare;
    for (auto const& [t, needs] : able) {
        if (!always.has(t.name)) continue;
        along.traits.push_back(t);
        along.taken = along.taken + needs;
    }
    auto const repeat = !along.traits.empty() && along.taken.fits();
    std::vector<open_part> parts;
    std::vector<open_part> bare_parts;
    for (auto const& [t, needs] : able) {
        if (!repeat) {
            put(parts, t, needs, bare);
        } else if (always.has(t.name)) {
            continue;
        } else if ((along.taken + needs).fits()) {
            put(parts, t, needs, along);
        } else {
            put(bare_parts, t, needs, bare);
        }
    }
    if (repeat && parts.empty()) parts.push_back(along);
    std::vector<std::vector<outgoing_trait>> lists;
    for (auto* kind : {&parts, &bare_parts}) {
        for (auto& p : *kind) {
            std::ranges::sort(p.traits, {}, &outgoing_trait::name);
            lists.push_back(std::move(p.traits));
        }
    }
    return lists;
}

}  // namespace

void append_message(std::string& out, message_parts const& m, message_id const& id) {
    out += before_id;
    out += id.text();
    out += before_user;
    json::append_quoted(out, m.user);
    out += before_time;
    out += to_rfc3339(from_millis(m.timestamp_millis));
    out += before_traits;
    bool first = true;
    for (auto const& t : m.traits) {
        out += first ? "\"" : ",\"";
        first = false;
        out += profile::name_of(t.name);  // names of the closed set need no escaping
        out += "\":";
        out += t.text;
    }
    out += before_context;
    if (!m.context.empty()) {
        out += m.context;
        out += ',';
    }
    out += after_context;
}

std::size_t count_leaves(std::string_view json) {
    // A container of n members has n - 1 commas and is no leaf itself; an empty one is. So the leaves of a
    // value are one more than the commas in it, strings aside.
    std::size_t commas = 0;
    for (auto const *at = json.data(), *end = at + json.size(); at != end; ++at) {
        if (*at == ',') {
            ++commas;
        } else if (*at == '"') {
            do {
                at = static_cast<char const*>(std::memchr(at + 1, '"', static_cast<std::size_t>(end - at - 1)));
                if (at == nullptr) return commas + 1;
                // Closed unless an odd number of backslashes stands before.
                auto const* before = at;
                while (before[-1] == '\\') --before;
                if ((at - before) % 2 == 0) break;
            } while (true);
        }
    }
    return commas + 1;
}

cut cut_to_size(message_parts const& m) {
    cut result;
    auto bound = fixed_bytes + quoted_bound(m.user) + m.context.size();
    for (auto const& t : m.traits) bound += bytes_of(t);
    if (bound <= limits::leaf_safe_bytes) {  // nearly all messages: nothing to measure
        if (!m.traits.empty()) result.parts.push_back(m.traits);
        return result;
    }

    auto const envelope = envelope_of(m);
    auto whole = envelope;
    std::vector<measured> able;
    for (auto const& t : m.traits) {
        auto const needs = extent_of(t);
        if (!(envelope + needs).fits()) {
            result.too_large.push_back(named(t, envelope + needs));
            continue;
        }
        whole = whole + needs;
        able.push_back({t, needs});
    }
    if (able.empty()) return result;
    if (whole.fits()) {
        auto& only = result.parts.emplace_back();
        for (auto const& [t, needs] : able) only.push_back(t);
        return result;
    }

    result.parts = spread(able, m.always, envelope);
    return result;
}

}  // namespace traitsync::delivery
