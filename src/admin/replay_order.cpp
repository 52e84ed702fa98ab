#include "replay_order.hpp"

#include "body_reader.hpp"
#include "json_writer.hpp"

namespace traitsync::admin {
namespace {

constexpr std::size_t most_user_ids = 10'000;
std::vector<std::string> const known_fields{"user_ids", "company_id", "modified_since", "acknowledged_between",
                                            "all",      "traits",     "dry_run",        "preview_token"};

}  // namespace

outcome<replay_order> order_of(std::string const& body) {
    auto r = body_reader::parse(body, known_fields, false);
    if (!r) return r.error();
    replay_order o;
    if (auto ids = r->texts("user_ids", most_user_ids)) o.which.user_ids = std::move(*ids);
    o.which.company_id = r->text("company_id");
    if (o.which.company_id && o.which.company_id->empty()) r->wrong("/company_id", "company_id must not be empty");
    o.which.modified_since = r->time("modified_since");
    o.which.acknowledged_between = r->span("acknowledged_between");
    if (auto const all = r->boolean("all")) {
        o.which.all = *all;
        if (!*all) r->wrong("/all", "all is true or left out");
    }
    if (auto const names = r->texts("traits", 100)) {
        o.limits_traits = true;
        o.which.traits = {};
        std::size_t at = 0;
        for (auto const& name : *names) {
            if (auto const t = profile::trait_named(name)) {
                o.which.traits.add(*t);
            } else {
                r->wrong("/traits/" + std::to_string(at), not_among("a trait", name, profile::trait_names()));
            }
            ++at;
        }
    }
    o.dry_run = r->boolean("dry_run").value_or(false);
    o.preview_token = r->text("preview_token");
    o.has_selector = o.which.all || !o.which.user_ids.empty() || o.which.company_id || o.which.modified_since ||
                     o.which.acknowledged_between;
    if (r->ok() && !o.has_selector && (o.dry_run || !o.preview_token)) {
        r->wrong("", "one of user_ids, company_id, modified_since, acknowledged_between and all must be given");
    }
    if (!r->ok()) return r->problems();
    return o;
}

std::string selector_json(engine::replay_selector const& s) {
    json_writer w;
    w.begin_object();
    if (!s.user_ids.empty()) {
        w.key("user_ids").begin_array();
        for (auto const& id : s.user_ids) w.text(id);
        w.end_array();
    }
    if (s.company_id) w.key("company_id").text(*s.company_id);
    if (s.modified_since) w.key("modified_since").time(*s.modified_since);
    if (s.acknowledged_between) {
        w.key("acknowledged_between")
            .begin_array()
            .time(s.acknowledged_between->first)
            .time(s.acknowledged_between->second)
            .end_array();
    }
    if (s.all) w.key("all").boolean(true);
    if (s.traits != profile::trait_set::all()) {
        w.key("traits").begin_array();
        for (std::size_t i = 0; i < profile::trait_count; ++i) {
            if (s.traits.has(profile::trait_at(i))) w.text(profile::name_of(profile::trait_at(i)));
        }
        w.end_array();
    }
    w.end_object();
    return w.take();
}

}  // namespace traitsync::admin
