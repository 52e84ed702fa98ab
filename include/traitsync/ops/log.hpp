#pragma once
// What happened, one event a line, to standard error. A line stays a line whatever is in its values, no
// registered secret appears in it, and a reader that went away or fell asleep neither ends nor stops the
// process: lines that cannot be written are counted and the loss is told when writing works again.
// Any thread may use it; no global state.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "traitsync/core/clock.hpp"

namespace traitsync::ops {

enum class log_level : std::uint8_t { debug, info, warn, error };
enum class log_format : std::uint8_t { text, json };

std::optional<log_level> log_level_named(std::string_view name);    // debug, info, warn, error
std::optional<log_format> log_format_named(std::string_view name);  // text, json

// A stable key and a value. It refers to its texts: make it in the call to `log`. Trivially destructible on
// purpose, so that lists of fields are safe inside coroutines.
struct field {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

    field(std::string_view k, std::string_view v) : key{k}, value{v} {}
    field(std::string_view k, std::string const& v) : key{k}, value{std::string_view{v}} {}
    field(std::string_view k, char const* v) : key{k}, value{std::string_view{v}} {}
    field(std::string_view k, std::same_as<bool> auto v) : key{k}, value{v} {}
    field(std::string_view k, std::floating_point auto v) : key{k}, value{static_cast<double>(v)} {}
    template <std::integral I>
    requires(!std::same_as<I, bool>) field(std::string_view k, I v) : key{k}, value{widest(v)} {}

private:
    static auto widest(std::integral auto v) {
        if constexpr (std::is_signed_v<decltype(v)>) {
            return static_cast<std::int64_t>(v);
        } else {
            return static_cast<std::uint64_t>(v);
        }
    }
};

struct log_options {
    log_level level = log_level::info;
    log_format format = log_format::text;
    int descriptor = 2;           // written to with write(2), not closed
    clock const* time = nullptr;  // nullptr: the machine's
};

// Text form:  2026-11-24T00:20:12.123Z info  pass_done  Full pass read 1,000 users  pages=3 read=1000
// JSON form:  {"ts":"…","level":"info","event":"pass_done","message":"…","pages":3,"read":1000}
// A field named like one of the first four gets an underscore behind it. A value is cut at 8,192 bytes.
class log {
public:
    explicit log(log_options options);
    ~log();
    log(log const&) = delete;
    log& operator=(log const&) = delete;

    // `event` is a stable word for machines (pass_done), `message` a sentence for people.
    void debug(std::string_view event, std::string_view message, std::initializer_list<field> fields = {});
    void info(std::string_view event, std::string_view message, std::initializer_list<field> fields = {});
    void warn(std::string_view event, std::string_view message, std::initializer_list<field> fields = {});
    void error(std::string_view event, std::string_view message, std::initializer_list<field> fields = {});

    void set_level(log_level level);
    bool logs(log_level level) const;

    // From now on every occurrence of the text in an event, message, key or value is written as ***. Texts
    // of fewer than four characters are too common to be hidden and are ignored.
    template <class Secret>
    requires requires(Secret const& s) {
        { s.reveal() } -> std::convertible_to<std::string_view>;
    }
    void add_secret(Secret const& s) { hide(s.reveal()); }

    // Lines that could not be written since the start.
    std::uint64_t lost() const;

private:
    struct parts;
    void write(log_level level, std::string_view event, std::string_view message, std::initializer_list<field> fields);
    void hide(std::string_view text);
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::ops
