#include "traitsync/alert/book.hpp"

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace traitsync::alert {
namespace {

namespace json = boost::json;

// A request that goes through at the second attempt is no news: retrying has to last, and so has its end.
constexpr std::chrono::seconds degraded_patience{3};
// Dead letters beside those that were told are told again, but not one by one.
constexpr std::int64_t dead_letters_pause = 3600 * 1000;
// A receiver that is away for long finds so many changes; later ones take the last one's place.
constexpr std::size_t most_pending = 100;

constexpr std::array<std::string_view, condition_count> names{"blocked", "degraded", "held", "dead_letters"};

std::size_t index_of(condition c) { return static_cast<std::size_t>(c); }

std::chrono::seconds patience_of(condition c) {
    return c == condition::degraded ? degraded_patience : std::chrono::seconds{0};
}

// Whose working shows that a cause is gone.
bool is_of_pulling(std::string_view code) { return code.starts_with("moesif_") || code == "low_disk"; }
bool is_of_delivery(std::string_view code) { return code.starts_with("segment_"); }

std::string sentence(std::string_view event, condition c, observation const& o) {
    if (event == "recovered") {
        auto const what = c == condition::held           ? std::string_view{"no messages are held any more"}
                          : c == condition::dead_letters ? std::string_view{"no dead letters are left"}
                          : c == condition::blocked      ? std::string_view{"it is not blocked any more"}
                                                         : std::string_view{"it works without retries again"};
        return fmt::format("traitsync recovered: {}; it is {} now", what, o.state);
    }
    for (auto const& cause : o.causes) {
        auto const& codes = o.codes[index_of(c)];
        if (std::ranges::find(codes, cause.code) != codes.end()) {
            return fmt::format("traitsync: {}: {}", names[index_of(c)], cause.detail);
        }
    }
    return fmt::format("traitsync: {}", names[index_of(c)]);
}

std::string text_of(json::object const& o, char const* key) {
    auto const* found = o.if_contains(key);
    return found != nullptr && found->is_string() ? std::string{found->as_string()} : std::string{};
}
std::int64_t number_of(json::object const& o, char const* key) {
    auto const* found = o.if_contains(key);
    return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

}  // namespace

std::string_view name_of(condition c) { return names[index_of(c)]; }

void book::load(std::string_view text) {
    boost::system::error_code wrong;
    auto const parsed = json::parse(json::string_view{text.data(), text.size()}, wrong);
    auto const* whole = wrong ? nullptr : parsed.if_object();
    if (whole == nullptr) return;
    left_out_ = number_of(*whole, "left_out");
    last_id_ = message_id::parse(text_of(*whole, "last_id"));
    for (std::size_t i = 0; i < condition_count; ++i) {
        auto const* found = whole->if_contains(json::string_view{names[i].data(), names[i].size()});
        auto const* o = found == nullptr ? nullptr : found->if_object();
        if (o == nullptr) continue;
        auto& t = told_[i];
        t.on = true;
        t.deaths = number_of(*o, "deaths");
        t.last = number_of(*o, "last");
        if (auto const* codes = o->if_contains("codes"); codes != nullptr && codes->is_array()) {
            for (auto const& code : codes->as_array()) {
                if (code.is_string()) t.codes.emplace_back(code.as_string());
            }
        }
    }
    if (auto const* list = whole->if_contains("pending"); list != nullptr && list->is_array()) {
        for (auto const& item : list->as_array()) {
            auto const* o = item.if_object();
            auto const id = o == nullptr ? std::nullopt : message_id::parse(text_of(*o, "id"));
            if (id) pending_.push_back({*id, text_of(*o, "event"), text_of(*o, "body")});
        }
    }
}

std::string book::text() const {
    json::object whole;
    whole["left_out"] = left_out_;
    if (last_id_) whole["last_id"] = last_id_->text();
    for (std::size_t i = 0; i < condition_count; ++i) {
        auto const& t = told_[i];
        if (!t.on) continue;
        json::array codes;
        for (auto const& code : t.codes) codes.emplace_back(code);
        whole[json::string_view{names[i].data(), names[i].size()}] =
            json::object{{"deaths", t.deaths}, {"last", t.last}, {"codes", std::move(codes)}};
    }
    json::array list;
    for (auto const& a : pending_)
        list.push_back(json::object{{"id", a.id.text()}, {"event", a.event}, {"body", a.body}});
    whole["pending"] = std::move(list);
    return json::serialize(whole);
}

// Silence after a start is no recovery: what was wrong must have been seen to work.
bool book::is_over(told const& t, observation const& o) const {
    return std::ranges::all_of(t.codes, [&](std::string const& code) {
        if (is_of_pulling(code)) return o.pulling_proved;
        if (is_of_delivery(code)) return o.delivery_proved;
        return true;
    });
}

bool book::observe(observation const& o) {
    bool changed = false;
    // What ended before what began.
    for (auto const beginning : {false, true}) {
        for (std::size_t i = 0; i < condition_count; ++i) {
            auto const c = static_cast<condition>(i);
            auto& t = told_[i];
            auto const holds = !o.codes[i].empty();
            if (holds == t.on) {
                otherwise_[i].reset();
                continue;
            }
            if (holds != beginning || (!holds && !is_over(t, o))) continue;
            if (!otherwise_[i]) otherwise_[i] = o.now;
            if (o.now - *otherwise_[i] < patience_of(c)) continue;
            otherwise_[i].reset();
            announce(holds ? name_of(c) : "recovered", c, o);
            t = told{};
            t.on = holds;
            if (holds) t.codes = o.codes[i];
            t.deaths = o.deaths;
            t.last = to_millis(o.at);
            changed = true;
        }
    }
    for (std::size_t i = 0; i < condition_count; ++i) {
        auto& t = told_[i];
        if (!t.on) continue;
        for (auto const& code : o.codes[i]) {
            if (std::ranges::find(t.codes, code) != t.codes.end()) continue;
            t.codes.push_back(code);
            changed = true;
        }
    }
    auto& dead = told_[index_of(condition::dead_letters)];
    if (dead.on && o.deaths > dead.deaths && to_millis(o.at) - dead.last >= dead_letters_pause) {
        announce(name_of(condition::dead_letters), condition::dead_letters, o);
        dead.deaths = o.deaths;
        dead.last = to_millis(o.at);
        changed = true;
    }
    return changed;
}

void book::announce(std::string_view event, condition c, observation const& o) {
    if (pending_.size() == most_pending) {
        pending_.pop_back();
        ++left_out_;
    }
    auto const id = make_message_id(o.at, last_id_);
    last_id_ = id;
    pending_.push_back({id, std::string{event}, body_of(id, event, c, o)});
}

std::string book::body_of(message_id const& id, std::string_view event, condition c, observation const& o) const {
    json::object body;
    body["id"] = id.text();
    body["event"] = json::string_view{event.data(), event.size()};
    auto const name = name_of(c);
    body["condition"] = json::string_view{name.data(), name.size()};
    body["at"] = to_rfc3339(o.at);
    body["state"] = o.state;
    body["text"] = sentence(event, c, o);
    json::array causes;
    for (auto const& cause : o.causes) {
        causes.push_back(
            json::object{{"code", cause.code}, {"detail", cause.detail}, {"since", to_rfc3339(cause.since)}});
    }
    body["reasons"] = std::move(causes);
    body["queue"] = json::object{{"waiting", o.waiting}, {"offered", o.offered}, {"held", o.held}, {"dead", o.dead}};
    body["left_out"] = left_out_;
    body["version"] = version_;
    return json::serialize(body);
}

bool book::is_empty() const {
    return pending_.empty() && !last_id_ && std::ranges::none_of(told_, [](told const& t) { return t.on; });
}

void book::delivered() {
    if (pending_.empty()) return;
    pending_.pop_front();
    if (pending_.empty()) left_out_ = 0;
}

}  // namespace traitsync::alert
