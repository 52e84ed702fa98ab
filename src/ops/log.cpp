#include "traitsync/ops/log.hpp"

// Our level names, before the library fixes its own.
#define SPDLOG_LEVEL_NAMES \
    { "trace", "debug", "info", "warn", "error", "critical", "off" }
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <mutex>
#include <vector>

#include "line_sink.hpp"
#include "traitsync/core/text_start.hpp"
#include "traitsync/ops/escape.hpp"

namespace traitsync::ops {
namespace {

// Long enough for any vendor's error answer (2 KB), short enough that no document fills the journal.
constexpr std::size_t longest_value = 8192;
constexpr std::size_t shortest_secret = 4;

constexpr spdlog::level::level_enum spdlog_level(log_level level) {
    switch (level) {
        case log_level::debug:
            return spdlog::level::debug;
        case log_level::info:
            return spdlog::level::info;
        case log_level::warn:
            return spdlog::level::warn;
        case log_level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

spdlog::log_clock::time_point spdlog_time(wall_time t) {
    return spdlog::log_clock::time_point{std::chrono::duration_cast<spdlog::log_clock::duration>(t.time_since_epoch())};
}

std::string pattern_of(log_format format) {
    return format == log_format::json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                      : "%Y-%m-%dT%H:%M:%S.%eZ %-5l %v";
}

std::string loss_text(log_format format, std::uint64_t lines) {
    return format == log_format::json
               ? fmt::format(R"("event":"log_lost","message":"Log lines could not be written.","lines":{})", lines)
               : fmt::format("log_lost  Log lines could not be written.  lines={}", lines);
}

class sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    sink(int descriptor, log_format format)
        : spdlog::sinks::base_sink<std::mutex>(
              std::make_unique<spdlog::pattern_formatter>(pattern_of(format), spdlog::pattern_time_type::utc, "\n")),
          out_{descriptor},
          format_{format} {}

    std::uint64_t lost() const { return out_.lost(); }

private:
    void sink_it_(spdlog::details::log_msg const& message) override {
        if (auto const lines = out_.untold(); lines > 0) {
            auto const text = loss_text(format_, lines);
            spdlog::details::log_msg const notice{message.time, {}, message.logger_name, spdlog::level::warn, text};
            if (out_.try_write(formatted(notice))) out_.tell(lines);
        }
        out_.write(formatted(message));
    }
    void flush_() override {}

    std::string formatted(spdlog::details::log_msg const& message) {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        return {line.data(), line.size()};
    }

    line_sink out_;
    log_format format_;
};

}  // namespace

std::optional<log_level> log_level_named(std::string_view name) {
    if (name == "debug") return log_level::debug;
    if (name == "info") return log_level::info;
    if (name == "warn") return log_level::warn;
    if (name == "error") return log_level::error;
    return std::nullopt;
}

std::optional<log_format> log_format_named(std::string_view name) {
    if (name == "text") return log_format::text;
    if (name == "json") return log_format::json;
    return std::nullopt;
}

struct log::parts {
    explicit parts(log_options const& options)
        : format{options.format},
          time{options.time != nullptr ? *options.time : system_clock()},
          out{std::make_shared<sink>(options.descriptor, options.format)},
          logger{"traitsync", out} {
        logger.set_level(spdlog_level(options.level));
        // The library's own handler prints to standard error with stdio, which may be what just failed.
        logger.set_error_handler([](std::string const&) {});
    }

    // Secrets are replaced before escaping and cutting, so that neither leaves a part of one.
    std::string shown(std::string_view text) {
        std::string out_text{text};
        {
            std::lock_guard const guard{secrets_lock};
            for (auto const& hidden : secrets) replace_all(out_text, hidden);
        }
        if (out_text.size() > longest_value) {
            out_text.resize(text_start(out_text, longest_value).size());
            out_text += "…";
        }
        return out_text;
    }

    static void replace_all(std::string& text, std::string const& hidden) {
        for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + 3)) {
            text.replace(at, hidden.size(), "***");
        }
    }

