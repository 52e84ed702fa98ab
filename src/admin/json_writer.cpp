#include "json_writer.hpp"

#include <fmt/core.h>

#include "traitsync/core/json.hpp"

namespace traitsync::admin {

void json_writer::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

json_writer& json_writer::open(char c) {
    separate();
    out_ += c;
    first_ = true;
    return *this;
}

json_writer& json_writer::close(char c) {
    out_ += c;
    first_ = false;
    return *this;
}

json_writer& json_writer::key(std::string_view name) {
    separate();
    json::append_quoted(out_, name);
    out_ += ':';
    first_ = true;  // the value needs no comma
    return *this;
}

json_writer& json_writer::text(std::string_view v) {
    separate();
    json::append_quoted(out_, v);
    return *this;
}

json_writer& json_writer::decimal(double v) { return raw(fmt::format("{:.2f}", v)); }

json_writer& json_writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace traitsync::admin
