#pragma once
// Answers about messages, dead letters and the brake, made on the reading thread. Private to admin/.

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exchange.hpp"
#include "json_writer.hpp"
#include "lens.hpp"

namespace traitsync::admin {

using diff::dead_reason_named;
using diff::message_state_named;

struct message_filter {
    std::optional<diff::message_state> state;
    std::optional<std::string> user_id;
    std::optional<std::int64_t> since;
    int limit = 50;
    std::string cursor;
};
std::vector<std::string> const& message_states();
std::vector<std::string> const& dead_reasons();

void write_message(json_writer& w, store::reader& r, lens const& l, delivery_now const& now,
                   store::message_row const& m);

outcome<std::string> list_messages(store::reader& r, lens const& l, delivery_now const& now, message_filter const& f);
outcome<std::string> show_message(store::reader& r, lens const& l, delivery_now const& now, message_id const& id);
outcome<std::string> list_dead(store::reader& r, lens const& l, std::optional<diff::dead_reason> reason, int limit,
                               std::string const& cursor);

// The held messages, counted some at a time so that other questions are answered between.
class brake_view {
public:
    static constexpr std::size_t most_samples = 20;
    // True while more remain. A snapshot must be open.
    bool step(store::reader& r, lens const& l);
    std::string finish(store::reader& r);

private:
    void look_at(store::reader& r, lens const& l, diff::account& a);

    std::int64_t after_ = 0;
    std::int64_t held_ = 0;
    std::set<std::int64_t> passes_;  // that made or changed held messages
    struct count {
        std::int64_t all = 0, nulls = 0;
    };
    std::array<count, profile::trait_count> traits_{};
    std::vector<std::string> samples_;
    std::size_t sample_bytes_ = 0;
    std::vector<store::accounts::known_user> known_;  // its room is used again
};

// A run (pass) as the API shows it.
void write_run(json_writer& w, store::pass_row const& p);

}  // namespace traitsync::admin
