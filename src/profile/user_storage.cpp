// What is stored of a user document besides its traits, and the hash of all that is compared or kept.

#include "quoting.hpp"
#include "user_mapping.hpp"
#include "value_hash.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {
namespace {

void append_mark(std::string& out, trait t) {
    std::array<char, 2> const mark{mark_byte, static_cast<char>('A' + index_of(t))};
    out.append(mark.data(), mark.size());
}

// The field whose first name holds a hashed trait.
field home_of(field what) { return what == field::first_name || what == field::last_name ? field::name : what; }

}  // namespace

std::optional<trait> trait_of(field f) {
    switch (f) {
        case field::created:
            return trait::created_at;
        case field::modified:
            return trait::modified_time;
        case field::first_seen:
            return trait::first_seen_time;
        case field::last_seen:
            return trait::last_seen_time;
        case field::name:
        case field::first_name:
        case field::last_name:
            return trait::name;
        case field::email:
            return trait::email;
        case field::username:
            return trait::username;
        case field::campaign:
            return trait::campaign;
        case field::clearbit:
            return trait::clearbit;
        case field::rollup:
            return trait::last_24_hour_agg_results;
        case field::metadata:
            return trait::metadata;
        case field::user_agent:
            return trait::user_agent;
        default:
            return std::nullopt;
    }
}

bool user_mapping::store_plain(mapped_user& out, json::member const& m, std::uint64_t* content) {
    append_key(out.rest, m.key, out.rest.size() == 1);
    value_writer<form::stored> writer{out.rest, *warnings_};
    std::uint64_t hash = 0;
    writer.plain(m.val, hash);
    if (content != nullptr) *content += member_hash(m.key, hash);
    return true;
}

bool user_mapping::store_replaced(mapped_user& out, field what, trait t) {
    auto const& mapped = out.traits[index_of(t)];
    if (stored_.has(t) || mapped.state == mapped_trait::form::absent) return false;
    stored_.add(t);
    append_key(out.rest, found_fields<user_fields>::first_name(home_of(what)), out.rest.size() == 1);
    if (mapped.state == mapped_trait::form::null) {
        out.rest += "null";
    } else {
        append_mark(out.rest, t);
    }
    return true;
}

bool user_mapping::store_trait(mapped_user& out, json::member const& m, field what, trait t) {
    auto const& n = plan_->at(t);
    if (is_replaced(n.does)) return store_replaced(out, what, t);
    auto const rides = plan_->riding.has(t);
    if (marked_[index_of(t)] == &m) {
        append_key(out.rest, m.key, out.rest.size() == 1);
        append_mark(out.rest, t);
        if (!rides) kept_ += member_hash(m.key, out.traits[index_of(t)].trigger);
        return true;
    }
    // Of what is kept below, nothing is left: that is told, and so it is kept.
    auto const is_told = n.does == action::drop && n.keeps && m.val.is_null();
    if (n.plain || is_told) return store_plain(out, m, rides ? nullptr : &kept_);
    append_key(out.rest, m.key, out.rest.size() == 1);
    value_writer<form::stored> writer{out.rest, *warnings_};
    auto const w = writer.ruled(m.val, n);
    if (w.here && w.triggers && !rides) kept_ += member_hash(m.key, not_zero(w.trigger));
    return w.here;
}

bool user_mapping::store_member(mapped_user& out, json::member const& m, field what) {
    if (auto const t = trait_of(what)) return store_trait(out, m, what, *t);
    switch (what) {
        case field::secret:
            return false;
        case field::id:
            if (!m.val.is_string() || m.val.text != out.id) return store_plain(out, m, &kept_);
            append_key(out.rest, m.key, out.rest.size() == 1);
            append_mark(out.rest, trait::id);
            kept_ += member_hash(m.key, out.traits[index_of(trait::id)].full);
            return true;
        case field::company: {
            auto const hidden = plan_->hides(trait::company);
            if (!stores_company_) return m.val.is_null() || !hidden ? store_plain(out, m, &kept_) : false;
            append_key(out.rest, m.key, out.rest.size() == 1);
            out.rest += out.embedded.stored;
            kept_ += member_hash(m.key, plan_->riding.has(trait::company) ? company_.unknown() : out.embedded.content);
            return true;
        }
        case field::geo:
            return store_geo(out, m);
        case field::ip:
            return plan_->context.ip && store_plain(out, m, nullptr);
        case field::user_agent_text:
            return plan_->context.user_agent && store_plain(out, m, nullptr);
        default:
            return store_plain(out, m, &kept_);
    }
}

// Hashed traits that were read from `metadata` alone have found no place yet.
void user_mapping::close_replaced(mapped_user& out) {
    for (auto const f : {field::name, field::email, field::username}) {
        auto const t = *trait_of(f);
        if (!is_replaced(plan_->of(t))) continue;
        auto const before = out.rest.size();
        if (!store_replaced(out, f, t)) out.rest.resize(before);
    }
}

std::uint64_t user_mapping::content_of(mapped_user const& out) const {
    auto hash = mix(hash_string(out.id), out.company_id ? hash_string(*out.company_id) : null_hash);
    std::uint64_t sum = kept_;
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (plan_->riding.has(trait_at(i))) continue;
        auto const& t = out.traits[i];
        sum += mix(t.trigger + static_cast<std::uint64_t>(t.state), i);
    }
    return not_zero(mix(hash, sum));
}

void user_mapping::store(json::value const& document, mapped_user& out) {
    auto& rest = out.rest;
    rest.assign(1, '{');
    kept_ = 0;
    stored_ = {};
    auto const members = document.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto const before = rest.size();
        if (!store_member(out, members[i], found_.what(i))) rest.resize(before);
    }
    close_replaced(out);
    rest.push_back('}');
    out.content = content_of(out);
}

}  // namespace traitsync::profile
