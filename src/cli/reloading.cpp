#include "reloading.hpp"

#include <string>

#include "traitsync/admin/token.hpp"

namespace traitsync::cli {
namespace {

bool differ(secret const& a, secret const& b) { return a.reveal() != b.reveal(); }

void name(std::string& list, std::string_view what) {
    if (!list.empty()) list += ", ";
    list += what;
}

// Settings that differ and are not taken before the next start.
std::string left_for_the_next_start(config::loaded const& now, config::loaded const& fresh) {
    std::string list;
    auto const before = config::show(now);
    auto const after = config::show(fresh);
    auto const value_of = [](std::vector<config::shown_value> const& all,
                             std::string const& key) -> std::string const* {
        for (auto const& v : all) {
            if (v.name == key) return &v.value;
        }
        return nullptr;
    };
    for (auto const& v : after) {
        if (v.secret || v.name == "log.level") continue;
        auto const* old = value_of(before, v.name);
        if (old == nullptr || *old != v.value) name(list, v.name);
    }
    for (auto const& v : before) {
        if (value_of(after, v.name) == nullptr) name(list, v.name);
    }
    return list;
}

}  // namespace

reloading::reloading(config::loaded& config, engine::engine& e, admin::server* server, ops::log& log,
                     service_manager& manager, std::function<config::load_result()> load)
    : config_{config}, engine_{e}, server_{server}, log_{log}, manager_{manager}, load_{std::move(load)} {}

void reloading::watch(boost::asio::signal_set& signals) {
    signals.async_wait([this, &signals](boost::system::error_code failed, int) {
        if (failed) return;
        manager_.reloading();
        reload();
        // What failed was logged; the service serves as before.
        manager_.ready();
        watch(signals);
    });
}

void reloading::reload() {
    auto fresh = load_();
    if (!fresh) {
        auto const& problems = fresh.error().problems;
        log_.error("reload_failed", "The configuration could not be read anew; everything stays as it was",
                   {{"detail", config::to_string(problems.front())}, {"problems", problems.size()}});
        return;
    }
    for (auto const& w : fresh->warnings) {
        log_.warn("reload_warning", "The configuration was read anew, with a doubt",
                  {{"detail", config::to_string(w)}});
    }
    // What stands beside the store is found beside the one in use: another path counts from the next start.
    auto in_use = fresh->values;
    in_use.store.path = config_.values.store.path;
    if (server_ != nullptr && fresh->values.admin.token.empty()) {
        auto made = admin::find_token(in_use);
        if (!made) {
            log_.error("reload_failed", "The admin token could not be read anew; everything stays as it was",
                       {{"detail", made.error().what}});
            return;
        }
        fresh->values.admin.token = std::move(*made);
    }
    if (!fresh->values.alerts.webhook_url.empty()) {
        auto key = admin::settle_alert_secret(in_use);
        if (!key) {
            log_.error("reload_failed", "The key of the alerts could not be read anew; everything stays as it was",
                       {{"detail", key.error().what}});
            return;
        }
        for (auto const& doubt : key->doubts) {
            log_.warn("reload_warning", "The configuration was read anew, with a doubt", {{"detail", doubt}});
        }
        fresh->values.alerts.secret = std::move(key->value);
    }
    auto const later = left_for_the_next_start(config_, *fresh);
    auto const changed = adopt(*fresh);
    log_.info("reloaded",
              changed ? "Secrets and the log's level were read anew and are in force"
                      : "Secrets and the log's level were read anew: nothing changed",
              {{"changed", changed}});
    if (later.empty()) return;
    log_.warn("reload_partial", "Other settings differ from those in force; they count from the next start",
              {{"settings", later}});
}

// False when nothing was new.
bool reloading::adopt(config::loaded& fresh) {
    auto& now = config_.values;
    auto& next = fresh.values;
    // Hidden before they are used; the old ones stay hidden too.
    for (auto const* s : {&next.moesif.token, &next.segment.write_key, &next.admin.token, &next.admin.viewer_token,
                          &next.alerts.webhook_url, &next.alerts.secret}) {
        log_.add_secret(*s);
    }
    auto const token = differ(now.moesif.token, next.moesif.token);
    auto const key = differ(now.segment.write_key, next.segment.write_key);
    auto const admin = server_ != nullptr && (differ(now.admin.token, next.admin.token) ||
                                              differ(now.admin.viewer_token, next.admin.viewer_token));
    auto const alerts =
        differ(now.alerts.webhook_url, next.alerts.webhook_url) || differ(now.alerts.secret, next.alerts.secret);
    auto const level = now.log.level != next.log.level;
    for (auto const* name : {"moesif.token", "segment.write_key", "admin.token", "admin.viewer_token",
                             "alerts.webhook_url", "alerts.secret"}) {
        config_.origins[name] = fresh.origins[name];
    }
    if (token) now.moesif.token = next.moesif.token;
    if (key) now.segment.write_key = next.segment.write_key;
    engine_.renew(token ? next.moesif.token : secret{}, key ? next.segment.write_key : secret{});
    if (admin) {
        now.admin.token = next.admin.token;
        now.admin.viewer_token = next.admin.viewer_token;
        server_->use_new_tokens();
    }
    if (alerts) {
        now.alerts = next.alerts;
        engine_.renew_alerts();
    }
    if (level) {
        now.log.level = next.log.level;
        config_.origins["log.level"] = fresh.origins["log.level"];
        if (auto const named = ops::log_level_named(now.log.level)) log_.set_level(*named);
    }
    return token || key || admin || alerts || level;
}

}  // namespace traitsync::cli
