// The members of a message's `context`, and the fields that they are read from.

#include "quoting.hpp"
#include "scalars.hpp"
#include "user_mapping.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {
namespace {

void begin(std::string& out, std::string_view name) {
    append_plain_text(out, name, !out.empty() && out.back() != '{' ? ',' : '\0', ':');
}

enum class place : std::uint8_t { city, country, region, latitude, longitude };

bool is_right_type(json::value const& v, bool is_number) { return is_number ? v.is_number() : v.is_string(); }

void add(std::string& out, std::string_view name, json::value const* v, bool is_number, warning_counts& warnings) {
    if (v == nullptr || v->is_null()) return;
    if (!is_right_type(*v, is_number)) {
        ++warnings.wrong_type;
        return;
    }
    auto const before = out.size();
    begin(out, name);
    value_writer<form::sent> writer{out, warnings};
    std::uint64_t hash = 0;
    if (!writer.plain(*v, hash)) out.resize(before);
}

// Below `geo_ip.location`, the other spelling of a position.
json::value const* position_of(json::value const& geo, std::string_view name, std::string_view other,
                               warning_counts& warnings) {
    auto const* v = geo.find(name);
    if (v != nullptr && (v->is_number() || v->is_null())) return v;
    auto const* location = geo.find("location");
    auto const* instead = location != nullptr ? location->find(other) : nullptr;
    if (v != nullptr && instead != nullptr) ++warnings.wrong_type;
    return instead != nullptr ? instead : v;
}

}  // namespace

void user_mapping::add_ip(std::string& out, json::value const* geo) {
    auto const accepts = [](json::value const& v) { return v.is_string() && is_address(v.text); };
    json::value const* found = nullptr;
    if (auto const* m = found_.pick(field::ip, *warnings_, accepts)) {
        found = &m->val;
    } else if (geo != nullptr) {
        found = geo->find("ip");
        if (found != nullptr && !found->is_null() && !accepts(*found)) {
            ++warnings_->wrong_type;
            found = nullptr;
        }
    }
    if (found == nullptr || found->is_null() || !plan_->context.ip) return;
    begin(out, "ip");
    append_quoted(out, found->text);
}

void user_mapping::add_location(std::string& out, json::value const& geo) {
    auto const& sends = plan_->context;
    auto const before = out.size();
    begin(out, "location");
    out.push_back('{');
    auto const start = out.size();
    if (sends.city) add(out, "city", geo.find("city_name"), false, *warnings_);
    if (sends.country) add(out, "country", geo.find("country_name"), false, *warnings_);
    if (sends.region) add(out, "region", geo.find("region_name"), false, *warnings_);
    if (sends.latitude) add(out, "latitude", position_of(geo, "latitude", "lat", *warnings_), true, *warnings_);
    if (sends.longitude) add(out, "longitude", position_of(geo, "longitude", "lon", *warnings_), true, *warnings_);
    if (out.size() == start) {
        out.resize(before);
        return;
    }
    out.push_back('}');
}

void user_mapping::map_context(mapped_user& out) {
    auto& text = out.context;
    text.clear();
    auto const* geo_member = found_.pick(field::geo, *warnings_, is_object);
    auto const* geo = geo_member != nullptr && geo_member->val.is_object() ? &geo_member->val : nullptr;
    add_ip(text, geo);
    if (geo != nullptr) {
        add_location(text, *geo);
        if (plan_->context.timezone) add(text, "timezone", geo->find("timezone"), false, *warnings_);
    }
    auto const* agent = found_.pick(field::user_agent_text, *warnings_, is_text);
    if (agent != nullptr && plan_->context.user_agent) add(text, "userAgent", &agent->val, false, *warnings_);
}

// What of `geo_ip` is stored under the policies of `context`.
bool user_mapping::store_geo(mapped_user& out, json::member const& m) {
    auto const& sends = plan_->context;
    auto& rest = out.rest;
    append_key(rest, m.key, rest.size() == 1);
    value_writer<form::stored> writer{rest, *warnings_};
    std::uint64_t hash = 0;
    if (sends.all_of_geo()) return writer.plain(m.val, hash);
    if (!m.val.is_object()) return false;
    rules::node shown;
    shown.does = sends.place ? action::send : action::drop;
    shown.plain = false;
    shown.keeps = true;
    auto const say = [](rules::node& parent, std::string_view key, bool keep) {
        auto& c = child_of(parent, key);
        c.does = keep ? action::send : action::drop;
        c.plain = keep;
    };
    say(shown, "ip", sends.ip);
    say(shown, "timezone", sends.timezone);
    say(shown, "city_name", sends.city);
    say(shown, "country_name", sends.country);
    say(shown, "region_name", sends.region);
    say(shown, "latitude", sends.latitude);
    say(shown, "longitude", sends.longitude);
    auto& location = child_of(shown, "location");
    location.does = shown.does;
    location.plain = false;
    location.keeps = sends.latitude || sends.longitude;
    say(location, "lat", sends.latitude);
    say(location, "lon", sends.longitude);
    return writer.ruled(m.val, shown).here;
}

}  // namespace traitsync::profile
