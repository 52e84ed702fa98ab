// How a company document is stored: as it came, less what the policies hide.

#include "company_mapping.hpp"
#include "quoting.hpp"
#include "value_hash.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {
namespace {

std::optional<company_member> member_of(field what) {
    switch (what) {
        case field::created:
            return company_member::created;
        case field::modified:
            return company_member::modified;
        case field::first_seen:
            return company_member::first_seen;
        case field::last_seen:
            return company_member::last_seen;
        case field::ip:
            return company_member::ip;
        case field::company_domain:
            return company_member::domain;
        case field::ttfhw:
            return company_member::ttfhw;
        case field::metadata:
            return company_member::metadata;
        default:
            return std::nullopt;
    }
}

}  // namespace

bool company_mapping::store_replaced(std::string& out, company_member m, field what) {
    auto& once = stored_once_[static_cast<std::size_t>(m)];
    auto const [start, length] = values_[static_cast<std::size_t>(m)];
    if (once || length == 0) return false;
    once = true;
    append_key(out, found_fields<company_fields>::first_name(what), out.size() == 1);
    out.append(*text_, start, length);
    return true;
}

// `geo_ip` holds the address once more.
bool company_mapping::store_geo(std::string& out, json::member const& m) {
    auto const ip = plan_->at(company_member::ip).does;
    auto const hides_ip = ip == action::drop || is_replaced(ip);
    // Of another form, it may be the address itself.
    if (hides_ip && !m.val.is_object()) return false;
    value_writer<form::stored> writer{out, *warnings_};
    append_key(out, m.key, out.size() == 1);
    rules::node without_ip;
    if (hides_ip) {
        without_ip.plain = false;
        auto& hidden = child_of(without_ip, "ip");
        hidden.does = action::drop;
        hidden.plain = false;
    }
    auto const w = writer.ruled(m.val, without_ip);
    if (ip != action::ride) kept_ += member_hash(m.key, w.full);
    return true;
}

bool company_mapping::store_member(std::string& out, json::member const& m, field what) {
    auto const whole = plan_->of(trait::company);
    if (what == field::secret) return false;
    if (what == field::company && is_replaced(whole)) return false;
    if (what == field::geo && !is_replaced(whole)) return store_geo(out, m);
    if (what == field::geo) return false;
    auto const member = member_of(what);
    if (member && is_replaced(whole)) return false;
    append_key(out, m.key, out.size() == 1);
    value_writer<form::stored> writer{out, *warnings_};
    if (!member) {
        std::uint64_t hash = 0;
        writer.plain(m.val, hash);
        unknown_ += member_hash(m.key, hash);
        return true;
    }
    auto const w = writer.ruled(m.val, plan_->at(*member));
    if (w.here && w.triggers) kept_ += member_hash(m.key, w.trigger);
    return w.here;
}

void company_mapping::store(json::value const& document, mapped_company& out) {
    out.stored.assign(1, '{');
    auto const members = document.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto const before = out.stored.size();
        auto const what = found_.what(i);
        auto const member = member_of(what);
        auto const replaced = member && is_replaced(plan_->at(*member).does);
        auto const here =
            replaced ? store_replaced(out.stored, *member, what) : store_member(out.stored, members[i], what);
        if (!here) out.stored.resize(before);
    }
    // Where the address is `geo_ip`'s, its digest has no place of its own yet.
    if (auto const before = out.stored.size(); is_replaced(plan_->at(company_member::ip).does)) {
        if (!store_replaced(out.stored, company_member::ip, field::ip)) out.stored.resize(before);
    }
    out.stored.push_back('}');
}

}  // namespace traitsync::profile
