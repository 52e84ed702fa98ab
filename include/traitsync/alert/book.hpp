#pragma once
// Which changes of the service's state somebody outside is told of, each once. The book holds what was told and what
// still has to be sent, as one text that the store keeps: a change is in it, with its id and its bytes, before the
// first byte goes out, so a restart neither repeats nor forgets one. Pure: no clock, no sockets, no SQL.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/core/clock.hpp"
#include "traitsync/core/ids.hpp"

namespace traitsync::alert {

enum class condition : std::uint8_t { blocked, degraded, held, dead_letters };
inline constexpr std::size_t condition_count = 4;
std::string_view name_of(condition c);

// One thing that is not as it should be, as the status shows it.
struct cause {
    std::string code;
    std::string detail;
    wall_time since;
};

// The service as it is now.
struct observation {
    wall_time at;
    steady_time now;
    std::string state;                                            // overall
    std::vector<cause> causes;                                    // all of them, most urgent first
    std::array<std::vector<std::string>, condition_count> codes;  // what makes each condition hold; empty: it does not
    std::int64_t waiting = 0, offered = 0, held = 0, dead = 0;
    std::int64_t deaths = 0;  // messages that ever became dead letters
    // Whether the sides have worked since this process started: before, silence is no recovery.
    bool pulling_proved = false, delivery_proved = false;
};

// A message to the receiver: the id and the bytes never change.
struct announcement {
    message_id id;
    std::string event;
    std::string body;  // JSON
};

class book {
public:
    // `version`: of this program, for the body.
    explicit book(std::string version) : version_{std::move(version)} {}

    // As text() gave it; a text that is none of ours is as good as none.
    void load(std::string_view text);
    std::string text() const;

    // Takes note; true when the text has changed and must be kept.
    bool observe(observation const& o);

    bool is_empty() const;  // nothing was told and nothing is to be
    std::deque<announcement> const& pending() const { return pending_; }
    // The first one was taken by the receiver.
    void delivered();

private:
    struct told {
        bool on = false;
        std::vector<std::string> codes;  // every cause since it began
        std::int64_t deaths = 0;
        std::int64_t last = 0;  // when something was told of it, milliseconds
    };
    // How long it has been otherwise than told; of this process.
    std::array<std::optional<steady_time>, condition_count> otherwise_{};

    bool is_over(told const& t, observation const& o) const;
    void announce(std::string_view event, condition c, observation const& o);
    std::string body_of(message_id const& id, std::string_view event, condition c, observation const& o) const;

    std::string version_;
    std::array<told, condition_count> told_{};
    std::deque<announcement> pending_;
    std::optional<message_id> last_id_;
    std::int64_t left_out_ = 0;  // changes that found no room since the last one that did
};

}  // namespace traitsync::alert