    std::string number(field const& f) const {
        return std::visit(
            [](auto const& v) -> std::string {
                using value = std::decay_t<decltype(v)>;
                if constexpr (std::is_same_v<value, std::string_view>) {
                    return {};
                } else if constexpr (std::is_same_v<value, double>) {
                    return std::isfinite(v) ? fmt::format("{}", v) : std::string{"null"};
                } else {
                    return fmt::format("{}", v);
                }
            },
            f.value);
    }

    void append_text_field(std::string& line, field const& f) {
        append_plain(line, shown(f.key));
        line += '=';
        auto const* text = std::get_if<std::string_view>(&f.value);
        auto const value = shown(text != nullptr ? *text : number(f));
        std::string escaped;
        append_plain(escaped, value);
        bool const bare = !value.empty() && escaped == value && value.find_first_of(" =\"") == std::string::npos;
        if (bare) {
            line += value;
        } else {
            append_in_quotes(line, value);
        }
    }

    void append_json_field(std::string& line, field const& f) {
        auto key = shown(f.key);
        if (key == "ts" || key == "level" || key == "event" || key == "message") key += '_';
        line += ',';
        append_json(line, key);
        line += ':';
        auto const* text = std::get_if<std::string_view>(&f.value);
        auto const plain_value = text != nullptr ? std::string{} : number(f);
        auto const value = shown(text != nullptr ? *text : plain_value);
        if (text == nullptr && value == plain_value) {
            line += value;
        } else {
            append_json(line, value);
        }
    }

    std::string line_of(std::string_view event, std::string_view message, std::initializer_list<field> fields) {
        std::string line;
        if (format == log_format::json) {
            line += "\"event\":";
            append_json(line, shown(event));
            line += ",\"message\":";
            append_json(line, shown(message));
            for (auto const& f : fields) append_json_field(line, f);
            return line;
        }
        append_plain(line, shown(event));
        line += "  ";
        append_plain(line, shown(message));
        auto const* gap = "  ";
        for (auto const& f : fields) {
            line += gap;
            append_text_field(line, f);
            gap = " ";
        }
        return line;
    }

    log_format format;
    clock const& time;
    std::shared_ptr<sink> out;
    spdlog::logger logger;
    std::mutex secrets_lock;
    std::vector<std::string> secrets;  // longest first, so that one inside another leaves nothing
};

log::log(log_options options) : parts_{std::make_unique<parts>(options)} {}
log::~log() = default;

void log::write(log_level level, std::string_view event, std::string_view message,
                std::initializer_list<field> fields) {
    auto const at = spdlog_level(level);
    if (!parts_->logger.should_log(at)) return;
    auto const line = parts_->line_of(event, message, fields);
    parts_->logger.log(spdlog_time(parts_->time.wall()), spdlog::source_loc{}, at,
                       spdlog::string_view_t{line.data(), line.size()});
}

void log::debug(std::string_view event, std::string_view message, std::initializer_list<field> fields) {
    write(log_level::debug, event, message, fields);
}
void log::info(std::string_view event, std::string_view message, std::initializer_list<field> fields) {
    write(log_level::info, event, message, fields);
}
void log::warn(std::string_view event, std::string_view message, std::initializer_list<field> fields) {
    write(log_level::warn, event, message, fields);
}
void log::error(std::string_view event, std::string_view message, std::initializer_list<field> fields) {
    write(log_level::error, event, message, fields);
}

void log::set_level(log_level level) { parts_->logger.set_level(spdlog_level(level)); }
bool log::logs(log_level level) const { return parts_->logger.should_log(spdlog_level(level)); }
std::uint64_t log::lost() const { return parts_->out->lost(); }

void log::hide(std::string_view text) {
    if (text.size() < shortest_secret) return;
    std::lock_guard const guard{parts_->secrets_lock};
    auto& all = parts_->secrets;
    if (std::find(all.begin(), all.end(), text) != all.end()) return;
    all.emplace_back(text);
    std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.size() > b.size(); });
}

}  // namespace traitsync::ops
