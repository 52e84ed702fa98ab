#pragma once
// Writes JSON text member by member. Values that are JSON already (a trait's text, a stored document) go in
// as they are, so that a number keeps its digits. Private to admin/.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/core/clock.hpp"

namespace traitsync::admin {

class json_writer {
public:
    json_writer& begin_object() { return open('{'); }
    json_writer& end_object() { return close('}'); }
    json_writer& begin_array() { return open('['); }
    json_writer& end_array() { return close(']'); }

    json_writer& key(std::string_view name);

    json_writer& text(std::string_view v);
    json_writer& maybe_text(std::optional<std::string> const& v) { return v ? text(*v) : null(); }
    json_writer& text_or_null(std::string_view v) { return v.empty() ? null() : text(v); }
    json_writer& number(std::int64_t v) { return raw(std::to_string(v)); }
    json_writer& decimal(double v);  // two digits behind the point
    json_writer& boolean(bool v) { return raw(v ? "true" : "false"); }
    json_writer& null() { return raw("null"); }
    json_writer& time(std::int64_t millis) { return text(to_rfc3339(from_millis(millis))); }
    json_writer& time_or_null(std::int64_t millis) { return millis == 0 ? null() : time(millis); }
    json_writer& time(std::optional<std::int64_t> v) { return v ? time(*v) : null(); }
    json_writer& time(std::optional<wall_time> const& v) { return v ? time(to_millis(*v)) : null(); }
    json_writer& raw(std::string_view json);

    std::size_t size() const { return out_.size(); }
    std::string take() { return std::move(out_); }

private:
    json_writer& open(char c);
    json_writer& close(char c);
    void separate();

    std::string out_;
    bool first_ = true;  // nothing stands before in this object or array
};

}  // namespace traitsync::admin
